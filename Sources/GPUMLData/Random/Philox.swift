/// Philox4x32-10: random numbers as a pure function of a key and a counter (Salmon et al. 2011,
/// "Parallel random numbers: as easy as 1, 2, 3").
struct Philox: Sendable {
  private let key: (UInt32, UInt32)
  private let stream: UInt64
  private var counter: UInt64 = 0
  private var block: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
  private var used = 4

  /// The numbers of a seed; each stream of it is a sequence of its own.
  init(seed: UInt64, stream: UInt64) {
    key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    self.stream = stream
  }

  /// The next 32 random bits.
  mutating func next() -> UInt32 {
    if used == 4 {
      block = Philox.block(
        counter: (
          UInt32(truncatingIfNeeded: counter), UInt32(truncatingIfNeeded: counter >> 32),
          UInt32(truncatingIfNeeded: stream), UInt32(truncatingIfNeeded: stream >> 32)
        ), key: key)
      counter &+= 1
      used = 0
    }
    defer { used += 1 }
    return switch used {
    case 0: block.0
    case 1: block.1
    case 2: block.2
    default: block.3
    }
  }

  /// Ten rounds over one counter.
  static func block(
    counter: (UInt32, UInt32, UInt32, UInt32), key: (UInt32, UInt32)
  ) -> (UInt32, UInt32, UInt32, UInt32) {
    var x = counter
    var key = key
    for _ in 0..<10 {
      let first = (0xD251_1F53 as UInt32).multipliedFullWidth(by: x.0)
      let second = (0xCD9E_8D57 as UInt32).multipliedFullWidth(by: x.2)
      x = (second.high ^ x.1 ^ key.0, second.low, first.high ^ x.3 ^ key.1, first.low)
      key = (key.0 &+ 0x9E37_79B9, key.1 &+ 0xBB67_AE85)
    }
    return x
  }
}
