import GPUMLGraph

/// A model in one file: its graph, its weights, and what turns raw rows into its input and its
/// output into labels.
///
/// The file is a safetensors file, so that other tools can read the weights; everything else is in
/// its metadata under keys that begin with `gpuml.`.
public struct ModelFile: Sendable, Equatable {
  /// What the model predicts.
  public enum Task: String, Sendable, CaseIterable {
    /// One of several classes.
    case classify
    /// A number.
    case regress
  }

  /// A tensor of the model and its name.
  public struct Weight: Sendable, Equatable {
    /// The name, unique in the model.
    public let name: String
    /// The elements.
    public let tensor: HostTensor

    /// Names a tensor.
    public init(name: String, tensor: HostTensor) {
      self.name = name
      self.tensor = tensor
    }
  }

  /// The version of the files that this code writes, and the newest it reads.
  public static let currentVersion = 1

  /// The version of the file's layout.
  public let version: Int
  /// The graph as JSON, as the graph module writes it.
  public var graph: String
  /// The preprocessing of the training data as JSON; nil if the input is taken as it is.
  public var preprocessing: String?
  /// The classes' names in the order of the outputs; nil if there are none.
  public var labels: [String]?
  /// What the model predicts.
  public var task: Task
  /// The network's layers as JSON, for who trains the model further; nil if they cannot be told.
  public var architecture: String?
  /// Anything about the training worth showing, as JSON.
  public var summary: String?
  /// Further notes; their keys do not begin with `gpuml.`.
  public var extra: [String: String]
  /// The parameters and other state, sorted by name when they come from a file.
  public var weights: [Weight]

  /// A model of the current version.
  public init(
    graph: String, task: Task, weights: [Weight], preprocessing: String? = nil,
    labels: [String]? = nil, architecture: String? = nil, summary: String? = nil,
    extra: [String: String] = [:]
  ) {
    version = Self.currentVersion
    self.graph = graph
    self.task = task
    self.weights = weights
    self.preprocessing = preprocessing
    self.labels = labels
    self.architecture = architecture
    self.summary = summary
    self.extra = extra
  }

  /// The weight of that name; nil if there is none.
  public func weight(named name: String) -> HostTensor? {
    weights.first { $0.name == name }?.tensor
  }

  /// Writes the model to a file that appears whole or not at all, with a checksum. Equal models
  /// give equal bytes.
  ///
  /// - Throws: `FormatError.invalidValue` if a part is not what its documentation says,
  ///   `cannotCreate` or `writeFailed` if the system refuses; the old file stays then.
  public func save(to path: String) throws(FormatError) {
    let metadata: [ModelMetadata.Pair]
    do {
      metadata = try ModelMetadata.encode(self)
    } catch {
      throw .invalidValue(file: path, reason: error.reason)
    }
    try SafetensorsFile.write(
      tensors: weights.map { ($0.name, $0.tensor) }, metadata: metadata, to: path,
      checksummed: true)
  }

  /// Reads a model.
  ///
  /// The checksum is compared if the file has one; a file that another tool has written again may
  /// have lost it.
  /// - Throws: `FormatError`: `unsupported` for a newer version and for weights without a graph,
  ///   `malformed`, `missing`, `unreadable`.
  public static func load(from path: String) throws(FormatError) -> ModelFile {
    let file = try SafetensorsFile(path: path)
    var model = try ModelMetadata.decode(file.metadata, path: path)
    if file.hasChecksum { try file.verifyChecksum() }
    let names = file.entries.map(\.name)
    for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      model.weights.append(Weight(name: name, tensor: try file.tensor(named: name)))
    }
    return model
  }
}
