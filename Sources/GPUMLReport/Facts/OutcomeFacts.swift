import GPUMLData

/// What came of a model on examples that it did not learn from.
public struct OutcomeFacts: Sendable, Equatable, Codable {
  /// Which examples these are.
  public enum Part: String, Sendable, Codable {
    /// Those that chose the best epoch.
    case validation
    /// Those that had no part in the training.
    case test
  }

  /// A measure and its name, such as `accuracy`.
  public struct Metric: Sendable, Equatable, Codable {
    /// The name that scripts read.
    public var name: String
    /// The measure.
    public var value: Double

    /// Puts both together.
    public init(name: String, value: Double) {
      self.name = name
      self.value = value
    }
  }

  /// Which examples these are.
  public var part: Part
  /// Their number.
  public var count: Int
  /// What was measured on them.
  public var metrics: [Metric]
  /// How classes were taken for each other; nil if numbers are predicted.
  public var classes: ClassFacts?
  /// The examples that were looked at one by one; 0 if none were.
  public var examined: Int
  /// The wrong predictions of the highest loss, the highest first.
  public var mistakes: [Mistake]
  /// Predicted and true numbers; nil if classes are predicted.
  public var numbers: NumberFacts?

  /// Puts the facts together.
  public init(
    part: Part, count: Int, metrics: [Metric], classes: ClassFacts? = nil, examined: Int = 0,
    mistakes: [Mistake] = [], numbers: NumberFacts? = nil
  ) {
    self.part = part
    self.count = count
    self.metrics = metrics.filter(\.value.isFinite)
    self.classes = classes
    self.examined = examined
    self.mistakes = Array(mistakes.prefix(Mistake.most))
    self.numbers = numbers
  }
}

/// An example that was taken for another class.
public struct Mistake: Sendable, Equatable, Codable {
  /// The most that are kept.
  public static let most = 24

  /// The example's place in the source, counted from 1.
  public var example: Int
  /// The name of its class.
  public var actual: String
  /// The name of the class that it was taken for.
  public var predicted: String
  /// How probable the model held that.
  public var probability: Double
  /// The cross-entropy of the example.
  public var loss: Double
  /// The example as a PNG file in base 64, if it is a picture.
  public var picture: String?

  /// Puts the facts together; long names are cut.
  public init(
    example: Int, actual: String, predicted: String, probability: Double, loss: Double,
    picture: String? = nil
  ) {
    self.example = example
    self.actual = actual.cut
    self.predicted = predicted.cut
    self.probability = probability
    self.loss = loss
    self.picture = picture
  }
}

extension String {
  /// The text as far as a page shows it.
  package var cut: String {
    let most = 60
    let head = unicodeScalars.prefix(most)
    return head.endIndex == unicodeScalars.endIndex ? self : String(head) + "…"
  }
}
