extension Dim {
  /// The expression with symbols renamed.
  func renaming(_ names: [String: String]) -> Dim {
    terms.reduce(Dim(0)) { sum, term in
      term.key.reduce(Dim(term.value)) { product, atom in
        switch atom {
        case .symbol(let name): product * .symbol(names[name] ?? name)
        case .quotient(let dividend, let divisor):
          product * (dividend.renaming(names) / divisor.renaming(names))
        }
      } + sum
    }
  }
}

extension Attributes {
  /// The attributes of a primitive with symbols renamed, also the one that it decides itself.
  func renaming(_ names: [String: String], of operation: String) -> Attributes {
    if names.isEmpty { return self }
    var renamed = self
    for (key, value) in values {
      switch value {
      case .dims(let dims): renamed.values[key] = .dims(dims.map { $0.renaming(names) })
      case .string(let name) where operation == NonZero.name && key == NonZero.symbolKey:
        renamed.values[key] = .string(names[name] ?? name)
      default: break
      }
    }
    return renamed
  }
}

extension SavedGraph {
  /// A new name for each symbol that data decide, so that graphs of several files may meet in one.
  ///
  /// - Throws: `GraphError.malformed` if two nodes decide one symbol.
  func freshSymbols() throws -> [String: String] {
    var names: [String: String] = [:]
    for node in nodes where node.op == NonZero.name {
      let symbol = try (node.attributes ?? Attributes()).string(NonZero.symbolKey)
      guard names.updateValue(FreshSymbol.next(), forKey: symbol) == nil else {
        throw GraphError.malformed(reason: "two nodes decide the size '\(symbol)'")
      }
    }
    return names
  }
}
