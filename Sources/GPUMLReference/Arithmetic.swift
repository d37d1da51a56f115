import GPUMLGraph

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension Minimum: ReferenceBinary {
  /// The smaller one; NaN if either is NaN, the first if both are equal.
  package static func real(_ left: Double, _ right: Double) -> Double {
    left.isNaN || left <= right ? left : right
  }
}

extension NotEqual: ReferenceBinary {
  /// Whether both differ.
  package static func real(_ left: Double, _ right: Double) -> Double { left != right ? 1 : 0 }
}

extension FloorDivide: ReferenceBinary {
  /// The quotient rounded down, found from the remainder, which is exact.
  package static func real(_ left: Double, _ right: Double) -> Double {
    if right == 0 { return left / right }
    let rest = fmod(left, right)
    let quotient = ((left - rest) / right).rounded(.toNearestOrEven)
    return rest != 0 && (rest < 0) != (right < 0) ? quotient - 1 : quotient
  }
  /// The quotient rounded down; 0 for a divisor of 0.
  package static func integer(_ left: Int64, _ right: Int64) -> Int64? {
    if right == 0 { return 0 }
    let quotient = left.dividedReportingOverflow(by: right).partialValue
    let rest = left.remainderReportingOverflow(dividingBy: right).partialValue
    return rest != 0 && (rest < 0) != (right < 0) ? quotient - 1 : quotient
  }
}

extension Remainder: ReferenceBinary {
  /// With the sign of the divisor; NaN for a divisor of 0.
  package static func real(_ left: Double, _ right: Double) -> Double {
    let rest = fmod(left, right)
    return rest != 0 && (rest < 0) != (right < 0) ? rest + right : rest
  }
  /// With the sign of the divisor; 0 for a divisor of 0.
  package static func integer(_ left: Int64, _ right: Int64) -> Int64? {
    if right == 0 { return 0 }
    let rest = left.remainderReportingOverflow(dividingBy: right).partialValue
    return rest != 0 && (rest < 0) != (right < 0) ? rest + right : rest
  }
}

extension Power: ReferenceBinary {
  /// The power.
  package static func real(_ left: Double, _ right: Double) -> Double { pow(left, right) }
  /// The power; with a negative exponent truncated toward zero.
  package static func integer(_ left: Int64, _ right: Int64) -> Int64? {
    if right < 0 {
      return left == 1 ? 1 : left == -1 ? (right.isMultiple(of: 2) ? 1 : -1) : 0
    }
    var (result, factor, rest) = (Int64(1), left, right)
    while rest > 0 {
      if !rest.isMultiple(of: 2) { result = result &* factor }
      factor = factor &* factor
      rest >>= 1
    }
    return result
  }
}

extension ArcTangent2: ReferenceBinary {
  /// The angle of the point (right, left).
  package static func real(_ left: Double, _ right: Double) -> Double { atan2(left, right) }
}
