/// The sine of an angle in radians, element by element.
public struct Sine: UnaryPrimitive {
  /// The name in saved graphs.
  public static let name = "sin"
  /// What it computes.
  public static let summary = "sin x"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// The one value.
  public init() {}

  /// The vector-Jacobian product.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    return [try gradient * step.inputs[0].cos()]
  }
}

/// The cosine of an angle in radians, element by element.
public struct Cosine: UnaryPrimitive {
  /// The name in saved graphs.
  public static let name = "cos"
  /// What it computes.
  public static let summary = "cos x"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// The one value.
  public init() {}

  /// The vector-Jacobian product.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    return [try -(gradient * step.inputs[0].sin())]
  }
}

/// The tangent of an angle in radians, element by element.
public struct Tangent: UnaryPrimitive {
  /// The name in saved graphs.
  public static let name = "tan"
  /// What it computes.
  public static let summary = "tan x"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// The one value.
  public init() {}

  /// The vector-Jacobian product.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    let y = step.outputs[0]
    return [try gradient * (y * y + 1)]
  }
}

extension Tensor {
  /// The sine of an angle in radians.
  ///
  /// Any shape, floating point; the result has the same shape and type.
  public func sin() throws -> Tensor { try Sine()(self) }

  /// The cosine of an angle in radians.
  ///
  /// Any shape, floating point; the result has the same shape and type.
  public func cos() throws -> Tensor { try Cosine()(self) }

  /// The tangent of an angle in radians.
  ///
  /// Any shape, floating point; the result has the same shape and type.
  public func tan() throws -> Tensor { try Tangent()(self) }
}
