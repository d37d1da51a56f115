import GPUMLGraph
import Testing

@testable import GPUMLData

@Suite("NPY")
struct NPYTests {
  private func bytes(_ header: String, _ data: [UInt8], version: UInt8 = 1) -> [UInt8] {
    let text = Array(header.utf8)
    let length = (0..<(version == 1 ? 2 : 4)).map {
      UInt8(truncatingIfNeeded: text.count >> (8 * $0))
    }
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + text + data
  }

  private func header(_ type: String, _ shape: String, fortran: Bool = false) -> String {
    "{'descr': '\(type)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }\n"
  }

  private func reason(_ bytes: [UInt8]) -> String {
    let error = #expect(throws: DataError.self) { try NPYFile.parse(bytes, file: "f") }
    return error?.description ?? "no error"
  }

  @Test("what is written is read back", arguments: [[3], [], [2, 0], [2, 3, 1]])
  func roundTrip(shape: [Int]) throws {
    let count = shape.reduce(1, *)
    let numbers = (0..<count).map { Float($0) - 1.5 }
    let tensors = [
      try HostTensor(numbers, shape: shape),
      try HostTensor(numbers.map { Float16($0) }, shape: shape),
      try HostTensor(numbers.map { Int8($0) }, shape: shape),
      try HostTensor(numbers.map { UInt8(abs($0)) }, shape: shape),
      try HostTensor(numbers.map { Int32($0) }, shape: shape),
      try HostTensor(numbers.map { UInt32(abs($0)) }, shape: shape),
      try HostTensor(numbers.map { Int64($0) }, shape: shape),
      try HostTensor(numbers.map { $0 > 0 }, shape: shape),
    ]
    for tensor in tensors {
      let encoded = try NPYFile.encode(tensor)
      #expect(try NPYFile.parse(encoded, file: "f") == tensor)
      #expect((encoded.count - tensor.count * tensor.dtype.byteCount) % 64 == 0)
    }
    let half = try HostTensor([BFloat16](), shape: [0])
    #expect(throws: DataError.self) { try NPYFile.encode(half) }
  }

  @Test("the bytes written are numpy's own")
  func golden() throws {
    let encoded = try NPYFile.encode(try HostTensor([Float(1), 2], shape: [2]))
    let expected = header("<f4", "(2,)").dropLast()
    let spaces = String(repeating: " ", count: 118 - expected.utf8.count - 1)
    #expect(
      encoded == [0x93] + Array("NUMPY\u{1}\0v\0".utf8) + Array((expected + spaces + "\n").utf8)
        + [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40])
  }

  @Test("all versions, both byte orders and other types are read")
  func variants() throws {
    func read(_ type: String, _ data: [UInt8], version: UInt8 = 1) throws -> HostTensor.Storage {
      try NPYFile.parse(bytes(header(type, "(1,)"), data, version: version), file: "f").storage
    }
    #expect(try read(">f4", [0x3F, 0x80, 0, 0]) == .float32([1]))
    #expect(try read("<f4", [0, 0, 0x80, 0x3F], version: 2) == .float32([1]))
    #expect(try read("<f8", [0, 0, 0, 0, 0, 0, 0xF0, 0x3F], version: 3) == .float32([1]))
    #expect(try read(">i8", [0, 0, 0, 0, 0, 0, 1, 0]) == .int64([256]))
    #expect(try read("<i2", [0xFF, 0xFF]) == .int32([-1]))
    #expect(try read("<u2", [0xFF, 0xFF]) == .int32([65_535]))
    #expect(try read("|b1", [7]) == .bool([true]))
    #expect(try read("=u4", [1, 0, 0, 0]) == .uint32([1]))
  }

  @Test("Fortran order is put in rows")
  func fortran() throws {
    // The elements of [[0, 1, 2], [3, 4, 5]], column by column.
    let data = bytes(header("|u1", "(2, 3)", fortran: true), [0, 3, 1, 4, 2, 5])
    #expect(try NPYFile.parse(data, file: "f").storage == .uint8([0, 1, 2, 3, 4, 5]))
    let cube = (0..<24).map { UInt8($0) }
    let stored = (0..<4).flatMap { k in
      (0..<3).flatMap { j in (0..<2).map { i in cube[i * 12 + j * 4 + k] } }
    }
    let read = try NPYFile.parse(
      bytes(header("|u1", "(2,3,4)", fortran: true), stored), file: "f")
    #expect(read.storage == .uint8(cube))
  }

  @Test("every truncation and every extra byte is refused")
  func truncation() throws {
    let whole = try NPYFile.encode(try HostTensor([Float(1), 2], shape: [2]))
    for length in 0..<whole.count { _ = reason(Array(whole[..<length])) }
    #expect(reason(whole + [0]) == "f: holds 9 bytes of data where its header announces 8")
  }

  @Test(
    "bad headers are refused",
    arguments: [
      "", "{", "}", "{}", "[]", "{'descr': '<f4'}", "{'descr': '<f4', 'shape': (1,)}",
      "{'descr': '|O', 'fortran_order': False, 'shape': (1,)}",
      "{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}",
      "{'descr': '<u8', 'fortran_order': False, 'shape': (1,)}",
      "{'descr': 'f4', 'fortran_order': False, 'shape': (1,)}",
      "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}",
      "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1.0,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4, 0)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': 1}",
      "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} x",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1",
      "__import__('os')",
    ])
  func headers(text: String) {
    #expect(reason(bytes(text, [0, 0, 0, 0])).hasPrefix("f: "))
  }

  @Test("a wrong magic, an unknown version and an absurd header length are refused")
  func magic() {
    #expect(reason(Array("PK\u{3}\u{4}aaaaaaaaaaaa".utf8)) == "f: is no NPY file")
    #expect(reason(bytes(header("<f4", "()"), [0, 0, 0, 0], version: 4)).contains("version 4.0"))
    #expect(
      reason([0x93] + Array("NUMPY".utf8) + [2, 0, 255, 255, 255, 255]).contains("ends inside"))
  }
}
