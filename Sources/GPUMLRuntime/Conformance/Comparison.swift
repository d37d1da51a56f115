import GPUMLGraph
import GPUMLReference

/// How a value is held against the reference.
struct Comparison {
  let tolerance: Trial.Tolerance
  /// For sums, the sum of the magnitudes of each element's terms.
  var magnitude: [Double]?
  /// For gradients, how far each element may be off because results on the way to it are rounded.
  var spread: [Double]?
  /// Whether the device keeps numbers that are too small for all bits.
  let keepsDenormals: Bool

  /// What is wrong, or nil.
  func mismatch(_ value: HostTensor, _ reference: ReferenceTensor) -> String? {
    guard value.shape == reference.shape, value.dtype == reference.dtype else {
      return "\(value.dtype) \(value.shape), not \(reference.dtype) \(reference.shape)"
    }
    let (found, rounded) = (value.doubles, reference.rounded.values)
    for (place, expected) in reference.values.enumerated() {
      let element = found[place]
      if element == expected || element == rounded[place] {
        // Where nothing is computed, the sign of zero stays too.
        let isOtherZero = element == 0 && element.sign != rounded[place].sign
        let isLoose = tolerance.relative > 0 || tolerance.allowsEitherZero || spread != nil
        if isLoose || !isOtherZero { continue }
        return "element \(place) is \(element), not \(rounded[place])"
      }
      if !keepsDenormals, element == 0, abs(expected) < Double(Float.leastNormalMagnitude) {
        continue
      }
      if element.isNaN && (expected.isNaN || rounded[place].isNaN) { continue }
      // Where a result on the way is out of its type's range, the reference goes on without.
      if let spread, spread[place] == .infinity { continue }
      if !expected.isFinite || !element.isFinite {
        return "element \(place) is \(element), not \(expected)"
      }
      let bound = bound(expected, place, reference.dtype)
      if !(abs(element - expected) <= bound) {
        return "element \(place) is \(element), not \(expected) within \(bound)"
      }
    }
    return nil
  }

  private func bound(_ expected: Double, _ place: Int, _ dtype: DType) -> Double {
    if !dtype.isFloating { return 0 }
    let storage = dtype.storageTolerance
    if let spread {
      return (1e-4 + storage.relative) * abs(expected) + storage.absolute + spread[place]
        + Double(Float.leastNormalMagnitude)
    }
    var bound = tolerance.absolute + tolerance.relative * abs(expected)
    if let magnitude, tolerance.terms > 0 {
      bound += Double(tolerance.terms) * 0x1p-23 * magnitude[place]
    }
    if tolerance.relative > 0 { bound += storage.relative * abs(expected) + storage.absolute }
    return bound
  }
}

extension DType {
  /// What rounding to the storage may add.
  fileprivate var storageTolerance: (relative: Double, absolute: Double) {
    switch self {
    case .float16: (2e-3, 6e-8)
    case .bfloat16: (1.6e-2, 0)
    default: (0, 0)
    }
  }
}
