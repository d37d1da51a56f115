/// Reads the settings of a layer.
struct LayerSettings: Sendable {
  private let definition: LayerDefinition

  init(_ definition: LayerDefinition) { self.definition = definition }

  /// The name of the layer, for errors.
  var kind: String { definition.name }

  func integer(_ name: String) throws(NNError) -> Int? {
    try value(name, "a whole number") { Int($0) }
  }

  func number(_ name: String) throws(NNError) -> Double? {
    try value(name, "a number") { Double($0).flatMap { $0.isFinite ? $0 : nil } }
  }

  func truth(_ name: String) throws(NNError) -> Bool? {
    try value(name, "true or false") { Bool($0) }
  }

  private func value<Value>(
    _ name: String, _ wanted: String, _ read: (String) -> Value?
  ) throws(NNError) -> Value? {
    guard let text = definition.settings[name] else { return nil }
    guard let value = read(text) else {
      throw .invalidLayer(kind: kind, reason: "\(name) '\(text)' is not \(wanted)")
    }
    return value
  }
}
