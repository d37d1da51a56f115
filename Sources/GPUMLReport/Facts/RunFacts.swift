/// What a run's page tells beside its settings and its epochs; the content of `report.json`.
///
/// It is small whatever the data: long lists are cut or pooled before they come here.
public struct RunFacts: Sendable, Equatable, Codable {
  /// The version of the form that is written.
  public static let currentSchema = 1

  /// The version of the form.
  public var schema = RunFacts.currentSchema
  /// Whether classes are predicted; else numbers.
  public var isClassifying: Bool
  /// Why the training ended: `completed`, `stoppedEarly` or `cancelled`.
  public var ending: String
  /// The epoch whose weights were kept, counted from 1.
  public var bestEpoch: Int
  /// The device and why it was chosen, in one line.
  public var device: String
  /// The time of everything.
  public var seconds: Double
  /// Examples a second while it trained.
  public var samplesPerSecond: Double
  /// What was learned from.
  public var data: DataFacts
  /// What was trained.
  public var model: NetworkFacts
  /// What came of the best weights on examples that were not learned from; nil if there were none.
  public var outcome: OutcomeFacts?
  /// What came of the folds of a cross-validation; nil without one.
  public var folds: FoldFacts?

  /// Puts the facts together.
  public init(
    isClassifying: Bool, ending: String, bestEpoch: Int, device: String, seconds: Double,
    samplesPerSecond: Double, data: DataFacts, model: NetworkFacts, outcome: OutcomeFacts? = nil
  ) {
    self.isClassifying = isClassifying
    self.ending = ending
    self.bestEpoch = bestEpoch
    self.device = device
    self.seconds = seconds
    self.samplesPerSecond = samplesPerSecond
    self.data = data
    self.model = model
    self.outcome = outcome
  }
}

/// What came of the folds of a cross-validation.
public struct FoldFacts: Sendable, Equatable, Codable {
  /// One fold.
  public struct Fold: Sendable, Equatable, Codable {
    /// The epoch that was measured, counted from 1.
    public var bestEpoch: Int
    /// What was measured, in the order of `means`.
    public var metrics: [OutcomeFacts.Metric]

    /// Puts both together; what is not finite is left out.
    public init(bestEpoch: Int, metrics: [OutcomeFacts.Metric]) {
      self.bestEpoch = bestEpoch
      self.metrics = metrics.filter(\.value.isFinite)
    }
  }

  /// The first folds in their order; of very many not all are told.
  public var folds: [Fold]
  /// How many there are.
  public var count: Int
  /// The mean of each metric over all folds.
  public var means: [OutcomeFacts.Metric]
  /// The standard deviation of each metric.
  public var deviations: [OutcomeFacts.Metric]

  /// The most folds that are listed.
  private static let mostFolds = 100

  /// Keeps the first folds.
  public init(
    folds: [Fold], means: [OutcomeFacts.Metric], deviations: [OutcomeFacts.Metric]
  ) {
    self.folds = Array(folds.prefix(FoldFacts.mostFolds))
    count = folds.count
    self.means = means.filter(\.value.isFinite)
    self.deviations = deviations.filter(\.value.isFinite)
  }
}

/// What a training learned from.
public struct DataFacts: Sendable, Equatable, Codable {
  /// The source's name.
  public var source: String
  /// The column that is predicted; nil if the source is no table.
  public var target: String?
  /// The shape of one raw example; of a table, one number a column.
  public var featureShape: [Int]
  /// The examples that were learned from.
  public var trainCount: Int
  /// The examples that chose the best epoch.
  public var validationCount: Int
  /// The examples that had no part in the training.
  public var testCount: Int
  /// The number of classes; nil if numbers are predicted.
  public var classCount: Int?

  /// Puts the facts together.
  public init(
    source: String, target: String? = nil, featureShape: [Int], trainCount: Int,
    validationCount: Int, testCount: Int, classCount: Int? = nil
  ) {
    self.source = source
    self.target = target
    self.featureShape = featureShape
    self.trainCount = trainCount
    self.validationCount = validationCount
    self.testCount = testCount
    self.classCount = classCount
  }
}

/// The layers of a model.
public struct NetworkFacts: Sendable, Equatable, Codable {
  /// One layer.
  public struct Layer: Sendable, Equatable, Codable {
    /// The dotted path, such as `layers.0`.
    public var name: String
    /// What kind of layer it is.
    public var kind: String
    /// The shape of its output, such as `[batch, 10]`.
    public var output: String
    /// The number of elements of its parameters.
    public var parameters: Int

    /// Puts the facts together.
    public init(name: String, kind: String, output: String, parameters: Int) {
      self.name = name
      self.kind = kind
      self.output = output
      self.parameters = parameters
    }
  }

  /// The most layers that are listed.
  public static let mostLayers = 200

  /// The first layers in the order of computation.
  public var layers: [Layer]
  /// How many more there are.
  public var omitted: Int
  /// The number of elements of all parameters.
  public var parameters: Int

  /// Keeps the first layers.
  public init(layers: [Layer], parameters: Int) {
    self.layers = Array(layers.prefix(NetworkFacts.mostLayers))
    omitted = max(0, layers.count - NetworkFacts.mostLayers)
    self.parameters = parameters
  }
}
