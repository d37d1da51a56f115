import GPUMLData

/// What came of an epoch.
public struct EpochReport: Sendable, Equatable, Codable {
  /// The epoch, counted from 1.
  public let epoch: Int
  /// All epochs.
  public let epochs: Int
  /// The mean loss of the examples learned from, each at its own step.
  public let trainLoss: Double
  /// The share of them that was right at its own step; nil if numbers are predicted.
  public let trainAccuracy: Double?
  /// Measures on the validation examples after the epoch, if there are some.
  public internal(set) var validation: Evaluation?
  /// The learning rate of the last step.
  public let learningRate: Double
  /// The time that the steps took.
  public let seconds: Double
  /// Examples a second.
  public let samplesPerSecond: Double
  /// Whether this epoch is the best so far.
  public let isBest: Bool
}

extension EpochReport: CustomStringConvertible {
  /// One line for people, such as `epoch  3/30  loss 0.1023  val_loss 0.1311  val_accuracy 0.9610`.
  public var description: String {
    let total = String(epochs)
    let place = String(epoch)
    let space = String(repeating: " ", count: max(0, total.count - place.count))
    // What chooses the best epoch is enough for a line; a file has the rest.
    var told = [(name: "loss", value: trainLoss)]
    if validation == nil { told += metrics.dropFirst() }
    told += metrics.filter { ["val_loss", "val_accuracy", "val_r2"].contains($0.name) }
    let fields = told.map { "\($0.name) \($0.value.fixed(4))" } + ["\(seconds.fixed(2)) s"]
    return (["epoch \(space)\(place)/\(total)"] + fields).joined(separator: "  ")
      + (isBest && validation != nil ? "  best" : "")
  }

  /// The metrics under the names that scripts read.
  public var metrics: [(name: String, value: Double)] {
    var fields = [(name: "train_loss", value: trainLoss)]
    if let trainAccuracy { fields.append(("train_accuracy", trainAccuracy)) }
    return fields + (validation?.metrics(prefix: "val_") ?? [])
  }
}

extension Evaluation {
  /// The metrics that exist, under the names that scripts read.
  ///
  /// - Parameter prefix: Such as `val_`.
  public func metrics(prefix: String) -> [(name: String, value: Double)] {
    let fields: [(String, Double?)] = [
      ("loss", loss), ("accuracy", accuracy), ("top\(topK ?? 0)_accuracy", topKAccuracy),
      ("macro_precision", macro?.precision), ("macro_recall", macro?.recall),
      ("macro_f1", macro?.f1), ("roc_auc", rocAUC), ("r2", r2), ("rmse", rmse), ("mae", mae),
    ]
    return fields.compactMap { name, value in value.map { (prefix + name, $0) } }
  }

  /// Whether this is better than `other`: a higher accuracy, of equal ones and for numbers a lower
  /// loss.
  func isBetter(than other: Evaluation) -> Bool {
    if let accuracy, let otherAccuracy = other.accuracy, accuracy != otherAccuracy {
      return accuracy > otherAccuracy
    }
    return loss < other.loss
  }
}
