/// The broadcasting rule of NumPy: shapes are aligned at their last axes, an axis of size 1
/// stretches to any size, a missing axis counts as size 1.
package enum Broadcasting {
  /// The common shape, or nil if the shapes do not fit.
  package static func shape(_ left: [Dim], _ right: [Dim]) -> [Dim]? {
    let rank = max(left.count, right.count)
    var result: [Dim] = []
    for axis in 0..<rank {
      let leftSize = size(left, axis, rank)
      let rightSize = size(right, axis, rank)
      if leftSize == rightSize || rightSize == 1 {
        result.append(leftSize)
      } else if leftSize == 1 {
        result.append(rightSize)
      } else {
        return nil
      }
    }
    return result
  }

  /// Whether `shape` stretches to exactly `target`.
  package static func stretches(_ shape: [Dim], to target: [Dim]) -> Bool {
    shape.count <= target.count && self.shape(shape, target) == target
  }

  private static func size(_ shape: [Dim], _ axis: Int, _ rank: Int) -> Dim {
    let own = axis - (rank - shape.count)
    return own < 0 ? 1 : shape[own]
  }
}

extension Tensor {
  /// Sums over the axes along which `shape` was stretched to this tensor's shape.
  ///
  /// The gradient of broadcasting. - Throws: `GraphError.shapeMismatch` if it does not stretch so.
  package func summed(to shape: [Dim]) throws -> Tensor {
    if shape == self.shape { return self }
    guard Broadcasting.stretches(shape, to: self.shape) else {
      throw GraphError.shapeMismatch(
        operation: "sum", shapes: [self.shape.text, shape.text], reason: "not a broadcast")
    }
    let missing = rank - shape.count
    let axes = (0..<rank).filter { axis in
      axis < missing || (shape[axis - missing] == 1 && self.shape[axis] != 1)
    }
    return try sum(axes: axes).reshaped(to: shape)
  }
}
