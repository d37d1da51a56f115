import GPUMLGraph
import GPUMLSystem

/// How raw features become a model's `float32` input.
///
/// Missing values are replaced, a table's texts become one-hot, and then every feature is
/// `(x - center) · scale`. It is fitted on the training examples and saved with the model, so that
/// inference does the same.
public struct Preprocessing: Sendable, Equatable {
  /// The shape of one raw example; of a table, one number a column.
  public let featureShape: [Int]
  /// The shape of one example of the model's input: as `featureShape`, but of a table, one number a
  /// feature.
  public let inputShape: [Int]
  /// What is subtracted: one number for all inputs, or one an input.
  public let center: [Float]
  /// What is multiplied afterwards: one number for all inputs, or one an input.
  public let scale: [Float]
  /// What replaces a missing value (NaN), before scaling: one number a raw feature, or empty where
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
  /// - Throws: `DataError.invalidValue` if a count is neither 1 nor the number of inputs, or a
  ///   number is not finite.
  public init(
    featureShape: [Int], center: [Float], scale: [Float], fill: [Float] = [],
    table: TableEncoding? = nil
  ) throws {
    func failure(_ reason: String) -> DataError {
      .invalidValue(operation: "Preprocessing", reason: reason)
    }
    guard let rawWidth = HostTensor.elementCount(of: featureShape), rawWidth > 0 else {
      throw failure("the feature shape \(featureShape) is empty or overflows")
    }
    if let table, table.columns.count != rawWidth {
      throw failure("\(table.columns.count) columns for \(rawWidth) features")
    }
    let width = table?.width ?? rawWidth
    guard width > 0, center.count == scale.count, center.count == 1 || center.count == width else {
      throw failure(
        "\(center.count) centers and \(scale.count) scales for \(width) inputs")
    }
    guard fill.isEmpty || fill.count == rawWidth else {
      throw failure("\(fill.count) fill values for \(rawWidth) features")
    }
    guard (center + scale + fill).allSatisfy({ $0.isFinite }) else {
      throw failure("a number is not finite")
    }
    self.featureShape = featureShape
    inputShape = table.map { [$0.width] } ?? featureShape
    self.center = center
    self.scale = scale
    self.fill = fill
    self.table = table
  }

  /// The same, with another column to predict if it is of a table.
  func naming(target: String) throws -> Preprocessing {
    try Preprocessing(
      featureShape: featureShape, center: center, scale: scale, fill: fill,
      table: table.map { TableEncoding(columns: $0.columns, target: target) })
  }

  /// The inputs of some examples: `float32` of shape `[indices.count] + inputShape`.
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
    let (_, overflow) = max(width, HostTensor.elementCount(of: inputShape) ?? 0)
      .multipliedReportingOverflow(by: indices.count)
    guard !overflow else {
      throw DataError.invalidValue(
        operation: "Preprocessing", reason: "\(indices.count) examples are too many")
    }
    var values: [Float]
    switch dataset.features {
    case .uint8(let bytes) where table == nil:
      values =
        if center.count == 1 {
          RowGather.affine(bytes, rows: indices, width: width, center: center[0], scale: scale[0])
        } else {
          RowGather.affine(bytes, rows: indices, width: width, center: center, scale: scale)
        }
    case .float32(let floats) where table?.isPlain ?? true:
      values =
        if center.count == 1 {
          RowGather.affine(floats, rows: indices, width: width, center: center[0], scale: scale[0])
        } else {
          RowGather.affine(floats, rows: indices, width: width, center: center, scale: scale)
        }
      try replaceMissing(&values, width: width, indices: indices)
    case .uint8, .float32, .stored:
      let raw = try dataset.features.floats(rows: indices, width: width)
      values = try inputs(of: raw, width: width, indices)
    }
    return HostTensor(shape: [indices.count] + inputShape, storage: .float32(values))
  }

  /// The inputs of all examples.
  ///
  /// - Throws: As `apply(to:indices:)`.
  public func apply(to dataset: Dataset) throws -> HostTensor {
    try apply(to: dataset, indices: Array(0..<dataset.count))
  }

  /// The inputs of rows that were gathered already.
  private func inputs(
    of raw: [Float], width: Int, _ indices: [Int]
  ) throws(DataError) -> [Float] {
    if let table, !table.isPlain { return try expand(raw, table, indices) }
    let rows = Array(indices.indices)
    var values =
      if center.count == 1 {
        RowGather.affine(raw, rows: rows, width: width, center: center[0], scale: scale[0])
      } else {
        RowGather.affine(raw, rows: rows, width: width, center: center, scale: scale)
      }
    try replaceMissing(&values, width: width, indices: indices)
    return values
  }

  private func replaceMissing(
    _ values: inout [Float], width: Int, indices: [Int]
  ) throws(DataError) {
    guard table != nil || !fill.isEmpty else { return }
    for index in values.indices where values[index].isNaN {
      let feature = index % width
      guard !fill.isEmpty else { throw missing(feature, indices[index / width]) }
      let position = center.count == 1 ? 0 : feature
      values[index] = (fill[feature] - center[position]) * scale[position]
    }
  }

  private func missing(_ feature: Int, _ example: Int) -> DataError {
    let name = table?.columns[feature].name ?? "\(feature)"
    return .invalidValue(
      operation: "Preprocessing",
      reason: "'\(name.excerpt())' of example \(example) is missing")
  }

  /// The inputs of rows that hold one number a column.
  private func expand(
    _ raw: [Float], _ table: TableEncoding, _ indices: [Int]
  ) throws(DataError) -> [Float] {
    let width = table.width
    let isUniform = center.count == 1
    let centers = isUniform ? [Float](repeating: center[0], count: width) : center
    let scales = isUniform ? [Float](repeating: scale[0], count: width) : scale
    // What a feature is where its category or mark does not hold.
    let absent = (0..<width).map { (0 - centers[$0]) * scales[$0] }
    var values: [Float] = []
    values.reserveCapacity(indices.count * width)
    for _ in indices { values += absent }
    let columns = zip(table.columns, table.firstFeatures).map {
      ($0.kind, $1, $0.valueWidth, $0.marksMissing)
    }
    for row in indices.indices {
      let start = row * width
      for (place, (kind, first, valueWidth, marksMissing)) in columns.enumerated() {
        var value = raw[row * columns.count + place]
        if value.isNaN {
          if marksMissing {
            let mark = first + valueWidth
            values[start + mark] = (1 - centers[mark]) * scales[mark]
          }
          if kind == .category { continue }
          guard !fill.isEmpty else { throw missing(place, indices[row]) }
          value = fill[place]
        }
        if kind != .category {
          values[start + first] = (value - centers[first]) * scales[first]
        } else if value >= 0, value < Float(valueWidth) {
          let feature = first + Int(value)
          values[start + feature] = (1 - centers[feature]) * scales[feature]
        }
      }
    }
    return values
  }
}
