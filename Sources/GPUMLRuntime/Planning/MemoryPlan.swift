/// Where each tensor of a plan lies within the arena.
///
/// Two tensors share bytes only if no launch needs both. Tensors are placed one after the other, each
/// in the lowest gap that is free while it lives; of several orders the one that needs least is kept.
package struct MemoryPlan: Sendable {
  /// The first and the last launch that need a tensor, and its size.
  package struct Lifetime: Sendable {
    package let buffer: BufferID
    package let byteCount: Int
    package let first: Int
    package let last: Int

    /// Whether a launch needs both.
    func overlaps(_ other: Lifetime) -> Bool { first <= other.last && other.first <= last }
  }

  /// Byte offsets into the arena.
  package let offsets: [BufferID: Int]
  /// The arena's size.
  package let byteCount: Int
  /// The most bytes that live at one time: no arena can be smaller.
  package let peakLiveBytes: Int
  /// The same with each tensor's bytes rounded up to the alignment, as where they must begin demands.
  package let peakAlignedBytes: Int

  /// - Parameter alignment: Of each tensor, in bytes.
  package init(_ lifetimes: [Lifetime], alignment: Int) {
    peakLiveBytes = MemoryPlan.peak(lifetimes, alignment: 1)
    peakAlignedBytes = MemoryPlan.peak(lifetimes, alignment: alignment)
    let layout = ArenaLayout.smallest(
      lifetimes, alignment: alignment, bound: peakAlignedBytes)
    byteCount = layout.byteCount
    offsets = Dictionary(
      uniqueKeysWithValues: zip(lifetimes, layout.offsets).map { ($0.buffer, $1) })
  }

  /// The most bytes that live at one time, each tensor's rounded up to an alignment.
  private static func peak(_ lifetimes: [Lifetime], alignment: Int) -> Int {
    var changes: [Int: Int] = [:]
    for lifetime in lifetimes {
      let bytes = roundedUp(lifetime.byteCount, to: alignment)
      changes[lifetime.first, default: 0] += bytes
      changes[lifetime.last + 1, default: 0] -= bytes
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
