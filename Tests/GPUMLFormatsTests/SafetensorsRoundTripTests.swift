import Foundation
import GPUMLGraph
import Testing

@testable import GPUMLFormats

/// One tensor of each type, an empty one and a scalar.
func sampleTensors() throws -> [(name: String, tensor: HostTensor)] {
  [
    ("scalar", HostTensor(scalar: Float(3.5))),
    ("empty", try HostTensor([Float](), shape: [2, 0, 3])),
    (
      "f32",
      try HostTensor(
        [1, -0.0, .infinity, .pi, .leastNonzeroMagnitude, -2] as [Float], shape: [2, 3])
    ),
    ("f16", try HostTensor([1, -0.0, 65504, .infinity] as [Float16], shape: [4])),
    ("bf16", try HostTensor([1, -2.5, 3e38].map { BFloat16(Float($0)) }, shape: [3, 1])),
    ("i8", HostTensor([-128, 127, 0] as [Int8])), ("u8", HostTensor([0, 255, 7] as [UInt8])),
    ("i32", HostTensor([.min, .max] as [Int32])), ("u32", HostTensor([0, .max] as [UInt32])),
    ("i64", HostTensor([.min, .max] as [Int64])), ("bool", HostTensor([true, false, true])),
    ("é \"quoted\"\n\u{1}", HostTensor([1] as [UInt8])),
  ]
}

