/// What settings of layers must be.
enum LayerCheck {
  static func size(_ size: Int, of kind: String) throws(NNError) {
    guard size >= 1, size <= Linear.largestCount else {
      throw .invalidLayer(
        kind: kind, reason: "the size \(size) is not in 1...\(Linear.largestCount)")
    }
  }

  static func epsilon(_ epsilon: Double, of kind: String) throws(NNError) {
    guard epsilon > 0, Float(epsilon) > 0, Float(epsilon).isFinite else {
      throw .invalidLayer(
        kind: kind, reason: "epsilon \(epsilon) is not a number above 0 that fits a float")
    }
  }
}
