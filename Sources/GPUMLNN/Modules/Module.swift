import GPUMLGraph

/// A part of a network: it holds variables and adds its computation to a graph.
///
/// A module is a value that describes; the values of its variables live in a `VariableStore`. Copies
/// of a module share its variables.
///
/// ```swift
/// struct Residual: Module {
///   let inner: Linear
///   var children: [(name: String, module: any Module)] { [("inner", inner)] }
///   func callAsFunction(_ x: Tensor, in context: ForwardContext) throws -> Tensor {
///     try x + context.apply(inner, named: "inner", to: x)
///   }
/// }
/// ```
public protocol Module: Sendable {
  /// What the layer is called in a model's summary, such as `Linear`.
  var kind: String { get }
  /// The layer as model files name it; nil for one that they cannot name.
  var definition: LayerDefinition? { get }
  /// The modules inside, each with a name unique among them.
  var children: [(name: String, module: any Module)] { get }
  /// The variables that the module itself holds, each with a name unique among them.
  var variables: [(name: String, variable: Variable)] { get }
  /// Adds the computation of the module to the graph that `x` belongs to.
  ///
  /// - Throws: `GraphError` if the module does not take the shape or type of `x`.
  func callAsFunction(_ x: Tensor, in context: ForwardContext) throws -> Tensor
}

extension Module {
  /// The name of the type.
  public var kind: String { String(describing: type(of: self)) }
  /// None.
  public var definition: LayerDefinition? { nil }
  /// None.
  public var children: [(name: String, module: any Module)] { [] }
  /// None.
  public var variables: [(name: String, variable: Variable)] { [] }

  /// All variables with their dotted paths, such as `layers.0.weight`.
  ///
  /// A variable that is shared between modules is listed once, under its first path.
  public func namedVariables() -> [NamedVariable] {
    var seen: Set<Variable> = []
    return collected(under: "").filter { seen.insert($0.variable).inserted }
  }

  /// The variables that an optimizer trains, with their dotted paths.
  public var parameters: [NamedVariable] {
    namedVariables().filter { $0.variable.role == .parameter }
  }

  /// The number of elements of all parameters.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.variable.count } }

  /// Checks that every variable has a name of its own.
  ///
  /// - Throws: `NNError.duplicateName`.
  package func checkNames() throws {
    var seen: Set<String> = []
    for named in namedVariables() where !seen.insert(named.name).inserted {
      throw NNError.duplicateName(named.name)
    }
  }

  private func collected(under path: String) -> [NamedVariable] {
    variables.map { NamedVariable(name: path + $0.name, variable: $0.variable) }
      + children.flatMap { $0.module.collected(under: path + $0.name + ".") }
  }
}
