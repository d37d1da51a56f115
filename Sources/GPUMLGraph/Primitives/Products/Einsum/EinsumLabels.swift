/// The axes of an Einstein summation's operands and of its result as numbers: the same number, the
/// same index.
struct EinsumLabels {
  /// An index; those that `...` stands for have numbers beyond the letters'.
  typealias Label = UInt32

  /// The labels of each operand's axes.
  private(set) var operands: [[Label]] = []
  /// The labels of the result's axes.
  private(set) var result: [Label] = []
  /// The size of each index; 1 only if it is 1 in every operand.
  private(set) var sizes: [Label: Dim] = [:]

  private static let firstCovered: Label = 1 << 24

  /// - Throws: `GraphError` naming the position of a term or index that does not fit the operands.
  init(_ equation: EinsumEquation, _ tensors: [Tensor]) throws {
    guard equation.operands.count == tensors.count else {
      throw GraphError.invalidValue(
        operation: "einsum",
        reason: "the text names \(equation.operands.count) operands, not \(tensors.count)")
    }
    // The axes that `...` covers are counted from the last, so that they broadcast.
    let covered = try zip(equation.operands, tensors).map { term, tensor in
      let count = tensor.rank - term.letterCount
      guard count == 0 || count > 0 && term.ellipsis != nil else {
        throw GraphError.shapeMismatch(
          operation: "einsum", shapes: tensors.map(\.shape.text),
          reason: "the term at character \(term.position) has \(term.letterCount) indices "
            + "for \(tensor.rank) axes")
      }
      return count
    }
    let mostCovered = covered.max() ?? 0
    for (place, term) in equation.operands.enumerated() {
      let labels = EinsumLabels.labels(of: term, covered: covered[place], of: mostCovered)
      operands.append(labels.map(\.label))
      for (axis, item) in labels.enumerated() {
        try meet(item.label, tensors[place].shape[axis], at: item.position)
      }
    }
    result = try resultLabels(equation, mostCovered)
  }

  private static func labels(
    of term: EinsumEquation.Term, covered: Int, of most: Int
  ) -> [(label: Label, position: Int)] {
    term.indices.flatMap { index in
      if let letter = index.letter { return [(letter.value, index.position)] }
      return (0..<covered).map { (firstCovered + Label(most - covered + $0), index.position) }
    }
  }

  private mutating func meet(_ label: Label, _ size: Dim, at position: Int) throws {
    let known = sizes[label] ?? 1
    guard known == size || known == 1 || size == 1 else {
      let name = Unicode.Scalar(label).map { "index '\($0)'" } ?? "an axis of '...'"
      throw EinsumEquation.error("\(name) has the size \(size), but \(known) before", at: position)
    }
    sizes[label] = known == 1 ? size : known
  }

  private func resultLabels(_ equation: EinsumEquation, _ covered: Int) throws -> [Label] {
    let ellipsis = (0..<covered).map { EinsumLabels.firstCovered + Label($0) }
    guard let term = equation.result else {
      var counts: [Label: Int] = [:]
      for label in operands.joined() where label < EinsumLabels.firstCovered {
        counts[label, default: 0] += 1
      }
      return ellipsis + counts.filter { $0.value == 1 }.keys.sorted()
    }
    guard covered == 0 || term.ellipsis != nil else {
      throw EinsumEquation.error(
        "the result lacks the axes of '...'", at: term.position)
    }
    return try term.indices.flatMap { index in
      guard let letter = index.letter else { return ellipsis }
      guard sizes[letter.value] != nil else {
        throw EinsumEquation.error(
          "the result's '\(letter)' is in no operand", at: index.position)
      }
      return [letter.value]
    }
  }
}
