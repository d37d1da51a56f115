/// What a layer is given beside its settings.
struct LayerPlace: Sendable {
  /// The shape of one example of what it takes.
  let shape: [Int]
  /// What the network gives for an example.
  let outputs: Int

  /// The size of the last axis.
  func width(of kind: String) throws(NNError) -> Int {
    guard let width = shape.last else {
      throw .invalidLayer(kind: kind, reason: "takes examples with at least one axis")
    }
    return width
  }
}
