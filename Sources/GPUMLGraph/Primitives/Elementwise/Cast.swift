/// Changes the element type.
///
/// To a narrower float rounds to nearest even; float to integer truncates toward zero and clamps,
/// NaN gives 0; to `bool`, every value but 0 is true.
public struct Cast: ElementwisePrimitive {
  /// The name in saved graphs.
  public static let name = "cast"
  /// What it computes.
  public static let summary = "the element in another type"
  /// What the first operand may be.
  public static let dtypes = DType.allCases
  /// Gradients flow between floating-point types.
  public static let differentiability = Differentiability.differentiable

  /// The type of the result.
  public let dtype: DType

  package init(to dtype: DType) { self.dtype = dtype }
  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws { dtype = try attributes.dtype("dtype") }
  /// The type of the result.
  public var attributes: Attributes { Attributes(["dtype": .string(dtype.rawValue)]) }

  /// The operand's shape with the new type.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(1, inputs)
    return [TensorType(inputs[0].shape, dtype)]
  }

  /// The gradient in the operand's type.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient, dtype.isFloating, step.inputs[0].dtype.isFloating else {
      return [nil]
    }
    return [try gradient.cast(to: step.inputs[0].dtype)]
  }
}

extension Tensor {
  /// The same values in another element type; see `Cast` for how they are rounded.
  public func cast(to dtype: DType) throws -> Tensor {
    dtype == self.dtype ? self : try Cast(to: dtype)(self)
  }
}
