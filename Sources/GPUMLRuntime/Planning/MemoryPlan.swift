/// Where each tensor of a plan lies within the arena.
///
/// Two tensors share bytes only if no launch needs both. Tensors are placed from the largest down,
/// each at the lowest place that is free while it lives.
package struct MemoryPlan: Sendable {
  /// The first and the last launch that need a tensor, and its size.
  package struct Lifetime: Sendable {
    package let buffer: BufferID
    package let byteCount: Int
    package let first: Int
    package let last: Int
  }

  /// Byte offsets into the arena.
  package private(set) var offsets: [BufferID: Int] = [:]
  /// The arena's size.
  package private(set) var byteCount = 0
  /// The most bytes that live at one time: no arena can be smaller.
  package let peakLiveBytes: Int

  package init(_ lifetimes: [Lifetime], alignment: Int) {
    peakLiveBytes = MemoryPlan.peak(lifetimes)
    let ordered = lifetimes.sorted {
      ($0.byteCount, $1.first, $1.buffer.index) > ($1.byteCount, $0.first, $0.buffer.index)
    }
    var placed: [(lifetime: Lifetime, offset: Int)] = []
    for lifetime in ordered {
      let conflicts = placed.filter {
        $0.lifetime.first <= lifetime.last && lifetime.first <= $0.lifetime.last
      }
      var offset = 0
      for other in conflicts.sorted(by: { $0.offset < $1.offset }) {
        if offset + lifetime.byteCount <= other.offset { break }
        let end = other.offset + other.lifetime.byteCount
        offset = max(offset, (end + alignment - 1) / alignment * alignment)
      }
      placed.append((lifetime, offset))
      offsets[lifetime.buffer] = offset
      byteCount = max(byteCount, offset + lifetime.byteCount)
    }
  }

  private static func peak(_ lifetimes: [Lifetime]) -> Int {
    var changes: [Int: Int] = [:]
    for lifetime in lifetimes {
      changes[lifetime.first, default: 0] += lifetime.byteCount
      changes[lifetime.last + 1, default: 0] -= lifetime.byteCount
    }
    var live = 0
    var peak = 0
    for time in changes.keys.sorted() {
      live += changes[time] ?? 0
      peak = max(peak, live)
    }
    return peak
  }
}
