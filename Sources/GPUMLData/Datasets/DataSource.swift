import GPUMLGraph

/// Some examples, ready for a model.
public struct Batch: Sendable, Equatable {
  /// The inputs, `float32` of shape `[count] + featureShape`.
  public let inputs: HostTensor
  /// `int32` classes or `float32` targets of shape `[count]`; nil where none are known.
  public let labels: HostTensor?
  /// The number of examples.
  public let count: Int

  /// Checks that the tensors hold the same number of examples.
  ///
  /// - Throws: `DataError.invalidValue` if they do not, or if `inputs` is a scalar.
  public init(inputs: HostTensor, labels: HostTensor?) throws {
    guard let count = inputs.shape.first else {
      throw DataError.invalidValue(operation: "Batch", reason: "inputs without a batch axis")
    }
    if let labels, labels.shape.first != count {
      throw DataError.invalidValue(
        operation: "Batch", reason: "labels of shape \(labels.shape) for \(count) inputs")
    }
    self.inputs = inputs
    self.labels = labels
    self.count = count
  }
}

/// What training and inference draw their examples from; conform to it to bring data of your own.
///
/// Batches are asked for ahead of time and several at once, from background tasks.
public protocol DataSource: Sendable {
  /// The number of examples.
  var count: Int { get }
  /// The shape of one example's input.
  var featureShape: [Int] { get }
  /// The classes' names in the order of their indices; empty where a number is predicted.
  var classNames: [String] { get }
  /// The examples at `indices`, in that order.
  ///
  /// - Throws: Any error; it ends the run.
  func batch(_ indices: [Int]) async throws -> Batch
}

extension DataSource {
  /// No classes.
  public var classNames: [String] { [] }
}

/// A dataset with the preprocessing that makes it a model's input.
public struct PreparedDataset: DataSource {
  /// The raw examples.
  public let dataset: Dataset
  /// How they become inputs.
  public let preprocessing: Preprocessing
  /// Which of the raw examples there are, in order; nil for all.
  public let indices: [Int]?

  /// Joins the two.
  ///
  /// - Parameter indices: Which of the dataset's examples there are, in order; nil for all.
  /// - Throws: `DataError.invalidValue` if the preprocessing is for examples of another shape, or an
  ///   index is outside the dataset.
  public init(
    _ dataset: Dataset, _ preprocessing: Preprocessing, indices: [Int]? = nil
  ) throws {
    if let indices { try dataset.check(indices, operation: "PreparedDataset") }
    guard dataset.featureShape == preprocessing.featureShape else {
      throw DataError.invalidValue(
        operation: "PreparedDataset",
        reason: "examples of shape \(dataset.featureShape) for a preprocessing of shape "
          + "\(preprocessing.featureShape)")
    }
    self.dataset = dataset
    self.preprocessing = preprocessing
    self.indices = indices
  }

  /// The number of examples.
  public var count: Int { indices?.count ?? dataset.count }
  /// The shape of one example's input.
  public var featureShape: [Int] { preprocessing.inputShape }
  /// The classes' names.
  public var classNames: [String] { dataset.classNames }

  /// The preprocessed examples at `indices`.
  ///
  /// - Throws: `DataError.invalidValue` for an index outside `0..<count` or a missing value.
  public func batch(_ indices: [Int]) throws -> Batch {
    var rows = indices
    if let own = self.indices {
      if let index = indices.first(where: { $0 < 0 || $0 >= own.count }) {
        throw DataError.invalidValue(
          operation: "PreparedDataset", reason: "example \(index) of \(own.count) does not exist")
      }
      rows = indices.map { own[$0] }
    }
    let inputs = try preprocessing.apply(to: dataset, indices: rows)
    return try Batch(inputs: inputs, labels: dataset.labelTensor(rows))
  }
}

extension Dataset: DataSource {
  /// The examples at `indices` as they are, as `float32`.
  ///
  /// - Throws: `DataError.invalidValue` for an index outside `0..<count`.
  public func batch(_ indices: [Int]) throws -> Batch {
    try PreparedDataset(self, Preprocessing(featureShape: featureShape)).batch(indices)
  }
}
