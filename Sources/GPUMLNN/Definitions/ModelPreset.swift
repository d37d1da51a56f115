import GPUMLGraph
import GPUMLSystem

/// A network by its name: `linear`, `mlp`, or with the sizes of hidden layers `mlp:512,256`.
public struct ModelPreset: Sendable, Hashable, CustomStringConvertible {
  /// The names that `init(parsing:)` knows.
  public static let names = ["linear", "mlp"]

  /// The default network.
  public static let mlp = ModelPreset(name: "mlp", hiddenSizes: [128, 64])
  /// A single fully connected layer.
  public static let linear = ModelPreset(name: "linear", hiddenSizes: [])

  /// The preset's name.
  public let name: String
  /// The sizes of the hidden layers, each at least 1.
  public let hiddenSizes: [Int]

  private init(name: String, hiddenSizes: [Int]) {
    self.name = name
    self.hiddenSizes = hiddenSizes
  }

  /// Reads a name and, after a colon, the sizes of hidden layers.
  ///
  /// - Throws: `NNError.unknownPreset`, or `NNError.invalidPreset` if a size is no whole number
  ///   from 1 on or the preset takes none.
  public init(parsing text: String) throws {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts.first ?? "")
    let sizes = parts.count > 1 ? String(parts[1]) : nil
    func invalid(_ reason: String) -> NNError { .invalidPreset(text: text, reason: reason) }
    switch (name, sizes) {
    case ("linear", nil): self = .linear
    case ("linear", _?): throw invalid("'linear' has no hidden layers")
    case ("mlp", nil): self = .mlp
    case ("mlp", let sizes?):
      let fields = sizes.split(separator: ",", omittingEmptySubsequences: false)
      guard fields.count <= LayerList.mostLayers else {
        throw invalid("more than \(LayerList.mostLayers) layers")
      }
      self.init(
        name: name,
        hiddenSizes: try fields.map { field in
          guard let size = Int(field), size >= 1, size <= Linear.largestCount else {
            throw invalid(
              "layer size '\(String(field).excerpt())' is not a whole number from 1 to "
                + "\(Linear.largestCount)")
          }
          return size
        })
    default:
      throw NNError.unknownPreset(
        name: name, nearest: NearestName.find(name, among: ModelPreset.names),
        known: ModelPreset.names)
    }
  }

  /// The text that `init(parsing:)` reads.
  public var description: String {
    hiddenSizes.isEmpty ? name : "\(name):" + hiddenSizes.map(String.init).joined(separator: ",")
  }

  /// Builds the network; its input is `[batch] + featureShape`, its output `[batch, outputs]`.
  ///
  /// - Parameters:
  ///   - featureShape: The shape of one example.
  ///   - outputs: The number of classes, or 1 for a regression.
  /// - Throws: `NNError.invalidLayer` if a size is 0 or a layer too large.
  public func build(featureShape: [Int], outputs: Int) throws -> Sequential {
    var layers: [LayerDefinition] = featureShape.count == 1 ? [] : [LayerDefinition("flatten")]
    for size in hiddenSizes {
      layers += [LayerDefinition("linear", ["outputs": "\(size)"]), LayerDefinition("relu")]
    }
    layers.append(LayerDefinition("linear"))
    return try LayerList(layers).build(featureShape: featureShape, outputs: outputs)
  }
}
