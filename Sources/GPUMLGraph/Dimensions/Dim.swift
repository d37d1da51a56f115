/// The size of an axis: a number, a named symbol such as `batch`, or an expression over both.
///
/// Expressions are kept as polynomials in a normal form, so equal expressions compare equal:
/// `(batch + 1) * 2 == batch * 2 + 2`. Arithmetic saturates at the limits of `Int`; a plan rejects
/// sizes that large when it evaluates them.
public struct Dim: Sendable, Hashable {
  /// What a polynomial is made of besides numbers.
  package indirect enum Atom: Sendable, Hashable {
    case symbol(String)
    case quotient(Dim, Dim)
  }

  /// Coefficients by product of atoms (sorted by their text); the empty product is the constant.
  package let terms: [[Atom]: Int]

  package init(terms: [[Atom]: Int]) { self.terms = terms.filter { $0.value != 0 } }

  /// A number.
  public init(_ value: Int) { self.init(terms: [[]: value]) }

  /// A named size that gets its value when a plan is made.
  public static func symbol(_ name: String) -> Dim { Dim(terms: [[.symbol(name)]: 1]) }

  /// The number, if no symbol is involved.
  public var constant: Int? {
    if terms.isEmpty { return 0 }
    guard terms.count == 1, let value = terms[[]] else { return nil }
    return value
  }

  /// The names of all symbols in the expression.
  public var symbols: Set<String> {
    var names: Set<String> = []
    for atom in terms.keys.joined() {
      switch atom {
      case .symbol(let name): names.insert(name)
      case .quotient(let dividend, let divisor):
        names.formUnion(dividend.symbols)
        names.formUnion(divisor.symbols)
      }
    }
    return names
  }

  /// The value of the expression.
  ///
  /// - Throws: `GraphError.unboundSymbol` if a symbol has no value; `GraphError.invalidValue` if
  ///   the result is negative, overflows or divides by zero.
  public func value(_ symbols: [String: Int]) throws -> Int {
    let value = try signedValue(symbols)
    guard value >= 0 else { throw tooLarge }
    return value
  }

  /// The value of an expression that may be negative, such as a padding or the start of a slice.
  ///
  /// - Throws: `GraphError` as `value(_:)` does, but for a negative result.
  package func signedValue(_ symbols: [String: Int]) throws -> Int {
    var sum = 0
    for (atoms, coefficient) in terms {
      var product = coefficient
      for atom in atoms {
        let (value, overflow) = try product.multipliedReportingOverflow(by: atom.value(symbols))
        if overflow { throw tooLarge }
        product = value
      }
      let (value, overflow) = sum.addingReportingOverflow(product)
      if overflow { throw tooLarge }
      sum = value
    }
    // What saturated counts as too large.
    guard sum > Int.min, sum < Int.max else { throw tooLarge }
    return sum
  }

  private var tooLarge: GraphError {
    .invalidValue(operation: "dimension", reason: "\(self) is negative or too large")
  }
}

extension Dim: ExpressibleByIntegerLiteral {
  /// A number.
  public init(integerLiteral value: Int) { self.init(value) }
}

extension Dim.Atom {
  fileprivate func value(_ symbols: [String: Int]) throws -> Int {
    switch self {
    case .symbol(let name):
      guard let value = symbols[name] else {
        throw GraphError.unboundSymbol(name: name, reason: "has no value")
      }
      return value
    case .quotient(let dividend, let divisor):
      let bottom = try divisor.value(symbols)
      guard bottom > 0 else {
        throw GraphError.invalidValue(operation: "dimension", reason: "division by zero")
      }
      return try dividend.value(symbols) / bottom
    }
  }
}
