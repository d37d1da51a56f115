/// What a saved graph may hold, so that a hostile one cannot keep the reader busy: products of
/// symbolic sizes grow exponentially with the terms of their factors.
package enum SavedLimits {
  /// The most axes of a tensor.
  package static let rank = 64
  /// The most symbols and quotients in all sizes of a tensor together.
  package static let atoms = 64
  /// The most terms of the product of a tensor's sizes.
  package static let terms = 64

  /// Checks one shape.
  ///
  /// - Throws: `GraphError.malformed` if it is beyond a limit.
  package static func check(_ shape: [Dim]) throws {
    guard shape.count <= rank else {
      throw GraphError.malformed(reason: "a shape of \(shape.count) axes; at most \(rank)")
    }
    var count = 0
    var product = 1
    for dim in shape {
      count += dim.atomCount
      product *= max(dim.terms.count, 1)
      guard count <= atoms, product <= terms else {
        throw GraphError.malformed(reason: "a shape with too many symbols or terms")
      }
    }
  }
}

extension Dim {
  /// The symbols and quotients of the expression, those within quotients included.
  fileprivate var atomCount: Int {
    terms.keys.reduce(0) { count, atoms in
      atoms.reduce(count) { count, atom in
        switch atom {
        case .symbol: count + 1
        case .quotient(let dividend, let divisor):
          count + 1 + dividend.atomCount + divisor.atomCount
        }
      }
    }
  }
}

extension Node {
  /// Checks the shapes of all outputs.
  package func checkSavedLimits() throws {
    for type in outputs { try SavedLimits.check(type.shape) }
  }
}
