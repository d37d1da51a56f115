import GPUMLGraph
import GPUMLSystem

/// How raw features become a model's `float32` input: `(x - center) · scale`, feature by feature.
///
/// It is fitted on the training examples and saved with the model, so that inference does the same.
public struct Preprocessing: Sendable, Equatable {
  /// The shape of one example.
  public let featureShape: [Int]
  /// What is subtracted: one number for all features, or one a feature.
  public let center: [Float]
  /// What is multiplied afterwards: one number for all features, or one a feature.
  public let scale: [Float]
  /// What replaces a missing value (NaN), before scaling: one number a feature, or empty where
  /// values cannot be missing.
  public let fill: [Float]
  /// How a table's columns become features; nil if they come from elsewhere.
  public let table: TableEncoding?

  /// Features as they are.
  ///
  /// - Throws: `DataError.invalidValue` if the shape is empty or overflows.
  public init(featureShape: [Int]) throws {
    try self.init(featureShape: featureShape, center: [0], scale: [1])
  }

  /// Takes the numbers as they are.
  ///
  /// - Throws: `DataError.invalidValue` if a count is neither 1 nor the number of features, or a
  ///   number is not finite.
  public init(
    featureShape: [Int], center: [Float], scale: [Float], fill: [Float] = [],
    table: TableEncoding? = nil
  ) throws {
    func failure(_ reason: String) -> DataError {
      .invalidValue(operation: "Preprocessing", reason: reason)
    }
    guard let width = HostTensor.elementCount(of: featureShape), width > 0 else {
      throw failure("the feature shape \(featureShape) is empty or overflows")
    }
    guard center.count == scale.count, center.count == 1 || center.count == width else {
      throw failure(
        "\(center.count) centers and \(scale.count) scales for \(width) features")
    }
    guard fill.isEmpty || fill.count == width else {
      throw failure("\(fill.count) fill values for \(width) features")
    }
    guard (center + scale + fill).allSatisfy({ $0.isFinite }) else {
      throw failure("a number is not finite")
    }
    if let table, table.width != width {
      throw failure("columns that make \(table.width) features for \(width)")
    }
    self.featureShape = featureShape
    self.center = center
    self.scale = scale
    self.fill = fill
    self.table = table
  }

  /// The inputs of some examples: `float32` of shape `[indices.count] + featureShape`.
  ///
  /// - Throws: `DataError.invalidValue` if the dataset's examples are of another shape, an index is
  ///   outside it, or a value is missing that nothing replaces.
  public func apply(to dataset: Dataset, indices: [Int]) throws -> HostTensor {
    guard dataset.featureShape == featureShape else {
      throw DataError.invalidValue(
        operation: "Preprocessing",
        reason: "examples of shape \(dataset.featureShape) where \(featureShape) is wanted")
    }
    try dataset.check(indices, operation: "Preprocessing")
    let width = dataset.featureCount
    let (_, overflow) = width.multipliedReportingOverflow(by: indices.count)
    guard !overflow else {
      throw DataError.invalidValue(
        operation: "Preprocessing", reason: "\(indices.count) examples are too many")
    }
    var values: [Float]
    switch dataset.features {
    case .uint8(let bytes):
      values =
        if center.count == 1 {
          RowGather.affine(bytes, rows: indices, width: width, center: center[0], scale: scale[0])
        } else {
          RowGather.affine(bytes, rows: indices, width: width, center: center, scale: scale)
        }
    case .float32(let floats):
      values =
        if center.count == 1 {
          RowGather.affine(floats, rows: indices, width: width, center: center[0], scale: scale[0])
        } else {
          RowGather.affine(floats, rows: indices, width: width, center: center, scale: scale)
        }
      try replaceMissing(&values, width: width, indices: indices)
    }
    return HostTensor(shape: [indices.count] + featureShape, storage: .float32(values))
  }

  /// The inputs of all examples.
  ///
  /// - Throws: As `apply(to:indices:)`.
  public func apply(to dataset: Dataset) throws -> HostTensor {
    try apply(to: dataset, indices: Array(0..<dataset.count))
  }

  private func replaceMissing(
    _ values: inout [Float], width: Int, indices: [Int]
  ) throws(DataError) {
    guard table != nil || !fill.isEmpty else { return }
    for index in values.indices where values[index].isNaN {
      let feature = index % width
      guard !fill.isEmpty else {
        let name = table?.featureNames[feature] ?? "\(feature)"
        throw .invalidValue(
          operation: "Preprocessing",
          reason: "feature '\(name.excerpt())' of example \(indices[index / width]) is missing")
      }
      let position = center.count == 1 ? 0 : feature
      values[index] = (fill[feature] - center[position]) * scale[position]
    }
  }
}

extension Preprocessing: Codable {
  private enum CodingKeys: String, CodingKey {
    case featureShape, center, scale, fill, table
  }

  /// Reads and checks a saved preprocessing.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      featureShape: try values.decode([Int].self, forKey: .featureShape),
      center: try values.decode([Float].self, forKey: .center),
      scale: try values.decode([Float].self, forKey: .scale),
      fill: try values.decode([Float].self, forKey: .fill),
      table: try values.decodeIfPresent(TableEncoding.self, forKey: .table))
  }
}
