import GPUMLGraph

extension MatMul: ReferenceEvaluable {
  /// Each element a sum in the order of the inner axis; integers wrap around.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let type = outputTypes[0]
    let rank = type.shape.count
    let batch = Array(type.shape.dropLast(2))
    let (rows, columns) = (type.shape[rank - 2], type.shape[rank - 1])
    let inner = inputs[0].shape[inputs[0].shape.count - (transposesLeft ? 2 : 1)]
    // Both operands with the inner axis last, so that sums run over neighbours.
    let left = inputs[0].matrices(batch, transposed: transposesLeft)
    let right = inputs[1].matrices(batch, transposed: !transposesRight)
    var values: [Double] = []
    values.reserveCapacity(batch.reduce(rows * columns, *))
    left.withUnsafeBufferPointer { left in
      right.withUnsafeBufferPointer { right in
        for matrix in 0..<batch.reduce(1, *) {
          for row in 0..<rows {
            for column in 0..<columns {
              let place = (matrix * rows + row) * inner
              let other = (matrix * columns + column) * inner
              values.append(
                dot(
                  left.baseAddress.map { $0 + place }, right.baseAddress.map { $0 + other },
                  count: inner, in: type.dtype))
            }
          }
        }
      }
    }
    return [ReferenceTensor(shape: type.shape, dtype: type.dtype, values: values)]
  }

  // Pointers, because sequences are some fifty times as slow where nothing is optimised, as in tests.
  private func dot(
    _ left: UnsafePointer<Double>?, _ right: UnsafePointer<Double>?, count: Int, in dtype: DType
  ) -> Double {
    guard let left, let right else { return 0 }
    var index = 0
    if !dtype.isInteger {
      var sum = 0.0
      while index < count {
        sum += left[index] * right[index]
        index += 1
      }
      return sum
    }
    var sum: Int64 = 0
    while index < count {
      let (first, second): (Int64, Int64) = (
        HostTensor.clamped(left[index]), HostTensor.clamped(right[index])
      )
      sum &+= first &* second
      index += 1
    }
    return dtype.wrapped(sum)
  }
}

extension ReferenceTensor {
  /// The elements of the matrices of the last two axes, repeated to fill a batch.
  fileprivate func matrices(_ batch: [Int], transposed: Bool) -> [Double] {
    let full = batch + shape.suffix(2)
    let repeated = ReferenceTensor(shape: full, dtype: dtype, values: broadcast(to: full))
    let last = full.count - 1
    return transposed
      ? repeated.permuted(Array(0..<(last - 1)) + [last, last - 1]) : repeated.values
  }
}
