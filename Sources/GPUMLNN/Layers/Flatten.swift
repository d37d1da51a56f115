import GPUMLGraph

/// Joins all axes from one on: `[batch, 28, 28]` becomes `[batch, 784]`.
public struct Flatten: Module {
  /// The first axis to join.
  public let axis: Int

  /// What model files call the layer.
  public var definition: LayerDefinition? { LayerDefinition("flatten", ["from": "\(axis)"]) }

  /// Joins all axes from `axis` on.
  ///
  /// - Throws: `NNError.invalidLayer` if `axis` is negative.
  public init(from axis: Int = 1) throws {
    guard axis >= 0 else {
      throw NNError.invalidLayer(kind: "Flatten", reason: "axis \(axis) is negative")
    }
    self.axis = axis
  }

  /// `x` with fewer axes; a tensor that ends before `axis` gets an axis of size 1 there.
  public func callAsFunction(_ x: Tensor, in context: ForwardContext) throws -> Tensor {
    if x.rank == axis { return try x.reshaped(to: x.shape + [1]) }
    return try x.flattened(from: axis)
  }
}
