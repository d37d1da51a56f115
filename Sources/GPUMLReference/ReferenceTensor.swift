import GPUMLGraph

/// A tensor whose elements are held in float64.
///
/// Elements of an integer type are whole numbers within its limits, exact up to 2⁵³; those of
/// `bool` are 0 or 1. Floating-point elements are not rounded to their type unless a run says so.
package struct ReferenceTensor: Sendable, Equatable {
  /// The size of each axis.
  package let shape: [Int]
  /// The element type.
  package let dtype: DType
  /// The elements in row-major order.
  package var values: [Double]

  /// Puts them together; `values` must fill the shape.
  package init(shape: [Int], dtype: DType, values: [Double]) {
    self.shape = shape
    self.dtype = dtype
    self.values = values
  }

  /// The elements of a host tensor.
  package init(_ tensor: HostTensor) {
    self.init(shape: tensor.shape, dtype: tensor.dtype, values: tensor.doubles)
  }

  /// The elements rounded to the element type.
  package var hostTensor: HostTensor { HostTensor(doubles: values, shape: shape, dtype: dtype) }

  /// The same with floating-point elements rounded to their type.
  package var rounded: ReferenceTensor {
    ReferenceTensor(shape: shape, dtype: dtype, values: hostTensor.doubles)
  }

  /// The elements repeated along axes of size 1 and new leading axes.
  package func broadcast(to target: [Int]) -> [Double] {
    if shape == target { return values }
    if values.count == 1 {
      return [Double](repeating: values[0], count: HostTensor.elementCount(of: target) ?? 0)
    }
    // Axis by axis from the last: each block of the operand becomes a block of the result.
    var current = values
    let padded = [Int](repeating: 1, count: target.count - shape.count) + shape
    var block = 1
    for axis in target.indices.reversed() {
      if padded[axis] != target[axis] {
        current = ReferenceTensor.repeating(current, block: block, times: target[axis])
      }
      block *= target[axis]
    }
    return current
  }

  private static func repeating(_ values: [Double], block: Int, times: Int) -> [Double] {
    var result: [Double] = []
    guard block > 0 else { return result }
    result.reserveCapacity(values.count * times)
    for start in stride(from: 0, to: values.count, by: block) {
      for _ in 0..<times { result += values[start..<(start + block)] }
    }
    return result
  }
}

/// Row-major strides of a shape.
func strides(of shape: [Int]) -> [Int] {
  var result = [Int](repeating: 1, count: shape.count)
  for axis in shape.indices.dropLast().reversed() {
    result[axis] = result[axis + 1] * shape[axis + 1]
  }
  return result
}
