/// The angle in [−π/2, π/2] with a given sine, element by element; NaN beyond ±1.
public struct ArcSine: UnaryPrimitive {
  /// The name in saved graphs.
  public static let name = "asin"
  /// What it computes.
  public static let summary = "the angle whose sine is x"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// The one value.
  public init() {}

  /// The vector-Jacobian product.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    return [try gradient * slope(at: step.inputs[0])]
  }
}

/// The angle in [0, π] with a given cosine, element by element; NaN beyond ±1.
public struct ArcCosine: UnaryPrimitive {
  /// The name in saved graphs.
  public static let name = "acos"
  /// What it computes.
  public static let summary = "the angle whose cosine is x"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// The one value.
  public init() {}

  /// The vector-Jacobian product.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    return [try -(gradient * slope(at: step.inputs[0]))]
  }
}

/// The angle in (−π/2, π/2) with a given tangent, element by element.
public struct ArcTangent: UnaryPrimitive {
  /// The name in saved graphs.
  public static let name = "atan"
  /// What it computes.
  public static let summary = "the angle whose tangent is x"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// The one value.
  public init() {}

  /// The vector-Jacobian product.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    let x = step.inputs[0]
    return [try gradient / (x * x + 1)]
  }
}

/// 1/√(1 − x²); as a product, because 1 − x² cancels near ±1.
private func slope(at x: Tensor) throws -> Tensor {
  try ((1 - x) * (1 + x)).reciprocalSquareRoot()
}

extension Tensor {
  /// The angle in [−π/2, π/2] with this sine; NaN beyond ±1.
  ///
  /// Any shape, floating point; the result has the same shape and type.
  public func asin() throws -> Tensor { try ArcSine()(self) }

  /// The angle in [0, π] with this cosine; NaN beyond ±1.
  ///
  /// Any shape, floating point; the result has the same shape and type.
  public func acos() throws -> Tensor { try ArcCosine()(self) }

  /// The angle in (−π/2, π/2) with this tangent.
  ///
  /// Any shape, floating point; the result has the same shape and type.
  public func atan() throws -> Tensor { try ArcTangent()(self) }
}
