import GPUMLGraph

extension Dataset {
  /// Reads a table to learn from: looks at all of it, chooses what becomes of its columns, and reads
  /// it again as numbers.
  static func load(_ table: Table, _ options: LoadOptions) throws -> LoadedData {
    var target: Int?
    if options.isLabelled {
      target =
        try options.target.map { name throws(DataError) in
          try table.index(ofColumn: name)
        } ?? table.columnCount - 1
    }
    let dropped = Set(
      try options.dropping.map { name throws(DataError) in try table.index(ofColumn: name) })
    var columns = Array(0..<table.columnCount)
    if let names = options.features {
      let wanted = Set(try names.map { name throws(DataError) in try table.index(ofColumn: name) })
      columns = columns.filter { wanted.contains($0) }
    }
    columns = columns.filter { $0 != target && !dropped.contains($0) }
    let profile = try table.profile(
      ofColumns: columns + (target.map { [$0] } ?? []), target: target)
    let chosen = try TableEncoding.chosen(
      from: profile, file: table.file, columns: columns,
      target: target.map { table.columnNames[$0] }, marksMissing: options.marksMissing)
    let labels = try target.map { place throws(DataError) in
      try LabelEncoder(table, profile, place: place, task: options.task)
    }
    let encoded = try table.encoded(
      chosen.encoding, places: chosen.places, labels: labels, expecting: profile.rowCount)
    var notes = chosen.notes
    var dataset = encoded.dataset
    if options.dropsDuplicates { notes.append(try dataset.dropDuplicates()) }
    notes += try dataset.restatedTargets(chosen.encoding)
    return try loaded(
      table.file, dataset, options, .standard, table: chosen.encoding, notes: notes)
  }

  /// Reads a table to learn from by the columns of a model that exists; the labels are its own.
  static func load(
    _ table: Table, _ options: LoadOptions, fitted: Preprocessing
  ) throws -> LoadedData {
    let known = fitted.table?.target.flatMap { table.columnNames.firstIndex(of: $0) }
    let target =
      try options.target.map { name throws(DataError) in try table.index(ofColumn: name) }
      ?? known ?? table.columnCount - 1
    let profile = try table.profile(ofColumns: [target], target: target)
    let labels = try LabelEncoder(table, profile, place: target, task: options.task)
    var notes: [DataNote] = []
    let (encoding, places) = try table.columns(for: fitted, target: target) { notes.append($0) }
    guard !places.contains(target) else {
      throw DataError.malformed(
        file: table.file, line: nil,
        reason: "'\(table.columnNames[target].excerpt())' is to be predicted, and the model takes "
          + "it as an input")
    }
    let encoded = try table.encoded(encoding, places: places, labels: labels)
    notes += encoded.notes
    var dataset = encoded.dataset
    if options.dropsDuplicates { notes.append(try dataset.dropDuplicates()) }
    var options = options
    options.fitted = try fitted.naming(target: table.columnNames[target])
    return try loaded(
      table.file, dataset, options, .standard, table: options.fitted?.table, notes: notes)
  }

  /// Keeps the first of equal rows; tells how many went.
  private mutating func dropDuplicates() throws -> DataNote {
    let kept = try withoutDuplicates()
    let dropped = count - kept.count
    if dropped > 0 { self = try subset(kept) }
    return .note("\(dropped) duplicate rows are left out")
  }

  /// Reads a table for a model.
  ///
  /// - Parameter target: The column of labels, empty for the last; nil if none are wanted.
  static func load(
    _ table: Table, _ preprocessing: Preprocessing, classes: [String]?, target: String?,
    onNote: (DataNote) -> Void
  ) throws -> Dataset {
    var column: Int?
    if let target {
      let isLast = target.isEmpty || !table.hasHeader
      column = isLast ? table.columnCount - 1 : try table.index(ofColumn: target)
    }
    let (encoding, places) = try table.columns(for: preprocessing, target: column, onNote: onNote)
    let encoded = try table.encoded(
      encoding, places: places, labels: column.map { LabelEncoder(place: $0, classes: classes) })
    for note in encoded.notes { onNote(note) }
    return try encoded.dataset.reshaped(to: preprocessing.featureShape)
  }
}

