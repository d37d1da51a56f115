import GPUMLGraph
import Testing

@Suite("Philox")
struct PhiloxTests {
  @Test("known answers of Random123")
  func knownAnswers() {
    let ones = UInt32.max
    let zero = Philox.block(counter: (0, 0, 0, 0), key: (0, 0))
    #expect(zero == (0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8))
    let full = Philox.block(counter: (ones, ones, ones, ones), key: (ones, ones))
    #expect(full == (0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD))
    let digits = Philox.block(
      counter: (0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344),
      key: (0xA409_3822, 0x299F_31D0))
    #expect(digits == (0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1))
  }

  @Test("the sequence runs through the blocks, and streams and seeds differ")
  func sequence() {
    var random = Philox(seed: 0)
    let words = (0..<5).map { _ in random.next32() }
    let next = Philox.block(counter: (1, 0, 0, 0), key: (0, 0))
    #expect(words == [0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8, next.0])
    var stream = Philox(seed: 0, stream: 1)
    var seed = Philox(seed: 1 << 32)
    #expect(stream.next32() != words[0])
    #expect(seed.next32() != words[0])
  }

  @Test("uniform numbers lie in [0, 1), normal ones are finite at the limits")
  func limits() {
    #expect(Philox.uniform(0) == 0)
    #expect(Philox.uniform(.max) < 1)
    #expect(Philox.normal(.max, 0).isFinite)
    #expect(Philox.normal(0, .max) == 0)
  }

  @Test("initializers are reproducible, differ by name and stay in range")
  func initializers() throws {
    let uniform = Initializer.uniform(low: -2, high: 3)
    let first = try uniform.values(shape: [100], dtype: .float32, seed: 1, name: "a")
    #expect(try uniform.values(shape: [100], dtype: .float32, seed: 1, name: "a") == first)
    #expect(try uniform.values(shape: [100], dtype: .float32, seed: 1, name: "b") != first)
    #expect(try uniform.values(shape: [100], dtype: .float32, seed: 2, name: "a") != first)
    #expect(first.doubles.allSatisfy { $0 >= -2 && $0 <= 3 })
    #expect(first.doubles.contains { $0 < -1 } && first.doubles.contains { $0 > 2 })
    #expect(throws: GraphError.self) {
      try uniform.values(shape: [.max, 2], dtype: .float32, seed: 1, name: "a")
    }
  }

  @Test("no number of inputs and outputs is too large for an initializer")
  func fans() {
    for initializer in [
      Initializer.xavierUniform(fanIn: .max, fanOut: .max),
      .xavierUniform(fanIn: .min, fanOut: .min), .kaimingUniform(fanIn: .max),
      .kaimingUniform(fanIn: .min),
    ] {
      guard case .uniform(let low, let high) = initializer else {
        Issue.record("\(initializer)")
        continue
      }
      #expect(low == -high && high > 0 && high.isFinite)
    }
    #expect(Initializer.xavierUniform(fanIn: 1, fanOut: 5) == .uniform(low: -1, high: 1))
  }
}
