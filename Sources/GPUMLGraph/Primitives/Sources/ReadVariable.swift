/// The value a variable has at the beginning of a step.
public struct ReadVariable: Primitive {
  /// The name in saved graphs.
  public static let name = "variable"
  /// A source has no operands to differentiate.
  public static let differentiability = Differentiability.none(reason: "it has no operands")

  package let identity: Variable.Identity

  package init(identity: Variable.Identity) { self.identity = identity }

  /// Restores the variable from a saved graph; its value comes from the saved weights.
  public init(_ attributes: Attributes) throws {
    let role = try attributes.string("role")
    let shape = try attributes.ints("shape")
    guard let count = HostTensor.elementCount(of: shape), count <= Int.max / 8 else {
      throw GraphError.malformed(reason: "a variable's shape \(shape) is negative or too large")
    }
    identity = Variable.Identity(
      shape: shape, dtype: try attributes.dtype("dtype"),
      role: role == "statistic" ? .statistic : .parameter, initializer: .zeros)
  }

  /// Shape, element type and role.
  public var attributes: Attributes {
    let role =
      switch identity.role {
      case .parameter: "parameter"
      case .slot(let kind): "slot:\(kind)"
      case .statistic: "statistic"
      }
    return Attributes([
      "shape": .ints(identity.shape), "dtype": .string(identity.dtype.rawValue),
      "role": .string(role),
    ])
  }

  /// The type of the variable.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(0, inputs)
    return [TensorType([Dim](identity.shape), identity.dtype)]
  }
}

extension Node {
  /// The variable this node reads, if that is what it does.
  package var variable: Variable? {
    (primitive as? ReadVariable).map { Variable(readBy: self, identity: $0.identity) }
  }
}
