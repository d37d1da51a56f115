import GPUMLGraph

/// Reads a source's examples for a model some at a time, so that a table may be larger than memory.
///
/// A table's rows are read once, as they are asked for; what lies in arrays is there at once.
public actor DatasetReader {
  private enum Rest {
    case array(Dataset?)
    case table(TableExamples)
  }

  private var rest: Rest
  private var ahead: Dataset?

  /// Opens a source and finds the columns that the model takes, as `Dataset.load` does for a model.
  ///
  /// - Parameters:
  ///   - source: As for `Dataset.load(_:options:)`.
  ///   - preprocessing: The model's own.
  ///   - header: Whether the first row of a CSV or TSV text names the columns.
  ///   - onNote: Told of columns that are passed over.
  /// - Throws: `DataError`; also if the examples do not fit the model.
  public init(
    _ source: String, for preprocessing: Preprocessing, header: TableHeader = .automatic,
    onNote: (DataNote) -> Void = { _ in }
  ) throws {
    let array: Dataset
    var name = source
    switch try DataContent(opening: source, once: true) {
    case .digits: array = try Dataset.digits()
    case .folder(let folder):
      let (train, test) = try MNISTFolder.read(folder)
      array = test ?? train
    case .array(let tensor, let file, let isIDX):
      name = file
      array = try Dataset.from(tensor, file: file, addsChannel: isIDX)
    case .stored(let features, let shape, let file):
      name = file
      array = try Dataset.from(features, shape: shape, file: file)
    case .table(let table):
      rest = .table(
        try TableExamples(table, for: preprocessing, header: header, onNote: onNote))
      return
    }
    rest = .array(try array.fitted(to: preprocessing, file: name))
  }

  /// The next examples, without labels; nil after the last.
  ///
  /// - Parameters:
  ///   - count: The most rows of a table, at least 1. Arrays are given at once.
  ///   - waits: Whether to wait until so many have come; else only one is waited for.
  /// - Throws: `DataError` naming the line. Nothing is to be read after an error.
  public func next(_ count: Int, waits: Bool = true) throws -> Dataset? {
    if let ahead {
      self.ahead = nil
      return ahead
    }
    switch rest {
    case .array(let dataset):
      rest = .array(nil)
      return dataset
    case .table(var examples):
      // Not held twice, so that it is changed in place.
      rest = .array(nil)
      defer { rest = .table(examples) }
      return try examples.next(count, waits: waits)
    }
  }

  /// Reads the next examples, which `next` gives then, and tells how many they are.
  ///
  /// - Throws: As `next(_:)`.
  public func readAhead(_ count: Int, waits: Bool = true) throws -> Int {
    ahead = try next(count, waits: waits)
    return ahead?.count ?? 0
  }

  /// What there is to know of the rows so far: texts that the model does not know.
  public var notes: [DataNote] {
    if case .table(let examples) = rest { examples.notes } else { [] }
  }
}

/// The rows of a table as a model's examples.
private struct TableExamples {
  private let table: Table
  private var reader: TableReader
  private var encoder: RowEncoder
  private let featureShape: [Int]

  init(
    _ source: TableSource, for preprocessing: Preprocessing, header: TableHeader,
    onNote: (DataNote) -> Void
  ) throws(DataError) {
    (table, reader) = try Table.opening(
      source, header: header, expected: preprocessing.table?.columns.map(\.name))
    let (encoding, places) = try table.columns(for: preprocessing, target: nil, onNote: onNote)
    encoder = RowEncoder(encoding, places: places)
    featureShape = preprocessing.featureShape
  }

  mutating func next(_ most: Int, waits: Bool) throws -> Dataset? {
    var values: [Float] = []
    var count = 0
    while count < most, waits || count == 0 || reader.isNextHere, try reader.next() {
      try encoder.encode(reader, reader.bytes)
      values += encoder.row
      count += 1
    }
    if count == 0 {
      // Only now is it sure that none of the rows has them.
      try table.checkMissing(reader.missingColumns)
      return nil
    }
    return try Dataset(
      features: .float32(values), featureShape: featureShape, labels: .none, count: count)
  }

  var notes: [DataNote] { encoder.notes }
}
