import GPUMLGraph

/// A primitive that computes each element from the matching elements of two operands.
package protocol ReferenceBinary: BinaryPrimitive, ReferenceEvaluable {
  /// The meaning for floating-point elements; also for integers, where `integer` gives nil.
  static func real(_ left: Double, _ right: Double) -> Double
  /// The meaning for integers before it wraps around; nil where `real` is exact.
  static func integer(_ left: Int64, _ right: Int64) -> Int64?
}

extension ReferenceBinary {
  /// `real` serves integers too.
  package static func integer(_ left: Int64, _ right: Int64) -> Int64? { nil }

  /// Both operands broadcast, then element by element.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let type = outputTypes[0]
    let left = inputs[0].broadcast(to: type.shape)
    let right = inputs[1].broadcast(to: type.shape)
    let operand = inputs[0].dtype
    let values = zip(left, right).map { left, right in
      if operand.isInteger {
        let (left, right): (Int64, Int64) = (HostTensor.clamped(left), HostTensor.clamped(right))
        if let value = Self.integer(left, right) { return operand.wrapped(value) }
      }
      return Self.real(left, right)
    }
    return [ReferenceTensor(shape: type.shape, dtype: type.dtype, values: values)]
  }
}

extension Add: ReferenceBinary {
  /// The sum.
  package static func real(_ left: Double, _ right: Double) -> Double { left + right }
  /// The sum.
  package static func integer(_ left: Int64, _ right: Int64) -> Int64? { left &+ right }
}

extension Subtract: ReferenceBinary {
  /// The difference.
  package static func real(_ left: Double, _ right: Double) -> Double { left - right }
  /// The difference.
  package static func integer(_ left: Int64, _ right: Int64) -> Int64? { left &- right }
}

extension Multiply: ReferenceBinary {
  /// The product.
  package static func real(_ left: Double, _ right: Double) -> Double { left * right }
  /// The product.
  package static func integer(_ left: Int64, _ right: Int64) -> Int64? { left &* right }
}

extension Divide: ReferenceBinary {
  /// The quotient.
  package static func real(_ left: Double, _ right: Double) -> Double { left / right }
  /// The quotient toward zero; 0 for a divisor of 0.
  package static func integer(_ left: Int64, _ right: Int64) -> Int64? {
    right == 0 ? 0 : left.dividedReportingOverflow(by: right).partialValue
  }
}

extension Maximum: ReferenceBinary {
  /// The larger one; NaN if either is NaN.
  package static func real(_ left: Double, _ right: Double) -> Double { larger(left, right) }
}

extension LessThan: ReferenceBinary {
  /// Whether the first is less.
  package static func real(_ left: Double, _ right: Double) -> Double { left < right ? 1 : 0 }
}

extension LessOrEqual: ReferenceBinary {
  /// Whether the first is at most the second.
  package static func real(_ left: Double, _ right: Double) -> Double { left <= right ? 1 : 0 }
}

extension EqualTo: ReferenceBinary {
  /// Whether both are equal.
  package static func real(_ left: Double, _ right: Double) -> Double { left == right ? 1 : 0 }
}

/// The larger number; NaN if either is NaN, the first if both are equal.
func larger(_ left: Double, _ right: Double) -> Double {
  left.isNaN || left >= right ? left : right
}
