extension Graph {
  /// Finds the value of every symbol from the sizes of the inputs.
  ///
  /// A plain symbol takes the size it meets; a number or an expression is checked against it.
  ///
  /// - Parameter inputs: The shape of each input by its name.
  /// - Throws: `GraphError` naming the input if one is missing, unknown, of another rank, or if a
  ///   size contradicts the declared shape or another input.
  package func bindSymbols(inputs: [String: [Int]]) throws -> [String: Int] {
    let declared = self.inputs
    if let unknown = Set(inputs.keys).subtracting(declared.map(\.label)).min() {
      let names = declared.map { "'\($0.label)'" }.joined(separator: ", ")
      throw GraphError.invalidValue(
        operation: "input '\(unknown)'",
        reason: names.isEmpty
          ? "the graph takes no inputs" : "there is no such input; the graph takes \(names)")
    }
    var symbols: [String: (size: Int, input: String)] = [:]
    for input in declared {
      let sizes = try input.sizes(in: inputs)
      for (dim, size) in zip(input.type.shape, sizes) {
        guard let name = dim.plainSymbol else { continue }
        if let known = symbols[name], known.size != size {
          throw GraphError.unboundSymbol(
            name: name,
            reason: "is \(known.size) in input '\(known.input)' but \(size) in '\(input.label)'")
        }
        symbols[name] = (size, input.label)
      }
    }
    let values = symbols.mapValues(\.size)
    for input in declared {
      let sizes = try input.sizes(in: inputs)
      for (axis, dim) in input.type.shape.enumerated() where dim.plainSymbol == nil {
        if let free = dim.symbols.subtracting(values.keys).min() {
          throw GraphError.unboundSymbol(
            name: free, reason: "axis \(axis) of input '\(input.label)' does not tell its size")
        }
        let expected = try dim.value(values)
        guard expected == sizes[axis] else {
          throw input.mismatch(sizes, "axis \(axis) must be \(expected), not \(sizes[axis])")
        }
      }
    }
    return values
  }
}

extension Dim {
  /// The symbol's name, if the dimension is nothing but a symbol.
  package var plainSymbol: String? {
    guard terms.count == 1, let term = terms.first, term.value == 1, term.key.count == 1,
      case .symbol(let name) = term.key[0]
    else { return nil }
    return name
  }
}

extension Input {
  /// The sizes given for this input, if their number fits.
  fileprivate func sizes(in shapes: [String: [Int]]) throws -> [Int] {
    guard let sizes = shapes[label] else {
      throw GraphError.invalidValue(operation: "input '\(label)'", reason: "is not given")
    }
    guard sizes.count == type.shape.count else {
      throw mismatch(sizes, "it has \(sizes.count) axes, not \(type.shape.count)")
    }
    guard HostTensor.elementCount(of: sizes) != nil else {
      throw mismatch(sizes, "a size is negative or their product is too large")
    }
    return sizes
  }

  fileprivate func mismatch(_ sizes: [Int], _ reason: String) -> GraphError {
    .shapeMismatch(
      operation: "input '\(label)'", shapes: [type.shape.text, "\(sizes)"], reason: reason)
  }
}
