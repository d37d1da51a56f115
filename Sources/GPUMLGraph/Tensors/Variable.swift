/// State that outlives a plan: a parameter, an optimizer's slot, a running statistic.
///
/// A variable describes the state; its value lives in a `VariableStore` on a device.
public struct Variable: Sendable, Hashable {
  /// What a variable is for; it decides in which slab the value lies.
  public enum Role: Sendable, Hashable {
    /// Trained by an optimizer.
    case parameter
    /// Kept by an optimizer for each element of a parameter; `kind` is such as `momentum`.
    case slot(kind: String)
    /// Updated by the forward pass and not trained.
    case statistic
  }

  /// What identifies a variable, shared by all its copies.
  package final class Identity: Sendable {
    let shape: [Int]
    let dtype: DType
    let role: Role
    let initializer: Initializer

    init(shape: [Int], dtype: DType, role: Role, initializer: Initializer) {
      self.shape = shape
      self.dtype = dtype
      self.role = role
      self.initializer = initializer
    }
  }

  /// More than any memory holds, and so few that the bytes of several can be added up.
  package static let mostElements = Int.max / 64

  package let identity: Identity
  private let node: Node

  /// Declares a variable.
  ///
  /// - Throws: `GraphError.invalidValue` if a size is negative or their product is too large.
  public init(
    shape: [Int], dtype: DType = .float32, role: Role = .parameter,
    initializer: Initializer = .zeros
  ) throws {
    guard let count = HostTensor.elementCount(of: shape), count <= Variable.mostElements else {
      throw GraphError.invalidValue(
        operation: "Variable", reason: "the shape \(shape) is negative or too large")
    }
    identity = Identity(shape: shape, dtype: dtype, role: role, initializer: initializer)
    node = try Node(ReadVariable(identity: identity), [])
  }

  package init(readBy node: Node, identity: Identity) {
    self.node = node
    self.identity = identity
  }

  /// The value at the beginning of a step, as a tensor.
  public var tensor: Tensor { node.output() }
  /// The size of each axis.
  public var shape: [Int] { identity.shape }
  /// The element type.
  public var dtype: DType { identity.dtype }
  /// What the variable is for.
  public var role: Role { identity.role }
  /// How the first value is made.
  public var initializer: Initializer { identity.initializer }
  /// The number of elements.
  public var count: Int { HostTensor.elementCount(of: shape) ?? 0 }

  /// Whether both name the same state.
  public static func == (left: Variable, right: Variable) -> Bool {
    left.identity === right.identity
  }

  /// Hashes the identity.
  public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(identity)) }
}

/// A variable and the name under which a model saves it.
public struct NamedVariable: Sendable, Hashable {
  /// Dotted path within the model, such as `layers.0.weight`.
  public let name: String
  /// The variable.
  public let variable: Variable

  /// Puts both together.
  public init(name: String, variable: Variable) {
    self.name = name
    self.variable = variable
  }
}
