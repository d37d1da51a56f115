import GPUMLGraph

/// Seeded orders of examples: the same seed and epoch give the same order on every machine.
public enum Shuffle {
  /// A permutation of `0..<count`.
  ///
  /// - Parameters:
  ///   - count: 0 or more; a negative count gives an empty order.
  ///   - seed: The run's seed.
  ///   - epoch: Each epoch has an order of its own.
  public static func permutation(count: Int, seed: UInt64, epoch: Int = 0) -> [Int] {
    var order = Array(0..<max(0, count))
    shuffle(&order, seed: seed, stream: UInt64(truncatingIfNeeded: epoch))
    return order
  }

  /// Fisher and Yates, each step by an unbiased bounded number.
  static func shuffle<Index>(_ order: inout [Index], seed: UInt64, stream: UInt64) {
    guard order.count > 1 else { return }
    var random = Philox(seed: seed, stream: stream)
    for last in stride(from: order.count - 1, to: 0, by: -1) {
      order.swapAt(last, Int(below(UInt64(last) + 1, &random)))
    }
  }

  /// A number in `0..<bound`, each equally likely (Lemire 2019, arXiv:1805.10941).
  private static func below(_ bound: UInt64, _ random: inout Philox) -> UInt64 {
    let threshold = (0 &- bound) % bound
    while true {
      let product = random.next().multipliedFullWidth(by: bound)
      if product.low >= threshold { return product.high }
    }
  }
}
