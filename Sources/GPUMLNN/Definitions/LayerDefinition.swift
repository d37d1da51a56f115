/// A layer by its name and settings, as model files list them.
public struct LayerDefinition: Sendable, Hashable {
  /// Such as `linear`; one of `LayerDefinition.names`.
  public let name: String
  /// The settings that are given, by name; the others have their defaults.
  public let settings: [String: String]

  /// The names that layers may have.
  public static var names: [String] { LayerKind.all.map(\.name) }

  /// Names a layer and its settings; whether there are such shows when it is built.
  public init(_ name: String, _ settings: [String: String] = [:]) {
    self.name = name
    self.settings = settings
  }
}

extension LayerDefinition {
  /// The layer for inputs of some shape.
  ///
  /// - Parameters:
  ///   - shape: The shape of one example of what the layer takes.
  ///   - outputs: What a `linear` layer gives that does not say it.
  /// - Throws: `NNError.invalidLayer` for a name or a setting that there is not, and what the layer
  ///   throws.
  func build(taking shape: [Int], outputs: Int) throws -> any Module {
    guard let kind = LayerKind.all.first(where: { $0.name == name }) else {
      throw NNError.invalidLayer(
        kind: name,
        reason: "there is no such layer"
          + NearestName.hint(name, among: LayerDefinition.names))
    }
    for setting in settings.keys.sorted() where !kind.settings.contains(setting) {
      let known = kind.settings.isEmpty ? "; it has no settings" : ""
      throw NNError.invalidLayer(
        kind: name,
        reason: "there is no setting '\(setting)'"
          + NearestName.hint(setting, among: kind.settings) + known)
    }
    return try kind.make(LayerSettings(self), LayerPlace(shape: shape, outputs: outputs))
  }

  /// With a setting changed; nil takes it away.
  func setting(_ name: String, to value: String?) -> LayerDefinition {
    var settings = settings
    settings[name] = value
    return LayerDefinition(self.name, settings)
  }
}
