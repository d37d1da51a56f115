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
    func coordinate(_ axis: Int) throws -> Tensor {
      let place = try Tensor.constant(Double(axis), dtype: .int32)
      return try Gather(axis: points.rank - 1, fillsZero: true)(points, place)
    }
    // Points without coordinates are all the same place; they still tell how many there are.
    var places =
      try axes == 0
      ? coordinate(0) : number(0).expanded(to: Array(points.shape.dropLast()))
    for axis in 0..<axes {
      let index = try coordinate(axis)
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
