/// The counter-based random number generator Philox4x32-10.
///
/// The same counter and key give the same numbers on the host and on every device.
/// - SeeAlso: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3".
public struct Philox: RandomNumberGenerator, Sendable {
  private let key: (UInt32, UInt32)
  private var counter: (UInt32, UInt32, UInt32, UInt32)
  private var block: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
  private var used = 4

  /// Starts the sequence numbered `stream` of `seed`.
  public init(seed: UInt64, stream: UInt64 = 0) {
    key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    counter = (0, 0, UInt32(truncatingIfNeeded: stream), UInt32(truncatingIfNeeded: stream >> 32))
  }

  /// The next 32 random bits.
  public mutating func next32() -> UInt32 {
    if used == 4 {
      block = Philox.block(counter: counter, key: key)
      counter.0 &+= 1
      if counter.0 == 0 { counter.1 &+= 1 }
      used = 0
    }
    defer { used += 1 }
    switch used {
    case 0: return block.0
    case 1: return block.1
    case 2: return block.2
    default: return block.3
    }
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    let low = UInt64(next32())
    return UInt64(next32()) << 32 | low
  }

  /// A number in [0, 1) with 24 random bits.
  public mutating func uniform() -> Float { Philox.uniform(next32()) }

  /// A number of the standard normal distribution (Box–Muller).
  public mutating func normal() -> Float {
    let first = next32()
    return Philox.normal(first, next32())
  }

  /// The four words for one counter value.
  package static func block(
    counter: (UInt32, UInt32, UInt32, UInt32), key: (UInt32, UInt32)
  ) -> (UInt32, UInt32, UInt32, UInt32) {
    var (c0, c1, c2, c3) = counter
    var (k0, k1) = key
    for _ in 0..<10 {
      let p0 = (0xD251_1F53 as UInt32).multipliedFullWidth(by: c0)
      let p1 = (0xCD9E_8D57 as UInt32).multipliedFullWidth(by: c2)
      (c0, c1, c2, c3) = (p1.high ^ c1 ^ k0, p1.low, p0.high ^ c3 ^ k1, p0.low)
      k0 &+= 0x9E37_79B9
      k1 &+= 0xBB67_AE85
    }
    return (c0, c1, c2, c3)
  }

  /// The top 24 bits as a number in [0, 1).
  package static func uniform(_ bits: UInt32) -> Float { Float(bits >> 8) * 0x1p-24 }

  /// Two words as a normally distributed number.
  package static func normal(_ first: UInt32, _ second: UInt32) -> Float {
    // 1 - u lies in (0, 1], so the logarithm is finite.
    let radius = (-2 * logarithm(1 - Double(uniform(first)))).squareRoot()
    return Float(radius * cosine(2 * Double.pi * Double(uniform(second))))
  }
}
