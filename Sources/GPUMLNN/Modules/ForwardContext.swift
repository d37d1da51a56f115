import GPUMLGraph

/// What the modules of a network share while one graph is built.
///
/// Make one for each graph; modules pass it on to the modules inside them.
public final class ForwardContext {
  /// What the graph is for.
  public enum Mode: Sendable, Hashable {
    /// Dropout drops.
    case training
    /// Everything random is left out.
    case inference
  }

  /// One module as it was applied.
  package struct Step {
    package let path: String
    package let module: any Module
    package let output: TensorType
  }

  /// What the graph is for.
  public let mode: Mode
  /// What `apply` has been called for, innermost first.
  package private(set) var steps: [Step] = []
  /// What the forward pass itself changes, such as running statistics.
  package private(set) var updates: [Update] = []
  private var path: [String] = []
  private var streams = 0

  /// Begins a graph.
  public init(_ mode: Mode) { self.mode = mode }

  /// A number that no other random draw of this graph has.
  public func nextStream() -> Int {
    defer { streams += 1 }
    return streams
  }

  /// Has a training step change variables of a module that no optimizer trains.
  ///
  /// - Parameter updates: Those of `RunningStatistics`, for example.
  public func update(_ updates: [Update]) { self.updates += updates }

  /// Applies a module inside another one, under the name it has among its `children`.
  ///
  /// Calling the module itself computes the same; this way errors name the layer and the summary
  /// shows it.
  /// - Throws: `NNError.inLayer` if the module does not take `x`.
  public func apply(_ module: any Module, named name: String, to x: Tensor) throws -> Tensor {
    path.append(name)
    defer { path.removeLast() }
    let place = path.joined(separator: ".")
    do {
      let output = try module(x, in: self)
      steps.append(
        Step(path: place, module: module, output: TensorType(output.shape, output.dtype)))
      return output
    } catch let error as GraphError {
      throw NNError.inLayer(path: place, reason: error)
    }
  }
}
