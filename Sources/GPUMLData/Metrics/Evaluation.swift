/// How good a model is on labelled examples.
public struct Evaluation: Sendable, Equatable {
  /// The number of examples.
  public let count: Int
  /// The mean loss over the examples.
  public let loss: Double
  /// The share of right predictions; nil if numbers are predicted.
  public let accuracy: Double?
  /// How often each class was taken for each other; nil if numbers are predicted.
  public let confusion: ConfusionMatrix?
  /// The share of the targets' variance that is explained; nil if classes are predicted.
  public let r2: Double?
  /// The root of the mean squared error; nil if classes are predicted.
  public let rmse: Double?
  /// The mean absolute error; nil if classes are predicted.
  public let mae: Double?

  /// Measures from all outputs together.
  ///
  /// - Parameters:
  ///   - outputs: A row of scores an example, or a number each.
  ///   - classCount: The width of a row; nil for numbers.
  /// - Throws: `DataError.invalidValue` if the counts do not agree or a class is out of range.
  package init(
    loss: Double, outputs: [Float], targets: Targets, classCount: Int?
  ) throws {
    self.loss = loss
    switch targets {
    case .classes(let labels):
      let classCount = classCount ?? 1
      var confusion = ConfusionMatrix(classCount: classCount)
      try confusion.add(
        predicted: Metrics.argmax(outputs, classCount: classCount), actual: labels)
      count = labels.count
      accuracy = confusion.accuracy
      self.confusion = confusion
      (r2, rmse, mae) = (nil, nil, nil)
    case .numbers(let numbers):
      count = numbers.count
      (accuracy, confusion) = (nil, nil)
      r2 = try Metrics.r2(predicted: outputs, actual: numbers)
      rmse = try Metrics.rootMeanSquaredError(predicted: outputs, actual: numbers)
      mae = try Metrics.meanAbsoluteError(predicted: outputs, actual: numbers)
    }
  }

  /// What should have been predicted.
  package enum Targets {
    case classes([Int])
    case numbers([Float])
  }
}
