import GPUML
import Testing

@testable import GPUMLInference

@Suite("Hostile models")
struct HostileModelTests {
  /// A part of a model's file that is damaged.
  enum Damage: String, CaseIterable, Sendable {
    case noWeights, otherShape, otherDType, noLabels, foreignTask, otherPreprocessing
    case brokenPreprocessing, emptyGraph, brokenGraph, newerGraph
  }

  @Test("parts that contradict each other are told in one line", arguments: Damage.allCases)
  func contradictions(damage: Damage) async throws {
    var file = try await TrainedDigits.shared.value.file
    switch damage {
    case .noWeights: file.weights.removeLast()
    case .otherShape:
      let name = file.weights[0].name
      file.weights[0] = .init(name: name, tensor: HostTensor([Float(1)]))
    case .otherDType:
      let weight = file.weights[0]
      file.weights[0] = .init(name: weight.name, tensor: weight.tensor.converted(to: .float16))
    case .noLabels: file.labels = ["a", "b"]
    case .foreignTask: file.task = .regress
    case .otherPreprocessing:
      file.preprocessing =
        #"{"featureShape":[63],"center":[0],"scale":[1],"fill":[]}"#
    case .brokenPreprocessing: file.preprocessing = #"{"featureShape":"x"}"#
    case .emptyGraph: file.graph = #"{"version":1,"nodes":[],"outputs":[]}"#
    case .brokenGraph: file.graph = "{}"
    case .newerGraph: file.graph = #"{"version":99}"#
    }
    let broken = file
    let error = #expect(throws: InferenceError.self) { try ModelContent(broken, name: "m") }
    let text = "\(try #require(error))"
    #expect(text.hasPrefix("m: ") && !text.contains("\n"))
  }

  @Test("the undamaged file is accepted")
  func control() async throws {
    let file = try await TrainedDigits.shared.value.file
    let content = try ModelContent(file, name: "m")
    #expect(content.classNames.count == 10 && content.outputWidth == 10)
  }
}
