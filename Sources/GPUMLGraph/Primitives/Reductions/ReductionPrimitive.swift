/// A primitive that joins all elements along some axes into one; the axes disappear.
public protocol ReductionPrimitive: Primitive {
  /// The axes that disappear, ascending and without repetition.
  var axes: [Int] { get }
  /// Reduces along `axes`.
  init(axes: [Int])
  /// The element type of the result; by default that of the operand.
  func resultDType(_ operand: DType) -> DType
}

extension ReductionPrimitive {
  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws { self.init(axes: try attributes.ints("axes")) }
  /// The axes.
  public var attributes: Attributes { Attributes(["axes": .ints(axes)]) }

  /// That of the operand.
  public func resultDType(_ operand: DType) -> DType { operand }

  /// The shape without the axes.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(1, inputs)
    try expectDType(inputs[0])
    return [TensorType(try reducedShape(inputs), resultDType(inputs[0].dtype))]
  }

  package func reducedShape(_ inputs: [TensorType]) throws -> [Dim] {
    let shape = inputs[0].shape
    guard zip(axes, axes.dropFirst()).allSatisfy({ $0 < $1 }),
      axes.allSatisfy({ $0 >= 0 && $0 < shape.count })
    else { throw mismatch(inputs, "\(axes) are not axes of it, ascending") }
    return shape.indices.filter { !axes.contains($0) }.map { shape[$0] }
  }

  /// Brings a tensor of the reduced shape back to `shape`.
  package func restored(_ tensor: Tensor, to shape: [Dim]) throws -> Tensor {
    if tensor.shape.isEmpty { return try tensor.expanded(to: shape) }
    let kept = shape.enumerated().map { axes.contains($0.offset) ? 1 : $0.element }
    return try tensor.reshaped(to: kept).expanded(to: shape)
  }

  /// The gradient of an extreme element: where several are extreme they share it evenly.
  package func sharedGradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    let x = step.inputs[0]
    // Counted in float32: float16 ends at 65504.
    let isExtreme = try x.isEqual(restored(step.outputs[0], to: x.shape)).cast(to: .float32)
    let share = try gradient.cast(to: .float32) / isExtreme.sum(axes: axes)
    return [try (isExtreme * restored(share, to: x.shape)).cast(to: x.dtype)]
  }
}

extension DType {
  /// The type of sums and products of elements: `int64` for whole numbers and truth values, as in
  /// NumPy and PyTorch, so that sums of small integers do not wrap around.
  package var accumulated: DType { isFloating ? self : .int64 }
}

extension Tensor {
  /// The tensor divided by the number of elements along axes, less `correction`.
  package func divided(byCount sizes: [Dim], correction: Int = 0) throws -> Tensor {
    // In float32, because float16 ends at 65504.
    let count = try SizeOf.tensor(sizes, dtype: .float32)
    let divisor = try correction == 0 ? count : count - Double(correction)
    return try (cast(to: .float32) / divisor).cast(to: dtype)
  }

  /// Normalises an axis list: nil means all, negative counts from the end.
  package func resolved(axes: [Int]?, operation: String) throws -> [Int] {
    guard let axes else { return Array(0..<rank) }
    let resolved = try axes.map { axis in
      let positive = axis < 0 ? axis + rank : axis
      guard positive >= 0, positive < rank else {
        throw GraphError.shapeMismatch(
          operation: operation, shapes: [shape.text], reason: "there is no axis \(axis)")
      }
      return positive
    }
    guard Set(resolved).count == resolved.count else {
      throw GraphError.invalidValue(operation: operation, reason: "\(axes) names an axis twice")
    }
    return resolved.sorted()
  }

  package func reduced(
    _ primitive: any ReductionPrimitive, keepingAxes: Bool
  ) throws -> Tensor {
    let result = try Node(primitive, [self]).output()
    if !keepingAxes { return result }
    return try result.reshaped(
      to: shape.enumerated().map { primitive.axes.contains($0.offset) ? 1 : $0.element })
  }

  /// One axis of the tensor; negative counts from the end.
  package func resolved(axis: Int, operation: String) throws -> Int {
    try resolved(axes: [axis], operation: operation)[0]
  }
}
