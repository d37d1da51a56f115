/// A primitive that turns each line along one axis into a distribution, or its logarithm.
public protocol SoftmaxPrimitive: Primitive {
  /// The axis; nil for the last one.
  var axis: Int? { get }
  /// Works along an axis, by default the last one.
  init(axis: Int?)
}

extension SoftmaxPrimitive {
  /// Restores the primitive from a saved graph; without an axis it works along the last one.
  public init(_ attributes: Attributes) throws {
    self.init(axis: attributes.values["axis"] == nil ? nil : try attributes.int("axis"))
  }

  /// The axis, unless it is the last one.
  public var attributes: Attributes { Attributes(axis.map { ["axis": .int($0)] } ?? [:]) }

  /// Shape and element type of the operand, which needs the axis.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(1, inputs)
    try expectFloating(inputs[0])
    let rank = inputs[0].shape.count
    if rank == 0 { throw mismatch(inputs, "a scalar has no axis") }
    if let axis, axis < 0 || axis >= rank { throw mismatch(inputs, "there is no axis \(axis)") }
    return inputs
  }

  /// The axis of an operand that has one.
  package func axis(rank: Int) -> Int { axis ?? rank - 1 }

  /// Applies the primitive along an axis that may count from the end.
  package static func along(_ axis: Int, of tensor: Tensor) throws -> Tensor {
    let place = try tensor.resolved(axes: [axis], operation: name)[0]
    return try Self(axis: place == tensor.rank - 1 ? nil : place)(tensor)
  }
}
