import GPUMLGraph
import GPUMLSystem

/// Examples: features of one shape and, if they are known, labels.
///
/// Features stay in the type they came in; a `Preprocessing` turns them into a model's input.
public struct Dataset: Sendable, Equatable {
  /// The examples' values, one example after the other, each in row-major order.
  public enum Features: Sendable, Equatable {
    /// Bytes, as pixels are.
    case uint8([UInt8])
    /// Numbers; NaN stands for a missing value.
    case float32([Float])
    /// Numbers on disk, where they are too many for memory.
    case stored(StoredRows)

    /// The number of values of all examples.
    public var count: Int {
      switch self {
      case .uint8(let values): values.count
      case .float32(let values): values.count
      case .stored(let rows): rows.count
      }
    }
  }

  /// What is to be predicted.
  public enum Labels: Sendable, Equatable {
    /// The index of each example's class in `names`.
    case classes([Int32], names: [String])
    /// A number for each example.
    case targets([Float])
    /// Nothing is known.
    case none
  }

  /// All examples' values.
  public let features: Features
  /// The shape of one example, such as `[4]` or `[1, 28, 28]` (channels, rows, columns).
  public let featureShape: [Int]
  /// What is to be predicted.
  public let labels: Labels
  /// The number of examples.
  public let count: Int

  /// The number of values of one example.
  public var featureCount: Int { HostTensor.elementCount(of: featureShape) ?? 0 }

  /// The classes' names, in the order of their indices; empty unless `labels` are classes.
  public var classNames: [String] {
    if case .classes(_, let names) = labels { names } else { [] }
  }

  /// Wraps values.
  ///
  /// - Parameters:
  ///   - features: `count` examples of `featureShape`.
  ///   - featureShape: The shape of one example; every size at least 1.
  ///   - labels: One for each example, or none.
  ///   - count: The number of examples.
  /// - Throws: `DataError.invalidValue` if the counts do not agree or a class has no name.
  public init(features: Features, featureShape: [Int], labels: Labels, count: Int) throws {
    func failure(_ reason: String) -> DataError {
      .invalidValue(operation: "Dataset", reason: reason)
    }
    guard let width = HostTensor.elementCount(of: featureShape), width > 0 else {
      throw failure("the feature shape \(featureShape) is empty or overflows")
    }
    let (total, overflow) = width.multipliedReportingOverflow(by: count)
    guard count >= 0, !overflow, total == features.count else {
      throw failure(
        "\(features.count) values are not \(count) examples of shape \(featureShape)")
    }
    switch labels {
    case .classes(let indices, let names):
      guard indices.count == count else {
        throw failure("\(indices.count) labels for \(count) examples")
      }
      if let position = indices.firstIndex(where: { $0 < 0 || Int($0) >= names.count }) {
        throw failure(
          "label \(indices[position]) of example \(position) is not below \(names.count) classes")
      }
    case .targets(let targets):
      guard targets.count == count else {
        throw failure("\(targets.count) targets for \(count) examples")
      }
    case .none: break
    }
    self.init(checked: features, featureShape: featureShape, labels: labels, count: count)
  }

  private init(checked features: Features, featureShape: [Int], labels: Labels, count: Int) {
    self.features = features
    self.featureShape = featureShape
    self.labels = labels
    self.count = count
  }

  /// The examples at `indices`, in that order.
  ///
  /// - Throws: `DataError.invalidValue` for an index outside `0..<count`.
  public func subset(_ indices: [Int]) throws -> Dataset {
    try check(indices, operation: "Dataset.subset")
    let width = featureCount
    let features: Features =
      switch features {
      case .uint8(let values): .uint8(RowGather.copy(values, rows: indices, width: width))
      case .float32(let values): .float32(RowGather.copy(values, rows: indices, width: width))
      case .stored: try self.features.collected(indices, width: width)
      }
    let labels: Labels =
      switch labels {
      case .classes(let classes, let names): .classes(indices.map { classes[$0] }, names: names)
      case .targets(let targets): .targets(indices.map { targets[$0] })
      case .none: .none
      }
    return Dataset(
      checked: features, featureShape: featureShape, labels: labels, count: indices.count)
  }

  /// The same examples with each of another shape of as many values.
  ///
  /// - Throws: `DataError.invalidValue` if the number of values differs.
  public func reshaped(to featureShape: [Int]) throws -> Dataset {
    try Dataset(features: features, featureShape: featureShape, labels: labels, count: count)
  }

  /// - Throws: `DataError.invalidValue` for an index outside `0..<count`.
  func check(_ indices: [Int], operation: String) throws(DataError) {
    if let index = indices.first(where: { $0 < 0 || $0 >= count }) {
      throw .invalidValue(
        operation: operation, reason: "example \(index) of \(count) does not exist")
    }
  }

  /// The labels of some examples as a tensor: `int32` classes or `float32` targets.
  func labelTensor(_ indices: [Int]) -> HostTensor? {
    switch labels {
    case .classes(let classes, _): HostTensor(indices.map { classes[$0] })
    case .targets(let targets): HostTensor(indices.map { targets[$0] })
    case .none: nil
    }
  }
}
