import GPUMLGraph
import GPUMLSystem

extension Dataset {
  /// Reads a source to learn from.
  ///
  /// - Parameter source: `digits`; a folder with the four MNIST files; an IDX, NPY, CSV, TSV or JSON
  ///   Lines file, gzip-compressed or not; `sqlite:PATH?table=NAME` or `sqlite:PATH?query=SELECT…`, if
  ///   `SQLite.enable()` of `GPUMLDatabase` was called; `-` for standard input.
  /// - Throws: `DataError`, one line that names the file and, in a table, the line.
  public static func load(
    _ source: String, options: LoadOptions = LoadOptions()
  ) throws -> LoadedData {
    try load(DataContent(opening: source), options)
  }

  static func load(_ content: DataContent, _ options: LoadOptions) throws -> LoadedData {
    switch content {
    case .digits:
      return try loaded("digits", try digits(), options, .fixed(center: 0, scale: 1 / 16))
    case .folder(let folder):
      let (train, test) = try MNISTFolder.read(folder)
      return try loaded(folder, train, test: test, options, suited(to: train))
    case .array(let array, let file, let isIDX):
      var labels: (HostTensor, String)?
      if let labelsFile = options.labelsFile {
        labels = (try labelArray(labelsFile), labelsFile)
      }
      let dataset = try from(
        array, file: file, addsChannel: isIDX, labels: labels, task: options.task)
      return try loaded(file, dataset, options, suited(to: dataset, isBool: array.dtype == .bool))
    case .stored(let features, let shape, let file):
      let labels = try options.labelsFile.map { (try labelArray($0), $0) }
      let dataset = try from(
        features, shape: shape, file: file, labels: labels, task: options.task)
      return try loaded(file, dataset, options, suited(to: dataset))
    case .table(let source):
      let table = try Table(source, header: options.header)
      return try options.fitted.map { try load(table, options, fitted: $0) }
        ?? load(table, options)
    }
  }

  /// Reads a source for a model that exists, to predict or to measure.
  ///
  /// Of a source with a test part, that part is read. A table's columns are found by name, whatever
  /// their order, and by position if it has no header and exactly the columns that are used; a
  /// column that the model needs and the table lacks is an error, others are passed over.
  ///
  /// - Parameters:
  ///   - source: As for `load(_:options:)`.
  ///   - preprocessing: The model's own.
  ///   - classes: The model's classes in its order; nil for a model that predicts a number.
  ///   - isLabelled: Whether labels are wanted too; a table's are in the column the model was trained
  ///     to predict, or in the last.
  ///   - options: Of these, `target`, `header` and `labelsFile` are used.
  ///   - onNote: Told of columns that are passed over and of texts that the model does not know.
  /// - Throws: `DataError`; also if the examples do not fit the model or a label is none of `classes`.
  public static func load(
    _ source: String, for preprocessing: Preprocessing, classes: [String]?,
    isLabelled: Bool = false, options: LoadOptions = LoadOptions(),
    onNote: (DataNote) -> Void = { _ in }
  ) throws -> Dataset {
    let task: LearningTask = classes == nil ? .regression : .classification
    let dataset: Dataset
    var name = source
    switch try DataContent(opening: source) {
    case .digits: dataset = try digits()
    case .folder(let folder):
      let (train, test) = try MNISTFolder.read(folder, classes: isLabelled ? classes : nil)
      dataset = test ?? train
    case .array(let array, let file, let isIDX):
      let labels = try isLabelled ? labelArray(options.labelsFile, of: file) : nil
      name = file
      dataset = try from(
        array, file: file, addsChannel: isIDX, labels: labels, classes: classes, task: task)
    case .stored(let features, let shape, let file):
      let labels = try isLabelled ? labelArray(options.labelsFile, of: file) : nil
      name = file
      dataset = try from(
        features, shape: shape, file: file, labels: labels, classes: classes, task: task)
    case .table(let source):
      return try load(
        Table(source, header: options.header), preprocessing, classes: classes,
        target: isLabelled ? options.target ?? preprocessing.table?.target ?? "" : nil,
        onNote: onNote)
    }
    if isLabelled, let classes, classes != dataset.classNames {
      throw DataError.malformed(
        file: name, line: nil, reason: "its classes are not those of the model")
    }
    return try dataset.fitted(to: preprocessing, file: name)
  }

  /// The examples in the shape that a model takes.
  ///
  /// - Throws: `DataError.malformed` if they have another number of values.
  func fitted(to preprocessing: Preprocessing, file: String) throws -> Dataset {
    guard featureCount == HostTensor.elementCount(of: preprocessing.featureShape) else {
      throw DataError.malformed(
        file: file, line: nil,
        reason: "examples of shape \(featureShape) where the model takes "
          + "\(preprocessing.featureShape)")
    }
    return try reshaped(to: preprocessing.featureShape)
  }

  /// The labels of a file's examples, which must be there, and their file.
  private static func labelArray(
    _ path: String?, of file: String
  ) throws(DataError) -> (HostTensor, String) {
    guard let path else {
      throw .malformed(
        file: file, line: nil, reason: "holds no labels, and no file of labels is given")
    }
    return (try labelArray(path), path)
  }

  private static func labelArray(_ path: String) throws(DataError) -> HostTensor {
    guard case .array(let array, _, _) = try DataContent(opening: path) else {
      throw .malformed(file: path, line: nil, reason: "is neither an IDX nor an NPY file")
    }
    return array
  }

  /// Pixels to the range 0 to 1; plain features to mean 0 and variance 1; other arrays as they are.
  private static func suited(to dataset: Dataset, isBool: Bool = false) -> FeatureScaling {
    switch dataset.features {
    case .uint8: isBool ? .none : .fixed(center: 0, scale: 1 / 255)
    case .float32, .stored: dataset.featureShape.count == 1 ? .standard : .none
    }
  }

  static func loaded(
    _ name: String, _ train: Dataset, test: Dataset? = nil, _ options: LoadOptions,
    _ scaling: FeatureScaling, table: TableEncoding? = nil, notes: [DataNote] = []
  ) throws -> LoadedData {
    LoadedData(
      name: name, train: try options.fitted.map { try train.fitted(to: $0, file: name) } ?? train,
      test: try options.fitted.flatMap { try test?.fitted(to: $0, file: name) } ?? test,
      scaling: options.scaling ?? scaling, imputation: options.imputation, table: table,
      fitted: options.fitted, notes: notes + [train.onlyClass].compactMap(\.self))
  }

  /// A warning where all examples are of one class.
  private var onlyClass: DataNote? {
    guard case .classes(let labels, let names) = labels, let first = labels.first,
      labels.allSatisfy({ $0 == first })
    else { return nil }
    return .warning(
      "all examples are of class '\(names[Int(first)].excerpt())': there is nothing to tell apart")
  }
}
