extension Graph {
  /// The multiplications and additions of the graph's matrix products.
  ///
  /// - Parameter symbols: The value of each symbol.
  /// - Returns: Nil if a size is not known or the number does not fit.
  package func productOperations(_ symbols: [String: Int]) -> Int? {
    var sum = 0
    for node in nodes {
      guard let product = node.primitive as? MatMul else { continue }
      guard let left = try? node.inputs[0].shape.map({ try $0.value(symbols) }),
        let result = try? node.outputs[0].shape.map({ try $0.value(symbols) }),
        let operations = HostTensor.elementCount(
          of: result + [left[left.count - (product.transposesLeft ? 2 : 1)], 2])
      else { return nil }
      let (total, overflow) = sum.addingReportingOverflow(operations)
      if overflow { return nil }
      sum = total
    }
    return sum
  }
}
