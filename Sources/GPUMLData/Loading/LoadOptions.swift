/// What is learned: a class or a number.
public enum LearningTask: String, Sendable, Codable, CaseIterable {
  /// Decided by the labels: texts, bools and few different whole numbers are classes.
  case automatic = "auto"
  /// One of several classes.
  case classification = "classify"
  /// A number.
  case regression = "regress"
}

/// How a data source is read.
public struct LoadOptions: Sendable, Equatable {
  /// The table's column to predict; by default the last.
  public var target: String?
  /// Whether the source has labels; without, every column is a feature.
  public var isLabelled: Bool
  /// What is learned.
  public var task: LearningTask
  /// Whether the table's first row names its columns.
  public var header: TableHeader
  /// Columns to leave out.
  public var dropping: [String]
  /// The only columns to use as features; nil for all but the target and the dropped.
  public var features: [String]?
  /// A file of labels (IDX or NPY) that belongs to a file of arrays.
  public var labelsFile: String?
  /// How features are scaled; nil for what suits the source.
  public var scaling: FeatureScaling?
  /// What replaces missing values.
  public var imputation: Imputation
  /// Whether columns with missing values get a feature that marks them.
  public var marksMissing: Bool
  /// The preprocessing of a model that exists, to be used in the place of one fitted to the data; then
  /// it decides which columns are features.
  public var fitted: Preprocessing?
  /// Whether rows that are alike in every used column and the label are kept only once.
  public var dropsDuplicates: Bool

  /// The defaults: labels in the last column, everything else found out from the data.
  public init(
    target: String? = nil, isLabelled: Bool = true, task: LearningTask = .automatic,
    header: TableHeader = .automatic, dropping: [String] = [], features: [String]? = nil,
    labelsFile: String? = nil, scaling: FeatureScaling? = nil, imputation: Imputation = .median,
    marksMissing: Bool = false, dropsDuplicates: Bool = false, fitted: Preprocessing? = nil
  ) {
    self.target = target
    self.isLabelled = isLabelled
    self.task = task
    self.header = header
    self.dropping = dropping
    self.features = features
    self.labelsFile = labelsFile
    self.scaling = scaling
    self.imputation = imputation
    self.marksMissing = marksMissing
    self.dropsDuplicates = dropsDuplicates
    self.fitted = fitted
  }
}

/// What a source gave: examples, and how they are best prepared.
public struct LoadedData: Sendable, Equatable {
  /// The source's name, for reports.
  public let name: String
  /// The examples to learn from, and to split a validation part from.
  public let train: Dataset
  /// The source's own test examples, if it has some.
  public let test: Dataset?
  /// How the features are scaled.
  public let scaling: FeatureScaling
  /// What replaces missing values.
  public let imputation: Imputation
  /// How a table's columns become features; nil if the source is no table.
  public let table: TableEncoding?
  /// The preprocessing of a model that exists; nil where one is to be fitted.
  public let fitted: Preprocessing?
  /// What was left out or pooled, and what may be a mistake.
  public let notes: [DataNote]

  /// The shape of one example of a model's input.
  public var inputShape: [Int] {
    fitted?.inputShape ?? table.map { [$0.width] } ?? train.featureShape
  }

  /// The preprocessing, fitted to the training examples alone.
  ///
  /// - Parameter indices: Those of `train` that are learned from; nil for all.
  /// - Throws: `DataError.invalidValue`, as `Preprocessing.fitted`.
  public func preprocessing(fittedTo indices: [Int]? = nil) throws -> Preprocessing {
    if let fitted { return fitted }
    return try Preprocessing.fitted(
      to: train, indices: indices, scaling: scaling, imputation: imputation, table: table)
  }
}
