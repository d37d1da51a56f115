import GPUMLGraph
import GPUMLNN
import Testing

@Suite struct ModelPresetTests {
  @Test(
    "a preset builds its layers",
    arguments: [
      ("linear", [64], ["Linear"]),
      ("mlp", [64], ["Linear", "ReLU", "Linear", "ReLU", "Linear"]),
      ("mlp:7", [64], ["Linear", "ReLU", "Linear"]),
      ("mlp:5,6", [8, 8], ["Flatten", "Linear", "ReLU", "Linear", "ReLU", "Linear"]),
      ("linear", [], ["Flatten", "Linear"]),
    ])
  func layers(text: String, featureShape: [Int], kinds: [String]) throws {
    let model = try ModelPreset(parsing: text).build(featureShape: featureShape, outputs: 10)
    #expect(model.layers.map(\.kind) == kinds)
    let x = try Tensor.input("x", shape: [.symbol("batch")] + [Dim](featureShape))
    #expect(try model(x, in: ForwardContext(.inference)).shape == [.symbol("batch"), 10])
  }

  @Test(
    "an error is one short line, whatever the text holds", arguments: ["#", "mlp:#", "linear:#"])
  func oneLine(template: String) throws {
    let text = template.replacing("#", with: "\n\u{1B}" + String(repeating: "x", count: 5000))
    let error = #expect(throws: NNError.self) { try ModelPreset(parsing: text) }
    let message = "\(try #require(error))"
    #expect(message.count < 300 && !message.unicodeScalars.contains { $0.value < 32 })
  }

  @Test("the description reads back", arguments: ["linear", "mlp:512,256", "mlp:1"])
  func description(text: String) throws {
    #expect(try ModelPreset(parsing: text).description == text)
    #expect(ModelPreset.mlp.description == "mlp:128,64")
  }

  @Test(
    "a size that cannot be is one clear line",
    arguments: [
      "mlp:0", "mlp:-3", "mlp:", "mlp:12,", "mlp:1.5", "mlp:99999999999999999999", "mlp:4294967296",
      "mlp:abc", "linear:3", "mlp:1:2",
    ])
  func invalidSizes(text: String) throws {
    let error = #expect(throws: NNError.self) { try ModelPreset(parsing: text) }
    let line = String(describing: try #require(error))
    #expect(line.hasPrefix("model '\(text)': ") && !line.contains("\n"))
  }

  @Test("a layer that is too large is refused when it is built")
  func tooLarge() throws {
    let preset = try ModelPreset(parsing: "mlp:2000000000,2000000000")
    #expect(throws: NNError.self) { try preset.build(featureShape: [4], outputs: 2) }
    #expect(throws: NNError.self) { try ModelPreset.mlp.build(featureShape: [0], outputs: 2) }
    #expect(throws: NNError.self) { try ModelPreset.mlp.build(featureShape: [4], outputs: 0) }
    #expect(throws: NNError.self) {
      try ModelPreset.mlp.build(featureShape: [.max, 3], outputs: 1)
    }
  }

  @Test(
    "an unknown preset suggests the nearest",
    arguments: [
      ("mpl", "mlp"), ("MLP", "mlp"), ("liner:3", "linear"), ("lin", "linear"),
    ])
  func suggestion(text: String, nearest: String) throws {
    let error = #expect(throws: NNError.self) { try ModelPreset(parsing: text) }
    #expect(String(describing: try #require(error)).contains("did you mean '\(nearest)'?"))
  }

  @Test(
    "a name like no preset lists what there is", arguments: ["", "transformer", "密", "resnet20"])
  func unknown(text: String) throws {
    let error = #expect(throws: NNError.self) { try ModelPreset(parsing: text) }
    #expect(String(describing: try #require(error)).contains("known: linear, mlp"))
  }

  @Test(
    "edit distance counts insertions, deletions and replacements",
    arguments: [("", "abc", 3), ("kitten", "sitting", 3), ("abc", "abc", 0), ("abc", "", 3)])
  func distance(left: String, right: String, expected: Int) {
    #expect(NearestName.distance(left, right) == expected)
  }
}
