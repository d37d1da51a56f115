/// What can be wrong with a graph or a value given to it.
public enum GraphError: Error, Sendable, Equatable {
  /// The operands' shapes do not fit together.
  case shapeMismatch(operation: String, shapes: [String], reason: String)
  /// An operand's element type is not one the operation takes.
  case unsupportedDType(operation: String, dtype: DType)
  /// A value, an attribute or an argument is out of range.
  case invalidValue(operation: String, reason: String)
  /// A symbol has no value, or two different ones.
  case unboundSymbol(name: String, reason: String)
  /// A gradient was asked for where none exists.
  case notDifferentiable(operation: String, reason: String)
  /// A saved graph that cannot be read.
  case malformed(reason: String)
}

extension GraphError: CustomStringConvertible {
  /// One line that names the operation and the values.
  ///
  /// Control characters are escaped: names may come from files.
  public var description: String {
    plain.unicodeScalars.map { scalar in
      scalar.properties.generalCategory == .control ? scalar.escaped(asASCII: true) : "\(scalar)"
    }.joined()
  }

  private var plain: String {
    switch self {
    case .shapeMismatch(let operation, let shapes, let reason):
      "\(operation): \(reason) (shapes \(shapes.joined(separator: ", ")))"
    case .unsupportedDType(let operation, let dtype): "\(operation) does not take \(dtype)"
    case .invalidValue(let operation, let reason): "\(operation): \(reason)"
    case .unboundSymbol(let name, let reason): "dimension '\(name)': \(reason)"
    case .notDifferentiable(let operation, let reason): "no gradient of \(operation): \(reason)"
    case .malformed(let reason): "saved graph: \(reason)"
    }
  }
}
