import Foundation
import GPUML
import Testing

@testable import GPUMLInference

@Suite("Models of earlier versions")
struct GoldenModelTests {
  /// Trained by the first version on a table with numbers, texts, bools and missing values.
  private static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Golden/table-v1.safetensors").path

  @Test("a model of the first version predicts what it did then")
  func firstVersion() async throws {
    let model = try await Model.load(GoldenModelTests.path)
    #expect(model.classNames == ["high", "low"] && model.featureShape == [3])
    let rows = """
      {"colour": "red", "width": -3, "flag": true, "extra": 1}
      {"colour": "dark, blue", "width": 2.5, "flag": false}
      {"colour": "violet", "flag": true}
      {"width": 0.25, "flag": false}
      """
    let file = NSTemporaryDirectory() + "gpuml-golden-\(UUID().uuidString).jsonl"
    try rows.write(toFile: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: file) }
    var notes: [DataNote] = []
    let data = try Dataset.load(file, for: model.preprocessing, classes: model.classNames) {
      notes.append($0)
    }
    #expect(notes.count == 2)
    let predictions = try await model.predict(data)
    #expect(predictions.labels == ["low", "high", "low", "low"])
    // What the first version wrote; kernels of other devices round otherwise.
    let expected: [Float] = [0.00022876654, 0.9999937, 0.033639137, 0.49378088]
    for (row, probability) in expected.enumerated() {
      #expect(abs(predictions[row].outputs[0] - probability) < 1e-5)
    }
  }
}
