/// One way to lay tensors out in an arena.
///
/// To find the smallest arena is NP-hard (dynamic storage allocation, Garey and Johnson 1979, SR2),
/// so that a few orders of placing are tried, and then those in which what stuck out comes first.
struct ArenaLayout {
  typealias Lifetime = MemoryPlan.Lifetime

  /// Where each tensor begins, in the order in which they were given.
  let offsets: [Int]
  let byteCount: Int

  /// How many times something is moved to the front of each order, for few tensors and for many.
  private static let mostRounds = 40
  private static let mostComparisons = 1_000_000

  /// The smallest layout that is found.
  ///
  /// - Parameter bound: No layout is smaller, so that one as small is not improved any more.
  static func smallest(_ lifetimes: [Lifetime], alignment: Int, bound: Int) -> ArenaLayout {
    let orders = orders(lifetimes)
    var layouts = orders.map { ArenaLayout(lifetimes, order: $0, alignment: alignment) }
    var best = layouts.min { $0.byteCount < $1.byteCount } ?? layouts[0]
    let rounds = min(mostRounds, mostComparisons / max(1, lifetimes.count * lifetimes.count))
    for (place, order) in orders.enumerated() where best.byteCount > bound {
      var order = order
      for _ in 0..<rounds {
        // What ends highest found no room among those before it.
        guard let highest = layouts[place].highest(in: order, lifetimes), highest > 0 else { break }
        order.insert(order.remove(at: highest), at: 0)
        layouts[place] = ArenaLayout(lifetimes, order: order, alignment: alignment)
        if layouts[place].byteCount < best.byteCount { best = layouts[place] }
        if best.byteCount <= bound { break }
      }
    }
    return best
  }

  /// Orders that suit different graphs: large tensors first, those that live long, those whose product
  /// of both is large, and in the order of their use.
  private static func orders(_ lifetimes: [Lifetime]) -> [[Int]] {
    let keys: [(Lifetime) -> (Int, Int)] = [
      { ($0.byteCount, -$0.first) },
      { ($0.byteCount.multipliedReportingOverflow(by: $0.last - $0.first + 1).partialValue, 0) },
      { ($0.last - $0.first, $0.byteCount) },
      { (-$0.first, $0.byteCount) },
      { ($0.last, $0.byteCount) },
    ]
    return keys.map { key in
      let values = lifetimes.map(key)
      return lifetimes.indices.sorted {
        values[$0] == values[$1] ? $0 < $1 : values[$0] > values[$1]
      }
    }
  }

  /// Places tensors in an order, each in the lowest gap that is free while it lives.
  private init(_ lifetimes: [Lifetime], order: [Int], alignment: Int) {
    var offsets = [Int](repeating: 0, count: lifetimes.count)
    var byteCount = 0
    /// What is placed already, by offset.
    var placed: [Int] = []
    for index in order {
      let lifetime = lifetimes[index]
      var offset = 0
      for other in placed where lifetimes[other].overlaps(lifetime) {
        if offset + lifetime.byteCount <= offsets[other] { break }
        let end = offsets[other] + lifetimes[other].byteCount
        offset = max(offset, roundedUp(end, to: alignment))
      }
      offsets[index] = offset
      placed.insert(index, at: placed.partition(above: offset, in: offsets))
      byteCount = max(byteCount, offset + lifetime.byteCount)
    }
    self.offsets = offsets
    self.byteCount = byteCount
  }

  /// The place in an order of the tensor that ends highest.
  private func highest(in order: [Int], _ lifetimes: [Lifetime]) -> Int? {
    order.indices.max {
      offsets[order[$0]] + lifetimes[order[$0]].byteCount
        < offsets[order[$1]] + lifetimes[order[$1]].byteCount
    }
  }
}

extension [Int] {
  /// The first place of those, ordered by their offsets, whose offset is above one.
  fileprivate func partition(above offset: Int, in offsets: [Int]) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if offsets[self[middle]] > offset { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
