/// How good a model is on labelled examples.
public struct Evaluation: Sendable, Equatable, Codable {
  /// The number of examples.
  public let count: Int
  /// The mean loss over the examples.
  public let loss: Double
  /// The share of right predictions; nil if numbers are predicted.
  public let accuracy: Double?
  /// How often each class was taken for each other; nil if numbers are predicted.
  public package(set) var confusion: ConfusionMatrix?
  /// The share of the targets' variance that is explained; nil if classes are predicted.
  public let r2: Double?
  /// The root of the mean squared error; nil if classes are predicted.
  public let rmse: Double?
  /// The mean absolute error; nil if classes are predicted.
  public let mae: Double?

  /// Measures from all predictions together.
  ///
  /// - Throws: `DataError.invalidValue` if the counts do not agree or a class is out of range.
  package init(loss: Double, _ results: Results) throws {
    self.loss = loss
    switch results {
    case .classes(let predicted, let actual, let classCount):
      var confusion = ConfusionMatrix(classCount: classCount)
      try confusion.add(predicted: predicted, actual: actual)
      count = actual.count
      accuracy = confusion.accuracy
      self.confusion = confusion
      (r2, rmse, mae) = (nil, nil, nil)
    case .numbers(let predicted, let actual):
      count = actual.count
      (accuracy, confusion) = (nil, nil)
      r2 = try Metrics.r2(predicted: predicted, actual: actual)
      rmse = try Metrics.rootMeanSquaredError(predicted: predicted, actual: actual)
      mae = try Metrics.meanAbsoluteError(predicted: predicted, actual: actual)
    }
  }

  /// What was predicted, and what should have been.
  package enum Results {
    case classes(predicted: [Int], actual: [Int], classCount: Int)
    case numbers(predicted: [Float], actual: [Float])
  }
}
