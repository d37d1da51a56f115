extension Dim: Codable {
  private enum Key: String, CodingKey { case terms, coefficient, factors, quotient }

  /// Reads a number, a symbol's name, or `{"terms": [{"coefficient", "factors"}]}`, where a factor
  /// is a symbol's name or `{"quotient": [dividend, divisor]}`.
  public init(from decoder: any Decoder) throws {
    if let single = try? decoder.singleValueContainer() {
      if let value = try? single.decode(Int.self) {
        self.init(value)
        return
      }
      if let name = try? single.decode(String.self) {
        self = .symbol(name)
        return
      }
    }
    var list = try decoder.container(keyedBy: Key.self).nestedUnkeyedContainer(forKey: .terms)
    var sum = Dim(0)
    while !list.isAtEnd {
      let term = try list.nestedContainer(keyedBy: Key.self)
      var product = Dim(try term.decode(Int.self, forKey: .coefficient))
      var factors = try term.nestedUnkeyedContainer(forKey: .factors)
      while !factors.isAtEnd {
        product = product * (try Dim.factor(&factors))
        try SavedLimits.check([product])
      }
      sum = sum + product
      try SavedLimits.check([sum])
    }
    self = sum
  }

  private static func factor(_ list: inout any UnkeyedDecodingContainer) throws -> Dim {
    if let name = try? list.decode(String.self) { return .symbol(name) }
    let operands = try list.nestedContainer(keyedBy: Key.self).decode(
      [Dim].self, forKey: .quotient)
    guard operands.count == 2 else {
      throw GraphError.malformed(reason: "a quotient has \(operands.count) operands, not 2")
    }
    return operands[0] / operands[1]
  }

  /// Writes the shortest of the three forms; terms in the order of their text.
  public func encode(to encoder: any Encoder) throws {
    if let value = constant {
      var single = encoder.singleValueContainer()
      return try single.encode(value)
    }
    if let name = plainSymbol {
      var single = encoder.singleValueContainer()
      return try single.encode(name)
    }
    var container = encoder.container(keyedBy: Key.self)
    var list = container.nestedUnkeyedContainer(forKey: .terms)
    let ordered = terms.sorted {
      Dim(terms: [$0.key: 1]).description < Dim(terms: [$1.key: 1]).description
    }
    for (atoms, coefficient) in ordered {
      var term = list.nestedContainer(keyedBy: Key.self)
      try term.encode(coefficient, forKey: .coefficient)
      var factors = term.nestedUnkeyedContainer(forKey: .factors)
      for atom in atoms {
        switch atom {
        case .symbol(let name): try factors.encode(name)
        case .quotient(let dividend, let divisor):
          var quotient = factors.nestedContainer(keyedBy: Key.self)
          try quotient.encode([dividend, divisor], forKey: .quotient)
        }
      }
    }
  }
}
