import GPUMLGraph

/// Where variables lie: those of one role side by side in a slab, in the order they were given.
///
/// A slot's slab is laid out like that of its parameters, so that one launch updates them all.
package struct VariableLayout: Sendable {
  package struct Slab: Sendable {
    package let label: String
    package fileprivate(set) var byteCount = 0
    fileprivate var count = 0
    fileprivate var largest = (name: "", byteCount: 0)

    /// What lies in it, for messages about memory.
    package var content: String {
      "\(label) (\(count == 1 ? "" : "\(count) tensors, the largest ")\(largest.name) of "
        + "\(largest.byteCount) bytes)"
    }
  }

  package private(set) var slabs: [Slab] = []
  private let alignment: Int
  private var ranges: [Variable: SlabRange] = [:]
  private var names: [Variable: String] = [:]

  /// - Parameters:
  ///   - alignment: Of each variable, in bytes.
  ///   - limit: The most bytes of a slab, unless a variable alone is larger.
  ///   - isSeparate: Gives each variable a slab of its own, so that tools see where it ends.
  package init(_ variables: [NamedVariable], alignment: Int, limit: Int, isSeparate: Bool) {
    self.alignment = alignment
    var open: [String: Int] = [:]
    for named in variables where ranges[named.variable] == nil {
      let variable = named.variable
      let key = VariableLayout.key(variable)
      let bytes = variable.count * variable.dtype.byteCount
      let offset = open[key].map { roundedUp(slabs[$0].byteCount, to: alignment) } ?? 0
      let slab: Int
      if let current = open[key], !isSeparate, offset + bytes <= limit {
        slab = current
      } else {
        slab = slabs.count
        slabs.append(Slab(label: isSeparate ? named.name : key))
        open[key] = slab
      }
      let start = slabs[slab].byteCount == 0 ? 0 : offset
      ranges[variable] = SlabRange(slab: slab, offset: start, byteCount: bytes)
      slabs[slab].byteCount = start + bytes
      slabs[slab].count += 1
      if slabs[slab].count == 1 || bytes > slabs[slab].largest.byteCount {
        slabs[slab].largest = (named.name, bytes)
      }
      names[variable] = named.name
    }
  }

  private static func key(_ variable: Variable) -> String {
    switch variable.role {
    case .parameter: "parameters \(variable.dtype)"
    case .slot(let kind): "slots \(kind)"
    case .statistic: "statistics \(variable.dtype)"
    }
  }

  /// - Throws: `RuntimeError.invalidVariable` if the variable is not in the store.
  package func range(of variable: Variable) throws -> SlabRange {
    guard let range = ranges[variable] else {
      throw RuntimeError.invalidVariable(
        name: "\(variable.role) \(variable.shape)", reason: "it is not in the store")
    }
    return range
  }

  /// The place of the variable that a tensor reads.
  package func range(of tensor: Tensor) throws -> SlabRange {
    guard let variable = tensor.node.variable else {
      throw RuntimeError.unsupported(
        primitive: tensor.node.primitive.name, reason: "an update changes variables only")
    }
    return try range(of: variable)
  }

  /// Joins the operands of an update into stretches that lie side by side in every slab.
  ///
  /// - Parameter groups: Parameters, gradients (not looked at), then each kind of slot.
  /// - Returns: A stretch is the range of the parameters, then that of each kind of slot.
  package func stretches(_ groups: [[Tensor]]) throws -> [[SlabRange]] {
    let variables = [groups[0]] + groups.dropFirst(2)
    let rows = try groups[0].indices.map { place in
      try variables.map { try range(of: $0[place]) }
    }.filter { $0[0].byteCount > 0 }
      .sorted { ($0[0].slab, $0[0].offset) < ($1[0].slab, $1[0].offset) }
    var stretches: [[SlabRange]] = []
    for row in rows {
      if let last = stretches.last, let joined = join(last, row) {
        stretches[stretches.count - 1] = joined
      } else {
        stretches.append(row)
      }
    }
    return stretches
  }

  /// One stretch from two, if the second begins right behind the first's padding in every slab.
  ///
  /// A variable in between, which the update leaves alone, takes more room than padding does.
  private func join(_ first: [SlabRange], _ second: [SlabRange]) -> [SlabRange]? {
    let distance = second[0].offset - first[0].offset
    guard distance == roundedUp(first[0].byteCount, to: alignment) else { return nil }
    for (left, right) in zip(first, second)
    where left.slab != right.slab || right.offset - left.offset != distance {
      return nil
    }
    return zip(first, second).map {
      SlabRange(slab: $0.slab, offset: $0.offset, byteCount: distance + $1.byteCount)
    }
  }
}
