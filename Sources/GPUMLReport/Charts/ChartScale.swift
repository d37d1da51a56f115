#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Maps numbers to places along an axis, and chooses the numbers that are written at it.
struct ChartScale {
  /// Larger numbers are drawn as this one: the distance of two must be finite.
  private static let largest = 1e300
  /// From this ratio on, positive numbers are spread by their logarithm.
  private static let logarithmicRatio = 25.0

  private let low: Double
  private let high: Double
  private let start: Double
  private let end: Double
  /// Whether equal ratios have equal distances.
  let isLogarithmic: Bool
  /// The numbers that are written at the axis.
  let ticks: [Double]

  /// An axis that covers all values.
  ///
  /// - Parameters:
  ///   - start: The place of the smallest number.
  ///   - end: The place of the largest.
  ///   - most: The most ticks, about.
  ///   - isWhole: Whether ticks are whole numbers and the axis ends at the values.
  ///   - mayBeLogarithmic: Whether a wide range of positive numbers is spread by logarithm.
  init(
    covering values: [Double], from start: Double, to end: Double, most: Int = 5,
    isWhole: Bool = false, mayBeLogarithmic: Bool = false
  ) {
    self.start = start
    self.end = end
    var smallest = max(-ChartScale.largest, min(ChartScale.largest, values.min() ?? 0))
    var greatest = max(-ChartScale.largest, min(ChartScale.largest, values.max() ?? 1))
    isLogarithmic =
      mayBeLogarithmic && smallest > 1e-300 && greatest / smallest >= ChartScale.logarithmicRatio
    if isLogarithmic {
      (low, high) = (log10(smallest) - 0.03, log10(greatest) + 0.03)
      ticks = ChartScale.logarithmicTicks(low, high, most: most + 1)
      return
    }
    if isWhole, smallest == greatest {
      (low, high) = (smallest - 1, greatest + 1)
      ticks = [smallest]
      return
    }
    if smallest == greatest {
      let room = smallest == 0 ? 1 : abs(smallest) / 10
      smallest -= room
      greatest += room
    }
    var step = ChartScale.step(greatest - smallest, most: most)
    if isWhole { step = max(1, step.rounded()) }
    let first = (smallest / step).rounded(isWhole ? .up : .down)
    let last = (greatest / step).rounded(isWhole ? .down : .up)
    (low, high) = isWhole ? (smallest, greatest) : (first * step, last * step)
    let count = max(0, min(20, last - first))
    ticks = stride(from: 0, through: count, by: 1).map { place in
      // Dividing by a whole number is exact where multiplying by 0.1 is not.
      step < 1 ? (first + place) / (1 / step).rounded() : (first + place) * step
    }
  }

  /// A step of 1, 2 or 5 times a power of ten.
  private static func step(_ range: Double, most: Int) -> Double {
    let rough = max(range / Double(max(1, most)), 1e-300)
    let power = pow(10, floor(log10(rough)))
    let digit = rough / power
    return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10)
  }

  private static func logarithmicTicks(_ low: Double, _ high: Double, most: Int) -> [Double] {
    let decades = stride(from: floor(low), through: ceil(high), by: 1)
    for digits in [[1.0, 2, 5], [1, 3], [1]] {
      let ticks = decades.flatMap { decade in digits.map { ChartScale.power(decade, times: $0) } }
        .filter { (low...high).contains(log10($0)) }
      if ticks.count <= most { return ticks }
    }
    let whole = decades.filter { (low...high).contains($0) }
    let step = (whole.count - 1) / max(1, most - 1) + 1
    return stride(from: 0, to: whole.count, by: step).map { power(whole[$0], times: 1) }
  }

  private static func power(_ exponent: Double, times digit: Double) -> Double {
    // A power below one is inexact: dividing by its inverse is not.
    exponent < 0 ? digit / pow(10, -exponent) : digit * pow(10, exponent)
  }

  /// Where a number lies.
  func callAsFunction(_ value: Double) -> Double {
    let clamped = max(-ChartScale.largest, min(ChartScale.largest, value))
    let place = isLogarithmic ? log10(max(clamped, 1e-300)) : clamped
    return start + (place - low) / (high - low) * (end - start)
  }
}
