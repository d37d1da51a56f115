import GPUMLGraph

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension ReLU6: ReferenceUnary {
  /// min(max(x, 0), 6); NaN stays NaN.
  package func real(_ x: Double) -> Double { x <= 0 ? 0 : x >= 6 ? 6 : x }
}

extension LeakyReLU: ReferenceUnary {
  /// x above 0, elsewhere slope·x.
  package func real(_ x: Double) -> Double { x <= 0 ? slope * x : x }
}

extension PReLU: ReferenceEvaluable {
  /// a above 0, elsewhere a·b.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let type = outputTypes[0]
    let slopes = inputs[1].broadcast(to: type.shape)
    let values = zip(inputs[0].values, slopes).map { x, slope in x <= 0 ? x * slope : x }
    return [ReferenceTensor(shape: type.shape, dtype: type.dtype, values: values)]
  }
}

extension ELU: ReferenceUnary {
  /// x above 0, elsewhere α·(eˣ − 1).
  package func real(_ x: Double) -> Double { x <= 0 ? alpha * expm1(x) : x }
}

extension SELU: ReferenceUnary {
  /// λ·x above 0, elsewhere λα·(eˣ − 1).
  package func real(_ x: Double) -> Double {
    SELU.lambda * (x <= 0 ? SELU.alpha * expm1(x) : x)
  }
}

extension CELU: ReferenceUnary {
  /// x above 0, elsewhere α·(e^(x/α) − 1).
  package func real(_ x: Double) -> Double { x <= 0 ? alpha * expm1(x / alpha) : x }
}

extension SiLU: ReferenceUnary {
  /// x/(1 + e⁻ˣ); 0 at −∞.
  package func real(_ x: Double) -> Double { x == -.infinity ? 0 : x / (1 + exp(-x)) }
}

extension Mish: ReferenceUnary {
  /// x·tanh(ln(1 + eˣ)); 0 at −∞.
  package func real(_ x: Double) -> Double {
    x == -.infinity ? 0 : x * tanh(log1p(exp(x)))
  }
}

extension Softplus: ReferenceUnary {
  /// ln(1 + e^(βx))/β, without overflow.
  package func real(_ x: Double) -> Double {
    let scaled = beta * x
    return (larger(scaled, 0) + log1p(exp(-scaled.magnitude))) / beta
  }
}

extension Softsign: ReferenceUnary {
  /// x/(1 + |x|); ±1 at ±∞.
  package func real(_ x: Double) -> Double {
    x.isInfinite ? (x < 0 ? -1 : 1) : x / (1 + x.magnitude)
  }
}

extension HardSigmoid: ReferenceUnary {
  /// slope·x + offset, cut off at 0 and 1.
  package func real(_ x: Double) -> Double {
    let y = slope * x + offset
    return y <= 0 ? 0 : y >= 1 ? 1 : y
  }
}

extension HardSwish: ReferenceUnary {
  /// 0 to −3, x from 3, x·(x + 3)/6 between.
  package func real(_ x: Double) -> Double { x <= -3 ? 0 : x >= 3 ? x : x * (x + 3) / 6 }
}
