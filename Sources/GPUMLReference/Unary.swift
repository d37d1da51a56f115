import GPUMLGraph

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A primitive that computes each element from the matching element of one operand.
package protocol ReferenceUnary: ReferenceEvaluable {
  /// The meaning for a floating-point element; also for others, where `integer` gives nil.
  func real(_ x: Double) -> Double
  /// The meaning for a whole number before it wraps around; nil where `real` is exact.
  func integer(_ x: Int64) -> Int64?
}

extension ReferenceUnary {
  /// `real` serves whole numbers too.
  package func integer(_ x: Int64) -> Int64? { nil }

  /// Element by element.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let type = outputTypes[0]
    let operand = inputs[0].dtype
    let values = inputs[0].values.map { x in
      if operand.isInteger, let value = integer(HostTensor.clamped(x)) {
        return operand.wrapped(value)
      }
      return real(x)
    }
    return [ReferenceTensor(shape: type.shape, dtype: type.dtype, values: values)]
  }
}

extension Exponential: ReferenceUnary {
  /// eˣ.
  package func real(_ x: Double) -> Double { Double.exponential(x) }
}

extension Logarithm: ReferenceUnary {
  /// ln x; NaN below 0.
  package func real(_ x: Double) -> Double { logarithm(x) }
}

extension SquareRoot: ReferenceUnary {
  /// √x; NaN below 0.
  package func real(_ x: Double) -> Double { x.squareRoot() }
}

extension ErrorFunction: ReferenceUnary {
  /// erf x.
  package func real(_ x: Double) -> Double { erf(x) }
}

extension HyperbolicTangent: ReferenceUnary {
  /// tanh x.
  package func real(_ x: Double) -> Double { tanh(x) }
}

extension Sigmoid: ReferenceUnary {
  /// 1/(1+e⁻ˣ), from the side on which eˣ does not overflow.
  package func real(_ x: Double) -> Double {
    if x >= 0 { return 1 / (1 + exp(-x)) }
    let power = exp(x)
    return power / (1 + power)
  }
}

extension ReLU: ReferenceUnary {
  /// max(x, 0); NaN stays NaN.
  package func real(_ x: Double) -> Double { x <= 0 ? 0 : x }
}

extension GELU: ReferenceUnary {
  /// x·Φ(x); 0 at −∞.
  package func real(_ x: Double) -> Double {
    if x == -.infinity { return 0 }
    if approximate {
      let inner = (2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)
      return 0.5 * x * (1 + tanh(inner))
    }
    return 0.5 * x * erfc(-x * 0.5.squareRoot())
  }
}

extension Cast: ReferenceUnary {
  /// The value in the new type; floating-point values are not rounded.
  package func real(_ x: Double) -> Double { dtype.cast(x) }
}

extension Double {
  /// eˣ; named apart from the methods of tensors.
  package static func exponential(_ x: Double) -> Double { exp(x) }
}
