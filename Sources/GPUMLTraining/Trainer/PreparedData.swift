import GPUMLData

/// Loaded data split into parts, with the preprocessing and scaling fitted to what is learned from.
struct PreparedData: Sendable {
  let train: PreparedDataset
  let validation: PreparedDataset?
  let test: PreparedDataset?
  let preprocessing: Preprocessing
  let scaling: TargetScaling?

  /// - Parameter scaling: What the targets are scaled with; nil for what is fitted to them.
  init(
    _ data: LoadedData, _ configuration: TrainingConfiguration, scaling: TargetScaling? = nil
  ) throws {
    try self.init(
      data, data.split(configuration, validation: configuration.validationSplit), scaling: scaling)
  }

  /// - Parameter split: Which examples are which; a source's own test part comes before that.
  /// - Parameter isTested: Whether there is a test part at all.
  init(
    _ data: LoadedData, _ split: Split, scaling: TargetScaling?, isTested: Bool = true
  ) throws {
    let all = data.train
    let preprocessing = try data.preprocessing(fittedTo: split.train)
    func part(_ indices: [Int]) throws -> PreparedDataset? {
      if indices.isEmpty { return nil }
      return try PreparedDataset(
        all, preprocessing, indices: indices.count == all.count ? nil : indices)
    }
    guard let train = try part(split.train) else {
      throw TrainingError.invalidData(reason: "there are no examples to learn from")
    }
    self.train = train
    validation = try part(split.validation)
    test =
      isTested
      ? try data.test.map { try PreparedDataset($0, preprocessing) } ?? part(split.test) : nil
    self.preprocessing = preprocessing
    if case .targets(let targets) = all.labels {
      self.scaling = scaling ?? TargetScaling(fittedTo: split.train.map { targets[$0] })
    } else {
      self.scaling = nil
    }
  }
}

extension LoadedData {
  /// Which examples train, validate and test; a source's own test part is the better one, for it is the
  /// one that others measure on.
  func split(_ configuration: TrainingConfiguration, validation: Double) throws -> Split {
    try Split.stratified(
      train, validation: validation, test: test == nil ? configuration.testSplit : 0,
      seed: configuration.seed)
  }
}
