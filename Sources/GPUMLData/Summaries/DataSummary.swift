import GPUMLGraph

/// What a data source holds, for who wants to know before training on it.
package struct DataSummary: Sendable {
  /// What a training would predict.
  package struct Target: Sendable {
    /// The column; nil if the source is no table.
    package let name: String?
    /// The classes and how many examples each has; nil if numbers are predicted.
    package let classes: [(label: String, count: Int)]?
    /// The rows whose label is missing.
    package let missing: Int
  }

  /// The source's name.
  package let source: String
  /// The number of examples.
  package let count: Int
  /// The number of the source's own test examples; nil if it has none.
  package private(set) var testCount: Int?
  /// The columns of a table; empty if the source is none.
  package private(set) var columns: [ColumnProfile] = []
  /// The shape and the range of one example's values; nil for a table.
  package private(set) var array: (shape: [Int], minimum: Float, maximum: Float)?
  /// The examples that are like one before them; nil if there are too many examples to tell.
  package private(set) var duplicates: Int?
  /// What would be predicted; nil if the source has no labels.
  package private(set) var target: Target?
  /// The columns that alone tell nearly all of the target.
  package private(set) var restating: [String] = []
  /// What a training would leave out or pool, and what may be a mistake.
  package private(set) var notes: [DataNote] = []

  /// Looks at all of a source.
  ///
  /// - Parameters:
  ///   - source: As `Dataset.load` takes it.
  ///   - options: How it would be read to learn from.
  /// - Throws: `DataError`.
  package init(of source: String, options: LoadOptions = LoadOptions()) throws {
    // Opened once: standard input cannot be read again.
    let content = try DataContent(opening: source)
    if case .table(let table) = content {
      try self.init(of: Table(table, header: options.header), options)
    } else {
      try self.init(of: Dataset.load(content, options))
    }
  }

  private init(of data: LoadedData) throws {
    source = data.name
    count = data.train.count
    testCount = data.test?.count
    var (low, high) = (Float.infinity, -Float.infinity)
    switch data.train.features {
    case .uint8(let values):
      low = Float(values.min() ?? 0)
      high = Float(values.max() ?? 0)
    case .float32(let values):
      for value in values { (low, high) = (min(low, value), max(high, value)) }
    case .stored:
      try data.train.features.forEachBlock(0..<count, width: data.train.featureCount) { values, _ in
        for value in values { (low, high) = (min(low, value), max(high, value)) }
      }
    }
    array = (data.train.featureShape, low, high)
    duplicates = try count - data.train.withoutDuplicates().count
    notes = data.notes
    switch data.train.labels {
    case .none: break
    case .targets: target = Target(name: nil, classes: nil, missing: 0)
    case .classes(let classes, let names):
      var counts = [Int](repeating: 0, count: names.count)
      for index in classes { counts[Int(index)] += 1 }
      target = Target(name: nil, classes: zip(names, counts).map { ($0, $1) }, missing: 0)
    }
  }

  /// The most rows among which duplicates are looked for: each takes some memory.
  private static let mostRows = 5_000_000
  /// The most rows that are looked at to find columns that restate the target.
  private static let sampledRows = 50_000

  init(of table: Table, _ options: LoadOptions) throws {
    let place = try options.target.map { name throws(DataError) in
      try table.index(ofColumn: name)
    }
    let goal = place ?? table.columnCount - 1
    let profile = try table.profile(target: goal)
    source = table.file
    count = profile.rowCount
    columns = profile.columns
    if count <= DataSummary.mostRows { duplicates = try table.duplicateCount() }
    let column = profile.columns[goal]
    let labels = try LabelEncoder(table, profile, place: goal, task: options.task)
    let classes = labels.names.map { names in
      let counts = labels.counts(column.values)
      return names.map { (label: $0, count: counts[$0] ?? 0) }
    }
    target = Target(name: column.name, classes: classes, missing: column.missing)
    let others = columns.indices.filter { $0 != goal }
    guard !others.isEmpty else { return }
    do {
      let chosen = try TableEncoding.chosen(
        from: profile, file: table.file, columns: others, target: column.name,
        marksMissing: options.marksMissing)
      notes = chosen.notes
      let sample = try table.encoded(
        chosen.encoding, places: chosen.places, labels: labels, skipsUnlabelled: true,
        every: max(1, count / DataSummary.sampledRows))
      restating = try sample.dataset.restatingColumns(chosen.encoding)
      notes += restating.map { Dataset.restatement($0, column.name) }
    } catch let error as DataError {
      // What keeps a training from starting is what one wants to know here.
      notes.append(.warning("\(error)"))
    }
    if column.missing > 0 {
      notes.append(
        .warning("column '\(column.name.excerpt())' lacks the label in \(column.missing) rows"))
    }
  }
}

extension Table {
  /// The rows that are like one before them in every cell.
  ///
  /// Rows are told apart by 64 bits of a keyed hash: of five million different rows, two have the
  /// same with a probability below one in a million.
  func duplicateCount() throws(DataError) -> Int {
    var seen: Set<Int> = []
    var reader = try reader()
    while try reader.next() {
      let bytes = reader.bytes
      var hasher = Hasher()
      for cell in reader.cells {
        hasher.combine(cell.length)
        for index in cell.start..<cell.end { hasher.combine(bytes[index]) }
      }
      seen.insert(hasher.finalize())
    }
    return reader.rowCount - seen.count
  }
}