@Suite struct SafetensorsRoundTripTests {
  @Test("every type, an empty tensor and a scalar come back as they went")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a")
    let tensors = try sampleTensors()
    try SafetensorsFile.write(
      tensors: tensors, metadata: [("b", "\"\n😀"), ("a", "")], to: path)
    let file = try SafetensorsFile(path: path)
    #expect(file.metadata == ["a": "", "b": "\"\n😀"])
    #expect(file.entries.count == tensors.count)
    for (name, tensor) in tensors {
      #expect(try file.tensor(named: name) == tensor)
      #expect(file.entry(named: name)?.shape == tensor.shape)
    }
    #expect(throws: FormatError.noSuchTensor(file: path, name: "no")) {
      try file.tensor(named: "no")
    }
    #expect(try folder.names() == ["a"])
  }

  @Test("NaN keeps its bits")
  func notANumber() throws {
    let path = try TemporaryFolder()
    let bits: UInt32 = 0x7FC0_1234
    try SafetensorsFile.write(
      tensors: [("a", HostTensor(scalar: Float(bitPattern: bits)))], to: path.file("a"))
    let tensor = try SafetensorsFile(path: path.file("a")).tensor(named: "a")
    #expect(try tensor.values(as: Float.self).map(\.bitPattern) == [bits])
  }

  @Test("the order of tensors and metadata does not change the bytes")
  func deterministic() throws {
    let folder = try TemporaryFolder()
    let tensors = try sampleTensors()
    let metadata = [("b", "1"), ("a", "2"), ("c", "3")].map { (key: $0, value: $1) }
    try SafetensorsFile.write(tensors: tensors, metadata: metadata, to: folder.file("a"))
    try SafetensorsFile.write(
      tensors: tensors.reversed(), metadata: metadata.reversed(), to: folder.file("b"))
    #expect(try contents(of: folder.file("a")) == contents(of: folder.file("b")))
  }

  @Test("the bytes are those of the specification")
  func golden() throws {
    let folder = try TemporaryFolder()
    try SafetensorsFile.write(
      tensors: [
        ("b", HostTensor([1] as [UInt8])), ("c", HostTensor([1.0, -2] as [Float])),
        ("a", HostTensor([true])),
      ], metadata: [("k", "v")], to: folder.file("a"))
    let header =
      #"{"__metadata__":{"k":"v"},"c":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"#
      + #""a":{"dtype":"BOOL","shape":[1],"data_offsets":[8,9]},"#
      + #""b":{"dtype":"U8","shape":[1],"data_offsets":[9,10]}}"#
    let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    let expected =
      [UInt8(padded.utf8.count), 0, 0, 0, 0, 0, 0, 0] + Array(padded.utf8)
      + [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0, 1, 1]
    #expect(try contents(of: folder.file("a")) == expected)
  }

  @Test("types without a tensor of their own are converted or refused")
  func conversions() throws {
    let folder = try TemporaryFolder()
    func load(_ dtype: String, _ data: [UInt8], count: Int) throws -> HostTensor {
      let entry = HostileFile.entry(dtype, "[\(count)]", "[0,\(data.count)]")
      let bytes = HostileFile.file(Array("{\"a\":\(entry)}".utf8)) + data
      return try SafetensorsFile(path: folder.write(bytes)).tensor(named: "a")
    }
    func bytes(_ value: Double) -> [UInt8] {
      (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> ($0 * 8)) }
    }
    #expect(try load("I16", [0xFE, 0xFF, 0, 1], count: 2) == HostTensor([-2, 256] as [Int32]))
    #expect(try load("U16", [0xFE, 0xFF], count: 1) == HostTensor([65534] as [Int32]))
    #expect(
      try load("F64", bytes(0.1) + bytes(.infinity), count: 2)
        == HostTensor([0.1, .infinity] as [Float]))
    #expect(throws: FormatError.self) { try load("F64", bytes(1e300), count: 1) }
    #expect(throws: FormatError.self) { try load("BOOL", [2], count: 1) }
    for dtype in SafetensorsDType.allCases where [4, 6].contains(dtype.bitCount) {
      #expect(throws: FormatError.self) {
        try load(dtype.rawValue, [UInt8](repeating: 0, count: dtype.bitCount), count: 8)
      }
    }
    let error = #expect(throws: FormatError.self) {
      try load("U64", [UInt8](repeating: 0, count: 8), count: 1)
    }
    #expect(error?.description.hasSuffix("tensor 'a' is U64, which cannot be read") == true)
  }

  @Test("what cannot be written is refused and leaves no file")
  func unwritable() throws {
    let folder = try TemporaryFolder()
    let scalar = HostTensor(scalar: Float(1))
    let deep = try HostTensor([1] as [Float], shape: [Int](repeating: 1, count: 33))
    let torn = HostTensor(shape: [3], storage: .float32([1, 2]))
    for tensors in [
      [("a", scalar), ("a", scalar)], [("__metadata__", scalar)], [("a", deep)], [("a", torn)],
    ] as [[(name: String, tensor: HostTensor)]] {
      let error = #expect(throws: FormatError.self) {
        try SafetensorsFile.write(tensors: tensors, to: folder.file("a"))
      }
      guard case .invalidValue = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
    #expect(throws: FormatError.self) {
      try SafetensorsFile.write(
        tensors: [], metadata: [("a", "1"), ("a", "2")], to: folder.file("a"))
    }
    let error = #expect(throws: FormatError.self) {
      try SafetensorsFile.write(tensors: [], to: folder.file("no/a"))
    }
    #expect(error?.exitCode == 73)
    #expect(try folder.names() == [])
  }

  static let python = ProcessInfo.processInfo.environment["GPUML_PYTHON"]

  @Test("Python's safetensors reads what is written", .enabled(if: python != nil))
  func interoperates() throws {
    let folder = try TemporaryFolder()
    try SafetensorsFile.write(
      tensors: sampleTensors(), metadata: [("k", "v\n")], to: folder.file("a"))
    let script = """
      import sys, torch
      from safetensors import safe_open
      from safetensors.torch import save_file
      with safe_open(sys.argv[1], "pt") as f:
          tensors = {k: f.get_tensor(k) for k in f.keys()}
          assert f.metadata() == {"k": "v\\n"}, f.metadata()
      assert len(tensors) == 12 and tensors["scalar"].item() == 3.5
      assert tensors["empty"].shape == (2, 0, 3) and tensors["bool"].tolist() == [True, False, True]
      assert tensors["bf16"].dtype == torch.bfloat16 and tensors["i64"][0].item() == -2**63
      save_file(tensors, sys.argv[2], {"from": "python"})
      """
    let process = Process()
    process.executableURL = URL(filePath: try #require(Self.python))
    process.arguments = ["-c", script, folder.file("a"), folder.file("b")]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    let file = try SafetensorsFile(path: folder.file("b"))
    #expect(file.metadata == ["from": "python"])
    for (name, tensor) in try sampleTensors() { #expect(try file.tensor(named: name) == tensor) }
  }
}
