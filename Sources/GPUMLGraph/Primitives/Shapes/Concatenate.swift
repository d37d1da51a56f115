/// Tensors one after the other along an axis.
public struct Concatenate: Primitive {
  /// The name in saved graphs.
  public static let name = "concatenate"
  /// What it computes.
  public static let summary = "tensors one after the other along an axis"
  /// What the first operand may be.
  public static let dtypes = DType.allCases
  /// Gradients flow to all operands.
  public static let differentiability = Differentiability.differentiable

  /// The axis along which sizes add up.
  public let axis: Int

  package init(axis: Int) { self.axis = axis }
  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws { axis = try attributes.int("axis") }
  /// The axis.
  public var attributes: Attributes { Attributes(["axis": .int(axis)]) }

  /// The shape of the operands, which differ along the axis only, with their sizes added up.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    guard let first = inputs.first else {
      throw GraphError.invalidValue(operation: name, reason: "takes one operand or more, not 0")
    }
    guard first.shape.indices.contains(axis) else {
      throw mismatch(inputs, "there is no axis \(axis)")
    }
    var shape = first.shape
    shape[axis] = 0
    for input in inputs {
      guard input.dtype == first.dtype else {
        throw GraphError.invalidValue(
          operation: name,
          reason: "the operands are \(first.dtype) and \(input.dtype); cast one of them")
      }
      guard input.shape.count == shape.count,
        shape.indices.allSatisfy({ $0 == axis || input.shape[$0] == shape[$0] })
      else { throw mismatch(inputs, "they differ along another axis than \(axis)") }
      shape[axis] = shape[axis] + input.shape[axis]
    }
    return [TensorType(shape, first.dtype)]
  }

  /// To each operand its part of the gradient.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return step.inputs.map { _ in nil } }
    return try gradient.parts(sizes: step.inputs.map { $0.shape[axis] }, axis: axis)
  }
}

extension Tensor {
  /// Tensors one after the other along an axis.
  ///
  /// - Parameters:
  ///   - tensors: One or more, of one element type and of shapes that differ along `axis` only.
  ///   - axis: Negative counts from the end.
  /// - Throws: `GraphError` if there are none, they do not fit or there is no such axis.
  public static func concatenated(_ tensors: [Tensor], axis: Int = 0) throws -> Tensor {
    let axis = try tensors.first?.resolved(axes: [axis], operation: Concatenate.name)[0] ?? axis
    let node = try Node(Concatenate(axis: axis), tensors)
    return tensors.count == 1 ? tensors[0] : node.output()
  }

  /// Tensors of one shape side by side along a new axis.
  ///
  /// - Parameters:
  ///   - tensors: One or more, of one element type and shape.
  ///   - axis: Where the new axis goes in the result; negative counts from its end.
  /// - Throws: `GraphError` if there are none, they do not fit or there is no such axis.
  public static func stacked(_ tensors: [Tensor], axis: Int = 0) throws -> Tensor {
    guard let first = tensors.first else {
      throw GraphError.invalidValue(operation: "stack", reason: "takes one tensor or more, not 0")
    }
    guard tensors.allSatisfy({ $0.shape == first.shape }) else {
      throw GraphError.shapeMismatch(
        operation: "stack", shapes: tensors.map(\.shape.text), reason: "the shapes differ")
    }
    return try concatenated(tensors.map { try $0.unsqueezed(axes: [axis]) }, axis: axis)
  }

  /// The axis cut into parts of equal size.
  ///
  /// - Parameters:
  ///   - count: The number of parts, which divides the size: of a symbolic size as an expression.
  ///   - axis: Negative counts from the end.
  /// - Throws: `GraphError` if `count` is not positive or does not divide the size.
  public func split(into count: Int, axis: Int = 0) throws -> [Tensor] {
    let axis = try resolved(axes: [axis], operation: "split")[0]
    guard count > 0, count <= Tensor.mostParts else {
      throw GraphError.invalidValue(
        operation: "split", reason: "\(count) parts are not in 1...\(Tensor.mostParts)")
    }
    let size = shape[axis] / Dim(count)
    guard size * Dim(count) == shape[axis] else {
      throw GraphError.shapeMismatch(
        operation: "split", shapes: [shape.text],
        reason: "axis \(axis) does not divide into \(count) parts")
    }
    return try parts(sizes: [Dim](repeating: size, count: count), axis: axis)
  }

  /// The axis cut into parts of given sizes.
  ///
  /// - Parameters:
  ///   - sizes: The sizes of the parts, which add up to that of the axis.
  ///   - axis: Negative counts from the end.
  /// - Throws: `GraphError` if there is no such axis or the sizes do not add up to its size.
  public func split(sizes: [Dim], axis: Int = 0) throws -> [Tensor] {
    let axis = try resolved(axes: [axis], operation: "split")[0]
    guard sizes.reduce(0, +) == shape[axis] else {
      throw GraphError.shapeMismatch(
        operation: "split", shapes: [shape.text],
        reason: "\(sizes.text) does not add up to axis \(axis)")
    }
    return try parts(sizes: sizes, axis: axis)
  }

  /// More parts than anybody means would only fill the host's memory.
  private static let mostParts = 1 << 16

  /// Neighbouring parts of an axis, the first from its beginning on.
  fileprivate func parts(sizes: [Dim], axis: Int) throws -> [Tensor] {
    var start = Dim(0)
    return try sizes.map { size in
      var (starts, shape) = (self.shape.map { _ in Dim(0) }, self.shape)
      (starts[axis], shape[axis]) = (start, size)
      start = start + size
      if shape == self.shape { return self }
      return try StridedSlice(starts: starts, sizes: shape, steps: shape.map { _ in 1 })(self)
    }
  }
}
