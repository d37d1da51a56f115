/// The attributes of a primitive in a form that can be saved and compared.
public struct Attributes: Sendable, Hashable {
  /// One attribute.
  public enum Value: Sendable {
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
    /// A small tensor.
    case tensor(HostTensor)
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

  /// One dimension. - Throws: `GraphError.malformed` if it is missing, of another kind or one of
  /// several.
  public func dim(_ name: String) throws -> Dim {
    let dims = try dims(name)
    guard dims.count == 1 else { throw missing(name) }
    return dims[0]
  }

  /// A tensor. - Throws: `GraphError.malformed` if it is missing or of another kind.
  public func tensor(_ name: String) throws -> HostTensor {
    guard case .tensor(let value)? = values[name] else { throw missing(name) }
    return value
  }

  /// An element type. - Throws: `GraphError.malformed` if it is missing or unknown.
  public func dtype(_ name: String) throws -> DType {
    guard let dtype = DType(rawValue: try string(name)) else { throw missing(name) }
    return dtype
  }

  /// The names of the symbols in all dimensions: what they say is only known to a plan.
  package var symbols: Set<String> {
    values.values.reduce(into: []) { names, value in
      if case .dims(let dims) = value { for dim in dims { names.formUnion(dim.symbols) } }
    }
  }

  private func missing(_ name: String) -> GraphError {
    .malformed(reason: "attribute '\(name)' is missing or malformed")
  }
}

extension Attributes.Value: Hashable {
  /// Whether kind and bits are equal: −0 differs from 0, and a NaN equals itself.
  public static func == (left: Self, right: Self) -> Bool {
    switch (left, right) {
    case (.int(let left), .int(let right)): left == right
    case (.double(let left), .double(let right)): left.bitPattern == right.bitPattern
    case (.string(let left), .string(let right)): left == right
    case (.bool(let left), .bool(let right)): left == right
    case (.ints(let left), .ints(let right)): left == right
    case (.dims(let left), .dims(let right)): left == right
    case (.tensor(let left), .tensor(let right)):
      left.shape == right.shape && left.hasSameBits(as: right)
    default: false
    }
  }

  /// Hashes the bits, of a tensor those of its first elements.
  public func hash(into hasher: inout Hasher) {
    switch self {
    case .int(let value): hasher.combine(value)
    case .double(let value): hasher.combine(value.bitPattern)
    case .string(let value): hasher.combine(value)
    case .bool(let value): hasher.combine(value)
    case .ints(let value): hasher.combine(value)
    case .dims(let value): hasher.combine(value)
    case .tensor(let value):
      hasher.combine(value.dtype)
      hasher.combine(value.shape)
      // Weights that are folded into a graph may have millions.
      for place in 0..<min(value.count, 64) { hasher.combine(value.bits(at: place)) }
    }
  }
}
