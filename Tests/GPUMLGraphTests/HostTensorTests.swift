import GPUMLGraph
import Testing

@Suite("Host tensors")
struct HostTensorTests {
  @Test(
    "values that do not fill the shape, negative sizes and overflows are errors",
    arguments: [
      [2], [4], [-1], [-1, -3], [0], [.max, 2], [1 << 62, 4, 0], [0, -1],
    ])
  func shapes(shape: [Int]) {
    #expect(throws: GraphError.self) { try HostTensor([1, 2, 3] as [Float], shape: shape) }
    #expect(throws: GraphError.self) {
      try HostTensor([Float](repeating: 0, count: 3), shape: shape)
    }
  }

  @Test(
    "products of sizes",
    arguments: [
      ([], 1), ([0], 0), ([2, 0, 3], 0), ([2, 3], 6), ([-1], nil), ([0, -1], nil),
      ([.max, 2], nil), ([1 << 62, 4, 0], nil),
    ] as [([Int], Int?)])
  func counts(shape: [Int], count: Int?) { #expect(HostTensor.elementCount(of: shape) == count) }

  @Test("a type's values come back only as that type", arguments: DType.allCases)
  func dtypes(dtype: DType) throws {
    let tensor = HostTensor(doubles: [0, 1], shape: [2], dtype: dtype)
    #expect(tensor.dtype == dtype)
    #expect(tensor.doubles == [0, 1])
    let floats = try? tensor.values(as: Float.self)
    #expect((floats != nil) == (dtype == .float32))
    #expect(dtype.byteCount > 0 && !(dtype.isFloating && dtype.isInteger))
  }

  @Test("floats become integers by truncating and clamping, NaN becomes 0")
  func floatToInteger() throws {
    let x = HostTensor([1.9, -1.9, 1e20, -1e20, .nan, .infinity] as [Float])
    #expect(try x.converted(to: .int8).values() == [1, -1, 127, -128, 0, 127] as [Int8])
    #expect(try x.converted(to: .uint8).values() == [1, 0, 255, 0, 0, 255] as [UInt8])
    #expect(
      try x.converted(to: .int32).values() == [1, -1, .max, .min, 0, .max] as [Int32])
    #expect(try x.converted(to: .uint32).values() == [1, 0, .max, 0, 0, .max] as [UInt32])
    #expect(
      try x.converted(to: .int64).values() == [1, -1, .max, .min, 0, .max] as [Int64])
    #expect(
      try x.converted(to: .bool).values() == [true, true, true, true, true, true] as [Bool])
  }

  @Test("64-bit integers clamp without passing through floats")
  func int64() throws {
    let x = HostTensor([.max, .min, 5] as [Int64])
    #expect(try x.converted(to: .int32).values() == [.max, .min, 5] as [Int32])
    #expect(x.converted(to: .int64) == x)
    #expect(try x.converted(to: .bool).values() == [true, true, true] as [Bool])
  }

  @Test("float16 rounds to nearest even and overflows to infinity")
  func float16() throws {
    let x = HostTensor([2049, 2051, 65519, 65520, 1e-8] as [Float])
    #expect(
      try x.converted(to: .float16).values() == [2048, 2052, 65504, .infinity, 0] as [Float16])
  }

  @Test(
    "bfloat16 rounds to nearest even, keeps NaN and overflows to infinity",
    arguments: [
      (0x3F80_0000, 0x3F80), (0x3F80_8000, 0x3F80), (0x3F81_8000, 0x3F82), (0x3F80_8001, 0x3F81),
      (0x3F80_7FFF, 0x3F80), (0x7F7F_FFFF, 0x7F80), (0xFF80_0000, 0xFF80), (0x8000_0000, 0x8000),
      (0x0000_8001, 0x0001), (0x7F80_0001, 0x7FC0), (0xFFC0_0001, 0xFFC0), (0x7FFF_FFFF, 0x7FFF),
    ] as [(UInt32, UInt16)])
  func bfloat16(bits: UInt32, expected: UInt16) {
    #expect(BFloat16(Float(bitPattern: bits)).bitPattern == expected)
  }

  @Test("every bfloat16 survives the way through float")
  func bfloat16RoundTrip() {
    for bits in UInt16.min...UInt16.max {
      let value = BFloat16(bitPattern: bits)
      let back = BFloat16(Float(value))
      #expect(back == value || (Float(value).isNaN && Float(back).isNaN))
    }
  }
}
