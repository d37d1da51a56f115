extension Dim {
  /// The sum.
  public static func + (left: Dim, right: Dim) -> Dim {
    Dim(terms: left.terms.merging(right.terms) { clampedSum($0, $1) })
  }

  /// The difference.
  public static func - (left: Dim, right: Dim) -> Dim { left + right * Dim(-1) }

  /// The product.
  public static func * (left: Dim, right: Dim) -> Dim {
    var terms: [[Atom]: Int] = [:]
    for (leftAtoms, leftCoefficient) in left.terms {
      for (rightAtoms, rightCoefficient) in right.terms {
        let atoms = (leftAtoms + rightAtoms).sorted { $0.description < $1.description }
        terms[atoms] = clampedSum(
          terms[atoms] ?? 0, clampedProduct(leftCoefficient, rightCoefficient))
      }
    }
    return Dim(terms: terms)
  }

  /// The quotient rounded down; exact where every coefficient but the constant divides.
  ///
  /// A divisor of zero stays in the expression and is an error when it is evaluated.
  public static func / (left: Dim, right: Dim) -> Dim {
    if left == right, right.constant != 0 { return 1 }
    if let divisor = right.constant, divisor > 0 {
      if let dividend = left.constant, dividend >= 0 { return Dim(dividend / divisor) }
      if left.terms.values.allSatisfy({ $0 % divisor == 0 }) {
        return Dim(terms: left.terms.mapValues { $0 / divisor })
      }
      // Only the constant leaves a rest, which is rounded by itself: (2n + 3)/2 = n + 1.
      if left.terms.allSatisfy({ $0.key.isEmpty || $0.value % divisor == 0 }) {
        var terms = left.terms.mapValues { $0 / divisor }
        if let constant = left.terms[[]], constant < 0 { terms[[], default: 0] -= 1 }
        return Dim(terms: terms)
      }
    }
    // A single product whose atoms contain the divisor's: cancel them.
    if left.terms.count == 1, right.terms.count == 1, let top = left.terms.first,
      let bottom = right.terms.first, bottom.value > 0, top.value % bottom.value == 0
    {
      var atoms = top.key
      let cancels = bottom.key.allSatisfy { atom in
        guard let place = atoms.firstIndex(of: atom) else { return false }
        atoms.remove(at: place)
        return true
      }
      if cancels { return Dim(terms: [atoms: top.value / bottom.value]) }
    }
    return Dim(terms: [[.quotient(left, right)]: 1])
  }

  private static func clampedSum(_ left: Int, _ right: Int) -> Int {
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? (left > 0 ? .max : .min) : sum
  }

  private static func clampedProduct(_ left: Int, _ right: Int) -> Int {
    let (product, overflow) = left.multipliedReportingOverflow(by: right)
    return overflow ? ((left > 0) == (right > 0) ? .max : .min) : product
  }
}

extension Dim: CustomStringConvertible {
  /// The expression as text, such as `2*batch+1`.
  public var description: String {
    if terms.isEmpty { return "0" }
    let parts = terms.map { atoms, coefficient in
      let names = atoms.map(\.description)
      if atoms.isEmpty { return "\(coefficient)" }
      return (coefficient == 1 ? names : ["\(coefficient)"] + names).joined(separator: "*")
    }
    return parts.sorted { $0.count == $1.count ? $0 < $1 : $0.count > $1.count }
      .joined(separator: "+")
  }
}

extension Dim.Atom: CustomStringConvertible {
  package var description: String {
    switch self {
    case .symbol(let name): name
    case .quotient(let dividend, let divisor): "((\(dividend))/(\(divisor)))"
    }
  }
}

extension [Dim] {
  /// Constant sizes as dimensions.
  public init(_ sizes: [Int]) { self = sizes.map { Dim($0) } }

  /// The product of the sizes.
  package var elementCount: Dim { reduce(1, *) }

  /// The sizes as text, such as `[batch, 10]`.
  package var text: String { "[" + map(\.description).joined(separator: ", ") + "]" }
}
