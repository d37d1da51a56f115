import GPUMLGraph
import Testing

@testable import GPUMLFormats

@Suite struct ModelFileTests {
  static func sample() throws -> ModelFile {
    ModelFile(
      graph: #"{"nodes":[1,2.5]}"#, task: .classify,
      weights: try sampleTensors().map { .init(name: $0.name, tensor: $0.tensor) },
      preprocessing: #"{"scale":0.0625}"#, labels: ["0", "a \"b\"", "é"], summary: "[1]",
      extra: ["note": "x\ny"])
  }

  @Test("a model comes back as it went, its weights sorted by name")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    var model = try Self.sample()
    try model.save(to: folder.file("m"))
    let loaded = try ModelFile.load(from: folder.file("m"))
    model.weights.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    #expect(loaded == model)
    #expect(loaded.version == 1)
    #expect(loaded.weight(named: "i8") == HostTensor([-128, 127, 0] as [Int8]))
    #expect(try SafetensorsFile(path: folder.file("m")).metadata["gpuml.version"] == "1")
  }

  @Test("parts that are not there stay away")
  func minimal() throws {
    let folder = try TemporaryFolder()
    let model = ModelFile(graph: "{}", task: .regress, weights: [])
    try model.save(to: folder.file("m"))
    #expect(try ModelFile.load(from: folder.file("m")) == model)
  }

  @Test("the same model gives the same bytes")
  func deterministic() throws {
    let folder = try TemporaryFolder()
    var model = try Self.sample()
    model.extra["other"] = ""
    try model.save(to: folder.file("a"))
    model.weights.reverse()
    try model.save(to: folder.file("b"))
    #expect(try contents(of: folder.file("a")) == contents(of: folder.file("b")))
  }

  @Test("a bit flipped in any byte is noticed, or changes nothing that is loaded")
  func flippedBits() throws {
    let folder = try TemporaryFolder()
    let model = ModelFile(
      graph: "{\"a\":1}", task: .classify,
      weights: [.init(name: "w", tensor: HostTensor([1, 2] as [Float]))], labels: ["x", "y"])
    try model.save(to: folder.file("m"))
    let bytes = try contents(of: folder.file("m"))
    var survivors = 0
    for index in bytes.indices {
      for bit in [0, 5, 7] {
        var damaged = bytes
        damaged[index] ^= 1 << bit
        let path = try folder.write(damaged)
        guard let loaded = try? ModelFile.load(from: path) else { continue }
        survivors += 1
        // Only the checksum's own name can be hit without a trace, and then the rest is whole.
        #expect(
          loaded.graph == model.graph && loaded.weights == model.weights
            && loaded.labels == model.labels && loaded.task == model.task,
          "byte \(index) bit \(bit)")
        #expect(throws: FormatError.self) { try SafetensorsFile(path: path).verifyChecksum() }
      }
    }
    #expect(survivors <= SafetensorsChecksum.key.utf8.count * 3)
    #expect(throws: Never.self) { try SafetensorsFile(path: folder.file("m")).verifyChecksum() }
  }

  static let valid = [
    "gpuml.version": "1", "gpuml.graph": "{}", "gpuml.task": "classify",
  ]

  @Test(
    "metadata that is missing or wrong is named",
    arguments: [
      ("gpuml.version", nil, "has weights but no graph"), ("gpuml.version", "2", "newer"),
      ("gpuml.version", "999999999", "newer"), ("gpuml.version", "0", "gpuml.version is '0'"),
      ("gpuml.version", "01", "gpuml.version is '01'"), ("gpuml.version", "+1", "gpuml.version"),
      ("gpuml.version", "1.0", "gpuml.version"), ("gpuml.version", "\u{1B}[2J", "'\\u{1b}[2J'"),
      ("gpuml.version", "99999999999999999999", "gpuml.version"),
      ("gpuml.graph", nil, "has no gpuml.graph"), ("gpuml.graph", "{", "gpuml.graph: "),
      ("gpuml.graph", "[]", "gpuml.graph is not a JSON object"),
      ("gpuml.graph", #"{"a":1,"a":1}"#, "duplicate key 'a'"), ("gpuml.task", nil, "missing"),
      ("gpuml.task", "Classify", "'Classify'"), ("gpuml.preprocessing", "", "gpuml.preprocessing"),
      ("gpuml.preprocessing", "1", "not a JSON object"), ("gpuml.summary", "x", "gpuml.summary"),
      ("gpuml.labels", "{}", "not an array"), ("gpuml.labels", "[]", "not an array"),
      ("gpuml.labels", "[1]", "other than strings"), ("gpuml.labels", #"["a",]"#, "gpuml.labels: "),
      ("gpuml.labels", #"["a","a"]"#, "twice"),
    ] as [(String, String?, String)])
  func wrongMetadata(key: String, value: String?, reason: String) throws {
    let folder = try TemporaryFolder()
    func load(_ metadata: [String: String]) throws -> ModelFile {
      try SafetensorsFile.write(
        tensors: [], metadata: metadata.map { ($0, $1) }, to: folder.file("m"))
      return try ModelFile.load(from: folder.file("m"))
    }
    #expect(throws: Never.self) { try load(Self.valid) }
    var metadata = Self.valid
    metadata[key] = value
    let error = #expect(throws: FormatError.self) { try load(metadata) }
    #expect(error?.exitCode == 65)
    #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
  }

  @Test("a model with a wrong part is not saved")
  func unsavable() throws {
    let folder = try TemporaryFolder()
    let changes: [@Sendable (inout ModelFile) -> Void] = [
      { $0.graph = "[" }, { $0.preprocessing = "[]" }, { $0.summary = "" }, { $0.labels = [] },
      { $0.labels = ["a", "a"] }, { $0.extra["gpuml.x"] = "" },
      { $0.weights.append($0.weights[0]) },
    ]
    for (index, change) in changes.enumerated() {
      var model = try Self.sample()
      change(&model)
      #expect(throws: FormatError.self, "change \(index)") { try model.save(to: folder.file("m")) }
    }
    #expect(try folder.names() == [])
  }
}
