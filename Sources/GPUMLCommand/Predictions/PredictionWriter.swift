import GPUML

/// Where predictions go, in the order of their examples.
protocol PredictionWriter {
  /// Adds some.
  func write(_ predictions: Predictions) throws
  /// Ends what is written; without, no file or table appears.
  func finish() throws
}

extension Predictions {
  /// Predictions one after the other.
  var all: some Sequence<Prediction> { (0..<count).lazy.map { self[$0] } }
}
