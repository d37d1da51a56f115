/// A tensor whose axes have names, on its way through an Einstein summation.
struct EinsumTerm {
  typealias Label = EinsumLabels.Label

  let tensor: Tensor
  let labels: [Label]

  init(_ tensor: Tensor, _ labels: [Label]) {
    self.tensor = tensor
    self.labels = labels
  }

  private func size(_ label: Label) -> Dim {
    labels.firstIndex(of: label).map { tensor.shape[$0] } ?? 1
  }

  // MARK: One operand

  /// With the axes that share a name replaced by their diagonal, which comes last.
  ///
  /// - Throws: `GraphError.shapeMismatch` if their sizes differ.
  func takingDiagonals() throws -> EinsumTerm {
    var term = self
    while let second = term.labels.indices.first(where: {
      term.labels[..<$0].contains(term.labels[$0])
    }), let first = term.labels.firstIndex(of: term.labels[second]) {
      guard term.tensor.shape[first] == term.tensor.shape[second] else {
        throw GraphError.shapeMismatch(
          operation: "einsum", shapes: [term.tensor.shape.text],
          reason: "axes \(first) and \(second) share an index but not their size")
      }
      var names = term.labels
      let shared = names.remove(at: second)
      names.remove(at: first)
      term = EinsumTerm(try term.tensor.diagonal(axes: (first, second)), names + [shared])
    }
    return term
  }

  /// Without the axes of size 1 that other operands stretch.
  func droppingStretched(_ sizes: [Label: Dim]) throws -> EinsumTerm {
    let kept = labels.indices.filter { tensor.shape[$0] == sizes[labels[$0]] }
    return EinsumTerm(
      try tensor.reshaped(to: kept.map { tensor.shape[$0] }), kept.map { labels[$0] })
  }

  /// With the axes summed that nothing needs.
  func summed(keeping needed: Set<Label>) throws -> EinsumTerm {
    let axes = labels.indices.filter { !needed.contains(labels[$0]) }
    if axes.isEmpty { return self }
    return EinsumTerm(try tensor.sum(axes: axes), labels.filter { needed.contains($0) })
  }

  /// With the axes in the order of `target`, which has the same names.
  func arranged(as target: [Label]) throws -> EinsumTerm {
    if labels == target { return self }
    return EinsumTerm(
      try tensor.transposed(target.compactMap { labels.firstIndex(of: $0) }), target)
  }

  // MARK: Two operands

  /// The product, summed over the axes that nothing needs.
  ///
  /// - Parameter target: The order of axes that is wanted at the end, if this is the last product.
  func times(
    _ other: EinsumTerm, keeping needed: Set<Label>, target: [Label]?
  ) throws -> EinsumTerm {
    let left = try summed(keeping: needed.union(other.labels))
    let right = try other.summed(keeping: needed.union(labels))
    let shared = left.labels.filter { right.labels.contains($0) }
    let contracted = shared.filter { !needed.contains($0) }
    if contracted.isEmpty { return try left.multiplied(right, as: target) }
    let roles = EinsumRoles(left.labels, right.labels, contracted: contracted)
    let swapped = EinsumRoles(right.labels, left.labels, contracted: contracted)
    // The product of the operands exchanged may have its axes where they are wanted.
    return target == swapped.result && target != roles.result
      ? try right.contracted(left, swapped) : try left.contracted(right, roles)
  }

  /// Element by element, with the axes in the order wanted or in that of the operands.
  private func multiplied(_ other: EinsumTerm, as target: [Label]?) throws -> EinsumTerm {
    let order = target ?? labels + other.labels.filter { !labels.contains($0) }
    return EinsumTerm(try stretchable(to: order) * other.stretchable(to: order), order)
  }

  /// The axes in an order, with axes of size 1 for those that are missing.
  private func stretchable(to order: [Label]) throws -> Tensor {
    try arranged(as: order.filter { labels.contains($0) }).tensor
      .reshaped(to: order.map { size($0) })
  }

  /// A product of matrices.
  private func contracted(_ other: EinsumTerm, _ roles: EinsumRoles) throws -> EinsumTerm {
    let left = try matrices(roles.batch, roles.leftFree, roles.contracted)
    let right = try other.matrices(roles.batch, roles.rightFree, roles.contracted)
    let product = try MatMul(
      transposesLeft: left.isTransposed, transposesRight: !right.isTransposed)(
        left.tensor, right.tensor)
    let sizes = roles.batch.map { size($0) } + roles.leftFree.map { size($0) }
    let all = sizes + roles.rightFree.map { other.size($0) }
    return EinsumTerm(try product.reshaped(to: all), roles.result)
  }

  /// The axes as `[batch, rows, columns]`, or transposed if that needs no copy.
  private func matrices(
    _ batch: [Label], _ rows: [Label], _ columns: [Label]
  ) throws -> (tensor: Tensor, isTransposed: Bool) {
    let isTransposed = labels == batch + columns + rows && !rows.isEmpty
    let ordered = isTransposed ? self : try arranged(as: batch + rows + columns)
    let joined = (isTransposed ? [columns, rows] : [rows, columns]).map { axes in
      axes.map { size($0) }.elementCount
    }
    return (try ordered.tensor.reshaped(to: batch.map { size($0) } + joined), isTransposed)
  }
}

/// What the axes of two operands are to their product.
private struct EinsumRoles {
  typealias Label = EinsumLabels.Label

  let batch: [Label]
  let leftFree: [Label]
  let rightFree: [Label]
  let contracted: [Label]

  /// The axes of the product.
  var result: [Label] { batch + leftFree + rightFree }

  /// Of the orders that the operands suggest, the one that moves fewer operands.
  init(_ left: [Label], _ right: [Label], contracted: [Label]) {
    let shared = left.filter { right.contains($0) && !contracted.contains($0) }
    let leftFree = left.filter { !right.contains($0) }
    let rightFree = right.filter { !left.contains($0) }
    func moves(_ batch: [Label], _ contracted: [Label]) -> Int {
      [(left, leftFree), (right, rightFree)].filter { labels, free in
        labels != batch + free + contracted && labels != batch + contracted + free
      }.count
    }
    let other = (
      batch: right.filter { shared.contains($0) },
      contracted: right.filter { contracted.contains($0) }
    )
    let prefersOther = moves(other.batch, other.contracted) < moves(shared, contracted)
    batch = prefersOther ? other.batch : shared
    self.contracted = prefersOther ? other.contracted : contracted
    self.leftFree = leftFree
    self.rightFree = rightFree
  }
}
