/// The attributes of a primitive in a form that can be saved and compared.
public struct Attributes: Sendable, Hashable {
  /// One attribute.
  public enum Value: Sendable, Hashable {
    /// A whole number.
    case int(Int)
    /// A real number.
    case double(Double)
    /// A text.
    case string(String)
    /// A truth value.
    case bool(Bool)
    /// A list of whole numbers.
    case ints([Int])
    /// A list of dimensions.
    case dims([Dim])
    /// A small tensor, element by element.
    case tensor(shape: [Int], dtype: DType, values: [Double])
  }

  /// The values by name.
  public var values: [String: Value]

  /// Takes the values as they are.
  public init(_ values: [String: Value] = [:]) { self.values = values }

  /// A whole number. - Throws: `GraphError.malformed` if it is missing or of another kind.
  public func int(_ name: String) throws -> Int {
    guard case .int(let value)? = values[name] else { throw missing(name) }
    return value
  }

  /// A real number. - Throws: `GraphError.malformed` if it is missing or of another kind.
  public func double(_ name: String) throws -> Double {
    switch values[name] {
    case .double(let value)?: return value
    case .int(let value)?: return Double(value)
    default: throw missing(name)
    }
  }

  /// A text. - Throws: `GraphError.malformed` if it is missing or of another kind.
  public func string(_ name: String) throws -> String {
    guard case .string(let value)? = values[name] else { throw missing(name) }
    return value
  }

  /// A truth value. - Throws: `GraphError.malformed` if it is missing or of another kind.
  public func bool(_ name: String) throws -> Bool {
    guard case .bool(let value)? = values[name] else { throw missing(name) }
    return value
  }

  /// Whole numbers. - Throws: `GraphError.malformed` if they are missing or of another kind.
  public func ints(_ name: String) throws -> [Int] {
    guard case .ints(let value)? = values[name] else { throw missing(name) }
    return value
  }

  /// Dimensions. - Throws: `GraphError.malformed` if they are missing or of another kind.
  public func dims(_ name: String) throws -> [Dim] {
    switch values[name] {
    case .dims(let value)?: return value
    case .ints(let value)?: return [Dim](value)
    default: throw missing(name)
    }
  }

  /// An element type. - Throws: `GraphError.malformed` if it is missing or unknown.
  public func dtype(_ name: String) throws -> DType {
    guard let dtype = DType(rawValue: try string(name)) else { throw missing(name) }
    return dtype
  }

  private func missing(_ name: String) -> GraphError {
    .malformed(reason: "attribute '\(name)' is missing or malformed")
  }
}
