/// What a number of Swift must be that kernels hold in an element type.
///
/// There a tiny number would be 0, a large one infinite, and one just below 1 would be 1: what is held
/// is what must lie within the bound.
package enum NumberBound: Sendable {
  /// Any number but NaN and the infinities.
  case finite
  /// Finite, and 0 or more.
  case atLeastZero
  /// Finite, and no less than the least normal number, because devices may take smaller ones for 0.
  case positive
  /// In 0..<1.
  case belowOne

  /// The number, if it is within the bound.
  ///
  /// - Parameters:
  ///   - label: What the number is, for the message.
  ///   - operation: Whose number it is.
  ///   - dtype: The floating-point type in which kernels hold it.
  /// - Throws: `GraphError.invalidValue` naming the operation and the number.
  package func checked(
    _ value: Double, _ label: String, operation: String, in dtype: DType = .float32
  ) throws -> Double {
    let (held, leastNormal) = dtype.held(value)
    let isWithin: Bool
    let words: String
    switch self {
    case .finite: (isWithin, words) = (held.isFinite, "finite")
    case .atLeastZero:
      (isWithin, words) = (value >= 0 && held.isFinite, "finite and not negative")
    case .positive:
      (isWithin, words) = (held >= leastNormal && held.isFinite, "positive and finite")
    case .belowOne: (isWithin, words) = (value >= 0 && held < 1, "in 0..<1")
    }
    guard isWithin else {
      throw GraphError.invalidValue(
        operation: operation, reason: "\(label) must be \(words) in \(dtype), not \(value)")
    }
    return value
  }
}

extension Primitive {
  /// A constant of this primitive, which kernels hold as float32.
  ///
  /// - Throws: `GraphError.invalidValue` naming the primitive and the number.
  package static func checked(
    _ value: Double, _ label: String, _ bound: NumberBound
  ) throws -> Double {
    try bound.checked(value, label, operation: name)
  }
}

extension DType {
  /// A number rounded to this floating-point type, and the least normal one of the type.
  fileprivate func held(_ value: Double) -> (value: Double, leastNormal: Double) {
    switch self {
    case .float16: (Double(Float16(value)), Double(Float16.leastNormalMagnitude))
    case .bfloat16: (Double(Float(BFloat16(Float(value)))), Double(Float.leastNormalMagnitude))
    default: (Double(Float(value)), Double(Float.leastNormalMagnitude))
    }
  }
}
