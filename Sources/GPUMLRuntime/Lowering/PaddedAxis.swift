import GPUMLGraph

/// One axis of a padding as the kernels see it.
struct PaddedAxis {
  let size: Int
  let padded: Int
  private let before: Int
  private let isPlain: Bool

  init(size: Int, padded: Int, before: Int, _ mode: Pad.Mode) {
    self.size = size
    self.padded = padded
    self.before = before
    isPlain = before == 0 && size == padded
  }

  /// Neighbouring axes as one where that makes no difference; at least one.
  ///
  /// An axis that stays as it is joins the one before it if that one stays too, or if only numbers
  /// are put around it.
  static func joined(_ axes: [PaddedAxis], _ mode: Pad.Mode) -> [PaddedAxis] {
    var joined: [PaddedAxis] = []
    for axis in axes {
      guard let last = joined.last, axis.isPlain, last.isPlain || mode == .constant else {
        joined.append(axis)
        continue
      }
      joined[joined.count - 1] = PaddedAxis(
        size: last.size * axis.size, padded: last.padded * axis.size,
        before: last.clamped * axis.size, mode)
    }
    return joined.isEmpty ? [PaddedAxis(size: 1, padded: 1, before: 0, mode)] : joined
  }

  /// What comes before; where no element of the axis remains, the nearest number that leaves none.
  var clamped: Int { max(-size, min(padded, before)) }

  /// What the kernel takes a place's element from.
  func base(_ mode: Pad.Mode) -> Int {
    guard let period = mode.period(size) else { return clamped }
    return (period - before % period) % period
  }

  /// The places of the axis's own elements.
  var plainPlaces: Range<Int> {
    let first = max(0, clamped)
    return first..<max(first, min(padded, clamped + size))
  }

  /// The first place that an element 0 comes to, not negative where it comes again.
  func firstPlace(_ mode: Pad.Mode) -> Int {
    guard let period = mode.period(size) else { return clamped }
    return (before % period + period) % period
  }

  /// The elements that come to one place only, their own.
  func plainElements(_ mode: Pad.Mode) -> Range<Int> {
    // How many places lie before and behind the elements' own.
    let (head, tail) = (max(0, clamped), max(0, padded - size - clamped))
    let first = max(0, -clamped)
    let last = min(size, padded - clamped)
    let kept: (Int, Int) =
      switch mode {
      case .constant: (first, last)
      case .edge: (max(first, 1), min(last, size - 1))
      case .reflect:
        head < size && tail < size ? (max(first, head + 1), min(last, size - 1 - tail)) : (0, 0)
      case .wrap: head < size && tail < size ? (max(first, tail), min(last, size - head)) : (0, 0)
      }
    return kept.0..<max(kept.0, kept.1)
  }
}

extension Pad.Mode {
  /// The number by which kernels know it.
  var number: Int {
    switch self {
    case .constant: 0
    case .edge: 1
    case .reflect: 2
    case .wrap: 3
    }
  }

  /// After how many places the elements come again, if they do.
  fileprivate func period(_ size: Int) -> Int? {
    switch self {
    case .constant, .edge: nil
    case .reflect: max(1, 2 * (size - 1))
    case .wrap: max(1, size)
    }
  }
}
