/// What network is trained: a preset by its name, or the layers of a file.
public enum ModelDefinition: Sendable, Hashable {
  /// Such as `mlp:512,256`.
  case preset(ModelPreset)
  /// Layers, and the file that they come from.
  case layers(LayerList, path: String)

  /// The endings of model files.
  private static let endings = [".yaml", ".yml"]

  /// Reads a preset's name, or the file if the text ends as those of model files do.
  ///
  /// - Throws: `NNError`; `SystemError` if a file cannot be read.
  public init(parsing text: String) throws {
    if ModelDefinition.endings.contains(where: { text.hasSuffix($0) }) {
      self = .layers(try LayerList(contentsOf: text), path: text)
    } else {
      self = .preset(try ModelPreset(parsing: text))
    }
  }

  /// Builds the network; its input is `[batch] + featureShape`, its output `[batch, outputs]`.
  ///
  /// - Parameters:
  ///   - featureShape: The shape of one example.
  ///   - outputs: The number of classes, or 1 for a regression.
  /// - Throws: `NNError` for a layer that cannot be built.
  public func build(featureShape: [Int], outputs: Int) throws -> Sequential {
    switch self {
    case .preset(let preset): try preset.build(featureShape: featureShape, outputs: outputs)
    case .layers(let layers, _): try layers.build(featureShape: featureShape, outputs: outputs)
    }
  }
}

extension ModelDefinition {
  /// A text that is the same for the same network, whatever file it comes from.
  package var identity: String {
    switch self {
    case .preset(let preset): preset.description
    case .layers(let layers, _): layers.json
    }
  }
}

extension ModelDefinition: CustomStringConvertible {
  /// The text that `init(parsing:)` reads.
  public var description: String {
    switch self {
    case .preset(let preset): preset.description
    case .layers(_, let path): path
    }
  }
}
