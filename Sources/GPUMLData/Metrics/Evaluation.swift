/// How good a model is on labelled examples.
public struct Evaluation: Sendable, Equatable, Codable {
  /// The number of examples.
  public let count: Int
  /// The mean loss over the examples.
  public let loss: Double
  /// The share of right predictions; nil if numbers are predicted.
  public let accuracy: Double?
  /// Among how many of the highest scores the label counts as found; nil if that is not measured.
  public let topK: Int?
  /// The share of examples whose label is among the `topK` highest scores.
  public let topKAccuracy: Double?
  /// Precision, recall and F1, each the mean over the classes that there are examples or predictions
  /// of; nil if numbers are predicted.
  public let macro: ConfusionMatrix.Average?
  /// The area under the ROC curve: of two classes that of the second, of more the mean of each against
  /// the others. Nil if numbers are predicted, all examples are of one class, or there are so many
  /// examples and classes that their probabilities take more than 256 MiB.
  public let rocAUC: Double?
  /// How often each class was taken for each other; nil if numbers are predicted.
  public package(set) var confusion: ConfusionMatrix?
  /// The share of the targets' variance that is explained; nil if classes are predicted.
  public let r2: Double?
  /// The root of the mean squared error; nil if classes are predicted.
  public let rmse: Double?
  /// The mean absolute error; nil if classes are predicted.
  public let mae: Double?

  /// Measures classes from all that was said of them.
  ///
  /// - Throws: `DataError.invalidValue` if the scores do not agree with the labels.
  package init(loss: Double, _ scores: ClassScores) throws {
    self.loss = loss
    confusion = scores.confusion
    count = scores.confusion.total
    accuracy = scores.confusion.accuracy
    topK = scores.topK
    topKAccuracy = scores.topKAccuracy
    macro = scores.confusion.average
    rocAUC = try scores.rocAUC()
    (r2, rmse, mae) = (nil, nil, nil)
  }

  /// Measures numbers from all predictions together.
  ///
  /// - Throws: `DataError.invalidValue` if the counts do not agree.
  package init(loss: Double, predicted: [Float], actual: [Float]) throws {
    self.loss = loss
    count = actual.count
    (accuracy, topK, topKAccuracy, macro) = (nil, nil, nil, nil)
    (rocAUC, confusion) = (nil, nil)
    r2 = try Metrics.r2(predicted: predicted, actual: actual)
    rmse = try Metrics.rootMeanSquaredError(predicted: predicted, actual: actual)
    mae = try Metrics.meanAbsoluteError(predicted: predicted, actual: actual)
  }

  /// Five from ten classes on; among fewer a label is easily found, and nothing is measured.
  package static func defaultTopK(classCount: Int) -> Int? { classCount >= 10 ? 5 : nil }
}
