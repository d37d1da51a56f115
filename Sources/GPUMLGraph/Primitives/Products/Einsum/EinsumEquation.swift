/// The text of an Einstein summation, such as `"bij,bjk->bik"`, taken apart.
struct EinsumEquation {
  /// One index of a term.
  struct Index {
    /// The letter; nil for `...`.
    let letter: Unicode.Scalar?
    /// Where it stands in the text, counted from 1.
    let position: Int
  }

  /// The indices of one operand or of the result.
  struct Term {
    fileprivate(set) var indices: [Index] = []
    /// Where it begins in the text, counted from 1.
    let position: Int

    /// Where `...` stands among the indices.
    var ellipsis: Int? { indices.firstIndex { $0.letter == nil } }
    /// The number of letters.
    var letterCount: Int { indices.count - (ellipsis == nil ? 0 : 1) }
  }

  /// A term an operand.
  private(set) var operands: [Term] = []
  /// The indices of the result; nil if the text does not name them.
  private(set) var result: Term?

  /// - Throws: `GraphError.invalidValue` naming the position of what does not belong.
  init(_ text: String) throws {
    let scalars = Array(text.unicodeScalars)
    var term = Term(position: 1)
    var hasArrow = false
    var place = 0
    while place < scalars.count {
      let scalar = scalars[place]
      let position = place + 1
      place += 1
      switch scalar {
      case " ": continue
      case "a"..."z", "A"..."Z":
        if hasArrow, term.indices.contains(where: { $0.letter == scalar }) {
          throw EinsumEquation.error("the result names '\(scalar)' twice", at: position)
        }
        term.indices.append(Index(letter: scalar, position: position))
      case ".":
        guard scalars[place...].starts(with: [".", "."] as [Unicode.Scalar]) else {
          throw EinsumEquation.error("'.' is not part of '...'", at: position)
        }
        guard term.ellipsis == nil else {
          throw EinsumEquation.error("a second '...' in a term", at: position)
        }
        place += 2
        term.indices.append(Index(letter: nil, position: position))
      case ",":
        if hasArrow { throw EinsumEquation.error("a second result", at: position) }
        operands.append(term)
        term = Term(position: place + 1)
      case "-":
        guard scalars[place...].first == ">" else {
          throw EinsumEquation.error("'-' is not part of '->'", at: position)
        }
        if hasArrow { throw EinsumEquation.error("a second '->'", at: position) }
        place += 1
        hasArrow = true
        operands.append(term)
        term = Term(position: place + 1)
      default:
        throw EinsumEquation.error("'\(scalar)' is no index", at: position)
      }
    }
    if hasArrow { result = term } else { operands.append(term) }
  }

  static func error(_ reason: String, at position: Int) -> GraphError {
    .invalidValue(operation: "einsum", reason: "\(reason) (character \(position))")
  }
}
