extension Tensor {
  /// The Einstein summation that a text describes, such as `"bij,bjk->bik"` for a batch of matrix
  /// products.
  ///
  /// Each operand has a term of letters, one an axis, separated by commas. An index that several
  /// operands share is multiplied along; one that the result lacks is summed over; one that an
  /// operand repeats takes its diagonal. `...` stands for any number of leading, middle or trailing
  /// axes, which broadcast. Without `->` the result has the axes of `...` and then, in the order of
  /// the alphabet (capitals first), the indices that occur once. Axes of size 1 stretch. The rules
  /// are those of NumPy and of ONNX's `Einsum`; sums accumulate in float32. Whole numbers are multiplied
  /// and summed in `int64`, as `sum(axes:keepingAxes:)` does it.
  ///
  /// Two operands at a time become one product of matrices; of three or more, those first whose
  /// product takes the fewest operations.
  ///
  /// - Parameters:
  ///   - equation: The text, in which spaces do not count.
  ///   - operands: As many tensors as terms, of one type but `bool`.
  /// - Returns: A tensor of the operands' type, or `int64` where that is of whole numbers.
  /// - Throws: `GraphError.invalidValue` if the text is malformed, naming the position, or if the
  ///   operands' types differ; `GraphError.shapeMismatch` if a term does not have an operand's
  ///   number of axes; `GraphError.unsupportedDType` for truth values.
  public static func einsum(_ equation: String, _ operands: Tensor...) throws -> Tensor {
    try einsum(equation, operands)
  }

  /// The Einstein summation that a text describes; see `einsum(_:_:)` of several tensors.
  public static func einsum(_ equation: String, _ operands: [Tensor]) throws -> Tensor {
    let labels = try EinsumLabels(EinsumEquation(equation), operands)
    for operand in operands {
      guard DType.numeric.contains(operand.dtype) else {
        throw GraphError.unsupportedDType(operation: "einsum", dtype: operand.dtype)
      }
      guard operand.dtype == operands[0].dtype else {
        throw GraphError.invalidValue(
          operation: "einsum",
          reason: "the operands are \(operands[0].dtype) and \(operand.dtype); cast one of them")
      }
    }
    var terms = try zip(operands, labels.operands).map { tensor, names in
      try EinsumTerm(tensor.cast(to: tensor.dtype.accumulated), names)
        .takingDiagonals().droppingStretched(labels.sizes)
    }
    while terms.count > 1 {
      let (first, second) = EinsumOrder.next(terms, labels)
      let right = terms.remove(at: second), left = terms.remove(at: first)
      let needed = Set(labels.result).union(terms.flatMap(\.labels))
      let target = terms.isEmpty ? labels.result : nil
      terms.append(try left.times(right, keeping: needed, target: target))
    }
    return try terms[0].summed(keeping: Set(labels.result)).arranged(as: labels.result).tensor
  }
}

/// Which operands are multiplied next.
private enum EinsumOrder {
  /// With more operands the search would take longer than it saves.
  private static let mostOperands = 16
  /// What a size that only a run knows is taken for.
  private static let unknownSize = 64.0

  /// The places of two operands, the first before the second.
  static func next(_ terms: [EinsumTerm], _ labels: EinsumLabels) -> (Int, Int) {
    if terms.count <= 2 || terms.count > mostOperands { return (0, 1) }
    var best = (first: 0, second: 1, cost: Double.infinity)
    for second in terms.indices {
      for first in 0..<second {
        let all = Set(terms[first].labels).union(terms[second].labels)
        let cost = all.reduce(1.0) { cost, label in
          cost * (labels.sizes[label]?.constant.map(Double.init) ?? unknownSize)
        }
        if cost < best.cost { best = (first, second, cost) }
      }
    }
    return (best.first, best.second)
  }
}
