import Testing

@testable import GPUMLSystem

@Suite("Bytes")
struct ByteTests {
  @Test("numbers decode in both orders, from odd offsets")
  func decode() {
    let bytes: [UInt8] = [9, 0x12, 0x34, 0x56, 0x78]
    #expect(
      ByteCoding.decode(bytes, offset: 1, count: 2, as: UInt16.self, order: .bigEndian)
        == [0x1234, 0x5678])
    #expect(
      ByteCoding.decode(bytes, offset: 1, count: 1, as: Int32.self, order: .littleEndian)
        == [0x7856_3412])
    #expect(
      ByteCoding.decode([0x3F, 0x80, 0, 0], count: 1, as: Float.self, order: .bigEndian) == [1])
  }

  @Test("numbers survive the way to bytes and back", arguments: [true, false])
  func roundTrip(isBigEndian: Bool) {
    let order: ByteOrder = isBigEndian ? .bigEndian : .littleEndian
    func check<T: ByteOrderedScalar & Equatable>(_ values: [T]) {
      let bytes = ByteCoding.encode(values, order: order)
      #expect(bytes.count == values.count * MemoryLayout<T>.size)
      #expect(ByteCoding.decode(bytes, count: values.count, as: T.self, order: order) == values)
    }
    check([Float.pi, -0.0, .infinity])
    check([Double.pi, .leastNonzeroMagnitude])
    check([Float16(1.5)])
    check([Int64.min, 7])
    check([UInt8(3), 255])
    check([Int32]())
  }

  @Test("ranges outside the bytes give nil")
  func outside() {
    let bytes: [UInt8] = [1, 2, 3, 4]
    for (offset, count) in [(0, 2), (1, 1), (5, 0), (-1, 1), (0, -1), (0, Int.max)] {
      let values = ByteCoding.decode(
        bytes, offset: offset, count: count, as: Int32.self, order: .bigEndian)
      #expect(values == nil)
    }
    #expect(ByteCoding.decode(bytes, offset: 4, count: 0, as: Int32.self, order: .bigEndian) == [])
  }

  @Test("plain text passes and the first problem is found, at every alignment")
  func textProblems() {
    let padding = Array("0123456789abcdef".utf8)
    for shift in 0..<9 {
      let start = Array(padding.prefix(shift))
      #expect(TextBytes.firstProblem(in: start + Array("aé日😀z".utf8) + padding) == nil)
      #expect(TextBytes.firstProblem(in: start + [0] + padding) == .nul(offset: shift))
      let illFormed: [[UInt8]] = [
        [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80],
        [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF],
        [0xE2, 0x28, 0xA1], [0xE2, 0x82, 0x28],
      ]
      for bad in illFormed {
        #expect(TextBytes.firstProblem(in: start + bad + padding) == .invalidUTF8(offset: shift))
        #expect(TextBytes.firstProblem(in: start + bad) == .invalidUTF8(offset: shift))
      }
      #expect(TextBytes.firstProblem(in: start + [0xE2, 0x82]) == .invalidUTF8(offset: shift))
    }
    #expect(TextBytes.lineFeeds(in: Array("a\nb\nc\n".utf8), from: 0, to: 4) == 2)
    #expect(TextBytes.lineFeeds(in: Array("a\nb\nc\n".utf8), from: 2, to: 6) == 2)
  }

  @Test("rows are gathered in the order asked for")
  func gather() {
    let bytes: [UInt8] = [0, 1, 2, 3, 4, 5]
    #expect(RowGather.copy(bytes, rows: [2, 0, 2], width: 2) == [4, 5, 0, 1, 4, 5])
    #expect(RowGather.affine(bytes, rows: [1], width: 2, center: 1, scale: 2) == [2, 4])
    #expect(
      RowGather.affine(
        [Float(1), 2, 3, 4], rows: [1, 0], width: 2, center: [1, 2], scale: [1, 0.5])
        == [2, 1, 0, 0])
    #expect(RowGather.copy([Float](), rows: [], width: 3) == [])
  }
}
