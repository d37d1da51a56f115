import GPUMLGraph
import Testing

@Suite("Type promotion")
struct PromotionTests {
  static let table: [(DType, DType, DType)] = [
    (.bool, .bool, .bool), (.bool, .uint8, .uint8), (.bool, .bfloat16, .bfloat16),
    (.int8, .uint8, .int32), (.int8, .int32, .int32), (.int8, .uint32, .int64),
    (.uint8, .int32, .int32), (.uint8, .uint32, .uint32), (.uint8, .int64, .int64),
    (.int32, .uint32, .int64), (.uint32, .int64, .int64), (.int32, .int64, .int64),
    (.int64, .float16, .float16), (.uint8, .bfloat16, .bfloat16), (.int32, .float32, .float32),
    (.float16, .bfloat16, .float32), (.float16, .float32, .float32),
    (.bfloat16, .float32, .float32),
  ]

  @Test("pairs of types, in either order", arguments: table)
  func pairs(left: DType, right: DType, both: DType) {
    #expect(left.promoted(with: right) == both)
    #expect(right.promoted(with: left) == both)
  }

  @Test("the order of operands does not matter, and a promoted type absorbs its parts")
  func lattice() {
    for a in DType.allCases {
      #expect(a.promoted(with: a) == a)
      for b in DType.allCases {
        let both = a.promoted(with: b)
        #expect(both.promoted(with: a) == both)
        #expect(both == b.promoted(with: a))
        for c in DType.allCases {
          #expect(both.promoted(with: c) == a.promoted(with: b.promoted(with: c)), "\(a) \(b) \(c)")
        }
      }
    }
  }

  @Test("methods promote both operands; primitives stay strict")
  func methods() throws {
    let x = try Tensor.input("x", shape: [2], dtype: .float16)
    let k = try Tensor.input("k", shape: [2], dtype: .int32)
    let u = try Tensor.input("u", shape: [2], dtype: .uint32)
    let flag = try Tensor.input("flag", shape: [2], dtype: .bool)
    #expect(try (x + k).dtype == .float16)
    #expect(try (k * flag).dtype == .int32)
    #expect(try (k / u).dtype == .int64)
    #expect(try k.maximum(u).dtype == .int64)
    #expect(try k.power(x).dtype == .float16)
    #expect(try k.isLess(u).dtype == .bool)
    #expect(try flag.isEqual(k).dtype == .bool)
    #expect(try Tensor.where(flag, k, x).dtype == .float16)
    #expect(try flag.bitwiseOr(k).dtype == .int32)
    #expect(throws: GraphError.self) { try Add()(x, k) }
    #expect(throws: GraphError.unsupportedDType(operation: "add", dtype: .bool)) {
      try flag + flag
    }
    #expect(throws: GraphError.unsupportedDType(operation: "less", dtype: .bool)) {
      try flag.isLess(flag)
    }
    #expect(throws: GraphError.unsupportedDType(operation: "bitwise_and", dtype: .float16)) {
      try x.bitwiseAnd(k)
    }
  }

  @Test("numbers take the tensor's type, which must hold them")
  func numbers() throws {
    let k = try Tensor.input("k", shape: [2], dtype: .int32)
    let byte = try Tensor.input("byte", shape: [2], dtype: .uint8)
    let flag = try Tensor.input("flag", shape: [2], dtype: .bool)
    #expect(try (k * 3).dtype == .int32)
    #expect(try (255 - byte).dtype == .uint8)
    #expect(try flag.isEqual(1).dtype == .bool)
    #expect {
      try k + 0.5
    } throws: {
      "\($0)".contains("0.5") && "\($0)".contains("int32")
    }
    #expect(throws: GraphError.self) { try byte + 256 }
    #expect(throws: GraphError.self) { try byte.maximum(-1) }
    #expect(throws: GraphError.self) { try k.isLess(.nan) }
    #expect(throws: GraphError.self) { try k * 0x1p31 }
    #expect(throws: GraphError.self) { try k.cast(to: .int64) * 0x1p63 }
    #expect(throws: GraphError.self) { try flag.isEqual(2) }
    #expect(throws: GraphError.self) { try k.masked(where: flag, by: .infinity) }
    #expect(throws: GraphError.self) { try Tensor.constant(300, dtype: .uint8) }
    #expect(throws: GraphError.self) { try Tensor.constant(.nan, dtype: .int32) }
    #expect(throws: GraphError.self) { try Tensor.constant(2, dtype: .bool) }
    #expect(try Tensor.constant(255, dtype: .uint8).dtype == .uint8)
  }
}
