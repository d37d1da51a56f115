/// Repeats a tensor along axes of size 1 and new leading axes.
public struct Expand: ElementwisePrimitive {
  /// The name in saved graphs.
  public static let name = "expand"
  /// What it computes.
  public static let summary = "repeated along axes of size 1 and new leading axes"
  /// What the first operand may be.
  public static let dtypes = DType.allCases
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// The shape of the result.
  public let shape: [Dim]

  package init(to shape: [Dim]) { self.shape = shape }
  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws { shape = try attributes.dims("shape") }
  /// The shape of the result.
  public var attributes: Attributes { Attributes(["shape": .dims(shape)]) }

  /// The new shape, if the operand stretches to it.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(1, inputs)
    guard Broadcasting.stretches(inputs[0].shape, to: shape) else {
      throw mismatch(inputs, "it does not stretch to \(shape.text)")
    }
    return [TensorType(shape, inputs[0].dtype)]
  }

  /// The gradient summed over the repeated axes.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    [try step.gradient?.summed(to: step.inputs[0].shape)]
  }
}

extension Tensor {
  /// Repeats the tensor along axes of size 1 and new leading axes.
  ///
  /// - Throws: `GraphError.shapeMismatch` if it does not stretch to `shape`.
  public func expanded(to shape: [Dim]) throws -> Tensor {
    shape == self.shape ? self : try Expand(to: shape)(self)
  }
}
