/// The value a variable has at the beginning of a step.
public struct ReadVariable: Primitive {
  /// The name in saved graphs.
  public static let name = "variable"
  /// What it computes.
  public static let summary = "the value of a variable at the beginning of a step"
  /// What the first operand may be.
  public static let dtypes = DType.allCases
  /// A source has no operands to differentiate.
  public static let differentiability = Differentiability.none(reason: "it has no operands")

  package let identity: Variable.Identity

  package init(identity: Variable.Identity) { self.identity = identity }

  /// Restores the variable from a saved graph; its value comes from the saved weights.
  public init(_ attributes: Attributes) throws {
    let role = try Variable.Role(saved: attributes.string("role"))
    let shape = try attributes.ints("shape")
    guard let count = HostTensor.elementCount(of: shape), count <= Variable.mostElements else {
      throw GraphError.malformed(reason: "a variable's shape \(shape) is negative or too large")
    }
    identity = Variable.Identity(
      shape: shape, dtype: try attributes.dtype("dtype"), role: role, initializer: .zeros)
  }

  /// Shape, element type and role.
  public var attributes: Attributes {
    Attributes([
      "shape": .ints(identity.shape), "dtype": .string(identity.dtype.rawValue),
      "role": .string(identity.role.saved),
    ])
  }

  /// The type of the variable.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(0, inputs)
    return [TensorType([Dim](identity.shape), identity.dtype)]
  }
}

extension Variable.Role {
  private static let slotPrefix = "slot:"

  /// The role as saved graphs write it.
  fileprivate var saved: String {
    switch self {
    case .parameter: "parameter"
    case .slot(let kind): Self.slotPrefix + kind
    case .statistic: "statistic"
    }
  }

  fileprivate init(saved text: String) throws {
    switch text {
    case "parameter": self = .parameter
    case "statistic": self = .statistic
    case let text where text.hasPrefix(Self.slotPrefix):
      self = .slot(kind: String(text.dropFirst(Self.slotPrefix.count)))
    default: throw GraphError.malformed(reason: "a variable has the unknown role '\(text)'")
    }
  }
}

extension Node {
  /// The variable this node reads, if that is what it does.
  package var variable: Variable? {
    (primitive as? ReadVariable).map { Variable(readBy: self, identity: $0.identity) }
  }
}