extension TableEncoding {
  /// Where each column stands in a table.
  ///
  /// A table without a header is taken by position if it has as many columns as are used.
  ///
  /// - Throws: `DataError.malformed` naming every column that is missing.
  func places(in table: Table) throws(DataError) -> [Int] {
    if !table.hasHeader, table.columnCount == columns.count { return Array(columns.indices) }
    let places = Dictionary(
      table.columnNames.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let missing = columns.map(\.name).filter { places[$0] == nil }
    if missing.count == 1 { _ = try table.index(ofColumn: missing[0]) }
    try table.checkMissing(missing)
    return columns.compactMap { places[$0.name] }
  }
}

extension Table {
  /// How the rows become a model's examples, and where each of the encoding's columns stands.
  ///
  /// - Parameters:
  ///   - target: Where the labels stand, if they are wanted.
  ///   - onNote: Told of columns that are passed over.
  /// - Throws: `DataError.malformed` if the columns are not those that the model takes.
  func columns(
    for preprocessing: Preprocessing, target column: Int?, onNote: (DataNote) -> Void
  ) throws(DataError) -> (encoding: TableEncoding, places: [Int]) {
    // A model of arrays fed with a table takes its columns in order, the labels' left out.
    let encoding =
      preprocessing.table
      ?? TableEncoding(
        numericColumns: (0..<columnCount).filter { $0 != column }.map {
          columnNames[$0]
        })
    let width = HostTensor.elementCount(of: preprocessing.featureShape) ?? 0
    guard encoding.columns.count == width else {
      throw .malformed(
        file: file, line: nil,
        reason: "\(encoding.columns.count) columns where the model takes \(width) values")
    }
    let places = try encoding.places(in: self)
    if hasHeader, preprocessing.table != nil {
      let used = Set(places + [column].compactMap { $0 })
      let extra = (0..<columnCount).filter {
        !used.contains($0) && columnNames[$0] != encoding.target
      }
      if !extra.isEmpty {
        let names = extra.prefix(5).map { "'\(columnNames[$0].excerpt())'" }
          .joined(separator: ", ")
        let more = extra.count > 5 ? " and \(extra.count - 5) more" : ""
        onNote(.note("columns that the model does not use are passed over: \(names)\(more)"))
      }
    }
    return (encoding, places)
  }

  /// - Parameter columns: Those that a model takes and the table lacks.
  /// - Throws: `DataError.malformed` naming them, if there are any.
  func checkMissing(_ columns: [String]) throws(DataError) {
    guard !columns.isEmpty else { return }
    let names = columns.prefix(12).map { "'\($0.excerpt(limit: 30))'" }.joined(separator: ", ")
    let more = columns.count > 12 ? " and \(columns.count - 12) more" : ""
    let count = columns.count == 1 ? "a column" : "\(columns.count) columns"
    throw .malformed(
      file: file, line: nil, reason: "lacks \(count) that the model takes: \(names)\(more)")
  }

  /// Reads all rows as numbers.
  ///
  /// - Parameters:
  ///   - places: Where each of the encoding's columns stands.
  ///   - labels: Makes the labels; nil if none are wanted.
  ///   - skipsUnlabelled: Whether rows without a label are passed over rather than an error.
  ///   - step: Takes the first of every so many rows.
  ///   - rowCount: About how many rows there are: those of large tables go to disk.
  /// - Throws: `DataError.malformed` naming the line.
  func encoded(
    _ encoding: TableEncoding, places: [Int], labels: LabelEncoder?,
    skipsUnlabelled: Bool = false, every step: Int = 1, expecting rowCount: Int = 0
  ) throws -> (dataset: Dataset, notes: [DataNote]) {
    var encoder = RowEncoder(encoding, places: places)
    var labels = labels
    var values = try FeatureCollector(width: encoding.columns.count, expecting: rowCount)
    var count = 0
    var reader = try reader()
    while try reader.next() {
      if step > 1, (reader.rowCount - 1) % step != 0 { continue }
      let bytes = reader.bytes
      if skipsUnlabelled, let labels, labels.isMissing(reader, bytes) { continue }
      count += 1
      try encoder.encode(reader, bytes)
      try values.append(encoder.row)
      try labels?.add(reader, bytes)
    }
    let dataset = try Dataset(
      features: values.features(), featureShape: [encoding.columns.count],
      labels: labels?.labels ?? .none, count: count)
    return (dataset, encoder.notes)
  }
}

/// Makes numbers of the rows of a table.
struct RowEncoder {
  private var encoders: [CellEncoder]
  /// The numbers of the row that was encoded last, one a column.
  private(set) var row: [Float]

  /// - Parameter places: Where each of the encoding's columns stands.
  init(_ encoding: TableEncoding, places: [Int]) {
    encoders = zip(encoding.columns, places).map { CellEncoder($0, place: $1) }
    row = [Float](repeating: 0, count: encoding.columns.count)
  }

  /// Makes numbers of the reader's row.
  ///
  /// - Throws: As `CellEncoder.encode`.
  mutating func encode(_ reader: TableReader, _ bytes: [UInt8]) throws(DataError) {
    for index in encoders.indices { row[index] = try encoders[index].encode(reader, bytes) }
  }

  /// What there is to know of the rows so far.
  var notes: [DataNote] { encoders.compactMap(\.note) }
}
