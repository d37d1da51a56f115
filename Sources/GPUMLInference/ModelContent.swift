#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import GPUMLData
import GPUMLFormats
import GPUMLGraph
import GPUMLRuntime

/// A model's file taken apart, its parts checked against each other before a device is touched.
package struct ModelContent: Sendable {
  /// Takes `x`; gives `logits` and `probabilities`, or `prediction`.
  package let graph: Graph
  package let variables: [NamedVariable]
  /// The value of each of `variables`.
  package let values: [HostTensor]
  package let preprocessing: Preprocessing
  package let task: ModelFile.Task
  /// The classes' names; empty if numbers are predicted.
  package let classNames: [String]
  /// The name of the graph's input.
  let inputName: String
  /// The number of outputs of one example.
  package let outputWidth: Int

  /// What errors call the model.
  let name: String

  /// The most outputs of one example: a file could else ask for names of billions of classes.
  private static let mostOutputs = 1 << 20

  static let probabilities = "probabilities"
  static let logits = "logits"
  static let prediction = "prediction"

  /// - Parameter name: The file, for errors.
  package init(_ file: ModelFile, name: String) throws {
    func invalid(_ reason: String) -> InferenceError { .invalidModel(file: name, reason: reason) }
    self.name = name
    do {
      (graph, variables) = try Graph.decodeJSON(file.graph)
    } catch let error as GraphError {
      throw invalid("\(error)")
    }
    values = try variables.map { named in
      guard let value = file.weight(named: named.name) else {
        throw invalid("no weights for '\(named.name)'")
      }
      guard value.shape == named.variable.shape, value.dtype == named.variable.dtype else {
        throw invalid(
          "the weights '\(named.name)' are \(value.dtype) \(value.shape), its graph wants "
            + "\(named.variable.dtype) \(named.variable.shape)")
      }
      return value
    }
    guard let input = graph.inputs.first, graph.inputs.count == 1,
      input.type.dtype == .float32, let batch = input.type.shape.first,
      let symbol = batch.plainSymbol
    else { throw invalid("its graph does not take one float32 input with a batch axis") }
    if let free = graph.symbols.subtracting([symbol]).min() {
      throw invalid("its graph has a size '\(free)' that its input does not tell")
    }
    if let node = graph.nodes.first(where: {
      $0.primitive is any UpdatePrimitive || $0.primitive is any RandomPrimitive
    }) {
      throw invalid("its graph has the primitive '\(node.primitive.name)', which is for training")
    }
    let featureShape = input.type.shape.dropFirst().compactMap(\.constant)
    guard featureShape.count == input.type.shape.count - 1 else {
      throw invalid("its graph's input has a size that is not fixed")
    }
    inputName = input.label
    preprocessing = try ModelContent.preprocessing(file, featureShape: featureShape, name: name)
    task = file.task
    let wanted =
      file.task == .classify ? ModelContent.probabilities : ModelContent.prediction
    guard let output = graph.outputs.first(where: { $0.name == wanted })?.tensor,
      output.dtype == .float32, output.shape.first == batch
    else { throw invalid("its graph has no float32 output '\(wanted)' with a batch axis") }
    let sizes = output.shape.dropFirst().compactMap(\.constant)
    guard sizes.count == output.rank - 1, let width = HostTensor.elementCount(of: sizes),
      width >= 1
    else { throw invalid("its graph's output '\(wanted)' has a size that is not fixed") }
    guard width <= ModelContent.mostOutputs else {
      throw invalid(
        "its graph's output '\(wanted)' has \(width) values an example, above "
          + "\(ModelContent.mostOutputs)")
    }
    outputWidth = width
    classNames =
      file.task == .classify ? file.labels ?? (0..<width).map(String.init) : []
    guard file.task == .regress || classNames.count == width else {
      throw invalid("it names \(classNames.count) classes, its graph gives \(width)")
    }
  }

  /// Does work with the graph; where it cannot be planned, the file is at fault.
  func checkingGraph<Value>(_ work: () async throws -> Value) async throws -> Value {
    do {
      return try await work()
    } catch let error as GraphError {
      throw InferenceError.invalidModel(file: name, reason: "\(error)")
    } catch let error as RuntimeError {
      switch error {
      case .unsupported, .invalidVariable:
        throw InferenceError.invalidModel(file: name, reason: "\(error)")
      default: throw error
      }
    }
  }

  private static func preprocessing(
    _ file: ModelFile, featureShape: [Int], name: String
  ) throws -> Preprocessing {
    func invalid(_ reason: String) -> InferenceError { .invalidModel(file: name, reason: reason) }
    do {
      guard let text = file.preprocessing else {
        return try Preprocessing(featureShape: featureShape)
      }
      let saved = try JSONDecoder().decode(Preprocessing.self, from: Data(text.utf8))
      guard saved.inputShape == featureShape else {
        throw invalid(
          "its preprocessing gives \(saved.inputShape), its graph takes \(featureShape)")
      }
      return saved
    } catch let error as DataError {
      throw invalid("preprocessing: \(error)")
    } catch is DecodingError {
      throw invalid("its preprocessing cannot be read")
    }
  }
}
