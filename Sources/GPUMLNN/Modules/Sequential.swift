import GPUMLGraph

/// Modules applied one after the other.
///
/// ```swift
/// let model = try Sequential {
///   try Linear(inputs: 64, outputs: 128)
///   Activation.relu
///   try Linear(inputs: 128, outputs: 10)
/// }
/// ```
/// The variables of the first layer are called `layers.0.weight` and `layers.0.bias`.
public struct Sequential: Module {
  /// The modules in order.
  public let layers: [any Module]

  /// Takes a list of modules.
  public init(_ layers: [any Module]) { self.layers = layers }

  /// Takes the modules that the closure names, with `if`, `else`, `for` and optionals as needed.
  public init(@ModuleBuilder _ layers: () throws -> [any Module]) rethrows {
    self.init(try layers())
  }

  /// The modules as `layers.0`, `layers.1`, ….
  public var children: [(name: String, module: any Module)] {
    layers.enumerated().map { ("layers.\($0.offset)", $0.element) }
  }

  /// The result of the last module; of none, `x`.
  public func callAsFunction(_ x: Tensor, in context: ForwardContext) throws -> Tensor {
    try children.reduce(x) { try context.apply($1.module, named: $1.name, to: $0) }
  }
}

/// Collects the modules of a `Sequential`.
@resultBuilder
public enum ModuleBuilder {
  /// One module.
  public static func buildExpression(_ module: any Module) -> [any Module] { [module] }
  /// Several modules.
  public static func buildExpression(_ modules: [any Module]) -> [any Module] { modules }
  /// A module that may be missing.
  public static func buildExpression(_ module: (any Module)?) -> [any Module] {
    module.map { [$0] } ?? []
  }
  /// Statements one after the other.
  public static func buildBlock(_ parts: [any Module]...) -> [any Module] { parts.flatMap(\.self) }
  /// An `if` without `else`.
  public static func buildOptional(_ part: [any Module]?) -> [any Module] { part ?? [] }
  /// The first branch.
  public static func buildEither(first part: [any Module]) -> [any Module] { part }
  /// The second branch.
  public static func buildEither(second part: [any Module]) -> [any Module] { part }
  /// A `for` loop.
  public static func buildArray(_ parts: [[any Module]]) -> [any Module] { parts.flatMap(\.self) }
  /// An `if #available`.
  public static func buildLimitedAvailability(_ part: [any Module]) -> [any Module] { part }
}
