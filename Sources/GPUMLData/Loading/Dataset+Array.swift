import GPUMLGraph

extension Dataset {
  /// Examples along an array's first axis.
  ///
  /// - Parameters:
  ///   - addsChannel: Gives images of rank 2 the channel axis they lack.
  ///   - labels: An array of labels of as many examples, and its file.
  ///   - classes: The classes there are; nil to count them.
  /// - Throws: `DataError.malformed`.
  static func from(
    _ array: HostTensor, file: String, addsChannel: Bool,
    labels: (array: HostTensor, file: String)? = nil, classes: [String]? = nil,
    task: LearningTask = .automatic
  ) throws -> Dataset {
    let features: Features
    switch array.storage {
    case .uint8(let bytes): features = .uint8(bytes)
    case .bool(let bools): features = .uint8(bools.map { $0 ? 1 : 0 })
    default:
      let floats = floats(of: array)
      if let index = floats.firstIndex(where: { !$0.isFinite }), let count = array.shape.first {
        throw notFinite(example: index / (floats.count / count), file: file)
      }
      features = .float32(floats)
    }
    return try from(
      features, shape: array.shape, file: file, addsChannel: addsChannel, labels: labels,
      classes: classes, task: task)
  }

  /// The error of a value that is no number.
  static func notFinite(example: Int, file: String) -> DataError {
    .malformed(
      file: file, line: nil, reason: "example \(example) holds a value that is not a finite number")
  }

  /// The same of the values of an array that has the shape.
  static func from(
    _ features: Features, shape whole: [Int], file: String, addsChannel: Bool = false,
    labels: (array: HostTensor, file: String)? = nil, classes: [String]? = nil,
    task: LearningTask = .automatic
  ) throws -> Dataset {
    func failure(_ reason: String) -> DataError {
      .malformed(file: file, line: nil, reason: reason)
    }
    guard let count = whole.first else { throw failure("a single number is no dataset") }
    guard count > 0 else { throw failure("holds no examples") }
    var shape = Array(whole.dropFirst())
    guard !shape.contains(0) else { throw failure("holds empty examples") }
    if shape.isEmpty { shape = [1] }
    if addsChannel, shape.count == 2 { shape = [1] + shape }
    var found = Labels.none
    if let labels {
      found = try self.labels(labels.array, file: labels.file, classes: classes, task: task)
      guard labels.array.shape[0] == count else {
        throw DataError.malformed(
          file: labels.file, line: nil,
          reason: "holds \(labels.array.shape[0]) labels where \(file) holds \(count) examples")
      }
    }
    return try Dataset(features: features, featureShape: shape, labels: found, count: count)
  }

  /// The labels in an array of rank 1: whole numbers are classes `0..<n`, others are targets.
  private static func labels(
    _ array: HostTensor, file: String, classes: [String]?, task: LearningTask
  ) throws(DataError) -> Labels {
    func failure(_ reason: String) -> DataError {
      .malformed(file: file, line: nil, reason: reason)
    }
    let isColumn = array.shape.count == 2 && array.shape[1] == 1
    guard array.shape.count == 1 || isColumn else {
      throw failure("labels of shape \(array.shape) where one a example is wanted")
    }
    let numbers = floats(of: array)
    if let index = numbers.firstIndex(where: { !$0.isFinite }) {
      throw failure("label \(index) is not a finite number")
    }
    if task == .regression || (task == .automatic && array.dtype.isFloating) {
      return .targets(numbers)
    }
    // Names of classes are looked up by text, so that a model's own order of them holds.
    let most = 1 << 20
    guard let highest = numbers.max() else { throw failure("holds no labels") }
    let count = classes?.count ?? Int(min(Float(most), max(0, highest))) + 1
    let names = classes ?? (0..<count).map(String.init)
    let places = Dictionary(
      names.enumerated().map { ($1, Int32(truncatingIfNeeded: $0)) },
      uniquingKeysWith: { first, _ in first })
    var indices: [Int32] = []
    indices.reserveCapacity(numbers.count)
    for (position, number) in numbers.enumerated() {
      guard let label = Int(exactly: number), let place = places[String(label)] else {
        throw failure(
          "label \(number) of example \(position) is not one of the \(names.count) classes")
      }
      indices.append(place)
    }
    return .classes(indices, names: names)
  }

  static func floats(of array: HostTensor) -> [Float] {
    switch array.storage {
    case .float32(let values): values
    case .float16(let values): values.map { Float($0) }
    case .bfloat16(let values): values.map { Float($0) }
    case .int8(let values): values.map { Float($0) }
    case .uint8(let values): values.map { Float($0) }
    case .int32(let values): values.map { Float($0) }
    case .uint32(let values): values.map { Float($0) }
    case .int64(let values): values.map { Float($0) }
    case .bool(let values): values.map { $0 ? 1 : 0 }
    }
  }
}
