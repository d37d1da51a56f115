import GPUMLGraph

/// Layers one after the other by their names and settings: a network without its weights.
///
/// As a file it is YAML:
/// ```yaml
/// layers:
///   - flatten
///   - linear: 128
///   - relu
///   - dropout: {rate: 0.2}
///   - linear
/// ```
/// A `linear` layer that does not say how many outputs it has gives what the data ask for: one for each
/// class, or one number.
public struct LayerList: Sendable {
  /// The layers in order.
  public let layers: [LayerDefinition]
  /// Where each of them stands in the file that they come from; nil if they come from elsewhere.
  let origin: Origin?

  /// A place to name in errors.
  struct Origin: Sendable, Hashable {
    let path: String
    /// One for each layer, counted from 1.
    let lines: [Int]
  }

  /// More layers than any network that is written by hand.
  static let mostLayers = 1000

  /// Takes a list of layers.
  public init(_ layers: [LayerDefinition]) { self.init(layers, origin: nil) }

  init(_ layers: [LayerDefinition], origin: Origin?) {
    self.layers = layers
    self.origin = origin
  }

  /// The layers of a module that is a `Sequential` of layers with names; nil for any other.
  public init?(describing module: any Module) {
    guard let sequential = module as? Sequential else { return nil }
    let layers = sequential.layers.compactMap(\.definition)
    guard layers.count == sequential.layers.count else { return nil }
    self.init(layers)
  }

  /// Builds the network; its input is `[batch] + featureShape`, its output what the last layer gives.
  ///
  /// - Parameters:
  ///   - featureShape: The shape of one example.
  ///   - outputs: What `linear` layers give that do not say it: the number of classes, or 1.
  /// - Throws: `NNError`: for a layer of a file, `invalidFile` with its line.
  public func build(featureShape: [Int], outputs: Int) throws -> Sequential {
    guard let inputs = HostTensor.elementCount(of: featureShape), inputs >= 1 else {
      throw NNError.invalidLayer(
        kind: "model", reason: "examples of shape \(featureShape) have no features or too many")
    }
    guard !layers.isEmpty else { throw failure(at: nil, "there are no layers") }
    var shape = featureShape
    var modules: [any Module] = []
    for (place, layer) in layers.enumerated() {
      do {
        let module = try layer.build(taking: shape, outputs: outputs)
        shape = try LayerList.shape(of: module, taking: shape)
        modules.append(module)
      } catch let error as NNError {
        if origin == nil { throw error }
        throw failure(at: place, "\(error)")
      } catch let error as GraphError {
        throw failure(at: place, "\(layer.name): \(error)")
      }
    }
    return Sequential(modules)
  }

  /// The same layers, the last of those with `outputs` giving what the data ask for.
  public var withOpenHead: LayerList {
    guard let head else { return self }
    var layers = layers
    layers[head] = layers[head].setting("outputs", to: nil)
    return LayerList(layers, origin: origin)
  }

  /// The place of the layer that decides what is predicted: the last `linear`.
  package var head: Int? { layers.lastIndex { $0.name == "linear" } }

  /// The shape of one example of what a layer gives.
  private static func shape(of module: any Module, taking shape: [Int]) throws -> [Int] {
    let input = try Tensor.input("x", shape: [.symbol("batch")] + [Dim](shape))
    let output = try module(input, in: ForwardContext(.inference))
    return output.shape.dropFirst().compactMap(\.constant)
  }

  private func failure(at place: Int?, _ reason: String) -> NNError {
    guard let origin else { return .invalidLayer(kind: "model", reason: reason) }
    return .invalidFile(path: origin.path, line: place.map { origin.lines[$0] }, reason: reason)
  }
}

extension LayerList: Hashable {
  /// Whether both have the same layers, wherever they come from.
  public static func == (left: LayerList, right: LayerList) -> Bool { left.layers == right.layers }

  /// Hashes the layers.
  public func hash(into hasher: inout Hasher) { hasher.combine(layers) }
}
