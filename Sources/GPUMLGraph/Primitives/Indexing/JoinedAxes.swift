/// The first axes of a shape joined into one, and points of these axes as places along it.
struct JoinedAxes {
  /// The joined axis, then the others.
  let shape: [Dim]
  /// The points' places along the joined axis, −2³¹ of a point that lies outside: out of every range.
  let places: Tensor

  /// - Parameter points: `int32` or `int64` `[i…, m]`: an index for each of the first `m` axes.
  init(_ shape: [Dim], points: Tensor, operation: String) throws {
    guard let axes = points.shape.last?.constant, axes <= shape.count else {
      throw GraphError.shapeMismatch(
        operation: operation, shapes: [shape.text, points.shape.text],
        reason: "the points' last size is not a number of axes of the tensor")
    }
    guard points.dtype == .int32 || points.dtype == .int64 else {
      throw GraphError.unsupportedDType(operation: "\(operation) indices", dtype: points.dtype)
    }
    func number(_ value: Int32) throws -> Tensor {
      try .constant(Double(value), dtype: points.dtype)
    }
    let outside = try number(.min)
    var places = try number(0).expanded(to: Array(points.shape.dropLast()))
    for axis in 0..<axes {
      let coordinate = try Tensor.constant(HostTensor(scalar: Int32(axis)))
      let index = try points.gathered(at: coordinate, axis: -1)
      let size = try SizeOf.tensor([shape[axis]], dtype: points.dtype)
      let place = try index.isLess(0).select(index + size, index)
      // Once outside stays outside, whatever the further coordinates are.
      let next = try place.isLess(size).select(places * size + place, outside)
      places = try places.isLess(0).select(outside, place.isLess(0).select(outside, next))
    }
    self.places = places
    self.shape = [Array(shape.prefix(axes)).elementCount] + shape.dropFirst(axes)
  }
}
