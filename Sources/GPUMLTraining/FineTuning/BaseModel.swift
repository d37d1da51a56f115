#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import GPUMLData
import GPUMLFormats
import GPUMLGraph
import GPUMLNN
import GPUMLSystem
import GPUMLYAML

/// A trained model that another training begins from.
///
/// ```swift
/// let base = try BaseModel(path: "runs/train")
/// let data = try Dataset.load("new.csv", options: LoadOptions(fitted: base.preprocessing))
/// let model = try base.network(for: data)
/// var trainer = try Trainer(model)
/// trainer.initialWeights = try base.weights(for: model, classNames: data.train.classNames).weights
/// let result = try await trainer.fit(data)
/// ```
public struct BaseModel: Sendable {
  /// The model's file.
  public let path: String
  /// How raw examples become its input.
  public let preprocessing: Preprocessing
  /// The classes' names in the order of its outputs; empty if it predicts numbers.
  public let classNames: [String]
  /// Whether it predicts classes.
  private let isClassifying: Bool
  /// Its layers; nil for a network of layers that model files cannot name.
  public let layers: LayerList?
  /// What its output is scaled with, if numbers are predicted.
  let scaling: TargetScaling?
  /// Of the file, as `sha256sum` prints it.
  let sha256: String
  private let weights: [String: HostTensor]

  /// What of a model's file was taken.
  public struct Taken: Sendable {
    /// The values to begin with.
    public let weights: [ModelFile.Weight]
    /// The names of the parameters that begin anew.
    public let renewed: [String]
  }

  /// Reads a run's folder or a model's file.
  ///
  /// - Throws: `FormatError`; `TrainingError.invalidBase` if a part makes no sense.
  public init(path: String) throws {
    var file = path
    if case .folder? = try? FileBytes.kind(of: path) { file = "\(path)/\(RunFolder.modelName)" }
    self.path = file
    let model = try ModelFile.load(from: file)
    sha256 = try DataFingerprint.sha256(ofFile: file)
    weights = Dictionary(model.weights.map { ($0.name, $0.tensor) }, uniquingKeysWith: { $1 })
    isClassifying = model.task == .classify
    classNames = model.task == .classify ? model.labels ?? [] : []
    guard let text = model.preprocessing else {
      throw TrainingError.invalidBase(path: file, reason: "it holds no preprocessing")
    }
    do {
      preprocessing = try JSONDecoder().decode(Preprocessing.self, from: Data(text.utf8))
    } catch {
      throw TrainingError.invalidBase(path: file, reason: "its preprocessing cannot be read")
    }
    do throws(YAMLDocument.Failure) {
      (layers, scaling) =
        try model.architecture.map { text throws(YAMLDocument.Failure) in
          try Architecture.read(text, path: file)
        } ?? (nil, nil)
    } catch {
      throw TrainingError.invalidBase(path: file, reason: "its layers: \(error.reason)")
    }
  }

  /// The same network for other data: as many outputs as there are classes, or one.
  ///
  /// - Throws: `TrainingError.invalidBase` if the file does not tell its layers; `NNError`.
  public func network(for data: LoadedData) throws -> Sequential {
    try ModelDefinition.layers(openLayers(), path: path).build(for: data)
  }

  /// The layers, the last to give what the data ask for.
  func openLayers() throws(TrainingError) -> LayerList {
    guard let layers else {
      throw .invalidBase(
        path: path, reason: "it does not tell its layers: --model must name the network")
    }
    return layers.withOpenHead
  }

  /// Whether the last layer can stay: it predicts the same.
  func keepsHead(classNames: [String]) -> Bool {
    classNames == self.classNames && classNames.isEmpty != isClassifying
  }

  /// The dotted paths of the last `linear` layer and of what comes after it; of other networks that of the
  /// module that the last parameter belongs to.
  private static func headPaths(of model: any Module) -> [String] {
    if let layers = LayerList(describing: model), let head = layers.head {
      return model.children.dropFirst(head).map { $0.name + "." }
    }
    let last = model.parameters.last?.name ?? ""
    return last.lastIndex(of: ".").map { [String(last[...$0])] } ?? []
  }

  /// What a model begins with: every weight of the same name and shape, but for the last layer where
  /// other classes are predicted.
  ///
  /// - Throws: `TrainingError.invalidBase` if a weight below the last layer is of another shape, or no
  ///   weight can be taken.
  public func weights(for model: any Module, classNames: [String]) throws -> Taken {
    let variables = model.namedVariables()
    let heads = BaseModel.headPaths(of: model)
    var taken: [ModelFile.Weight] = []
    var renewed: [String] = []
    for named in variables {
      let isHead = heads.contains { named.name.hasPrefix($0) }
      if isHead, !keepsHead(classNames: classNames) {
        renewed.append(named.name)
        continue
      }
      guard let value = weights[named.name] else {
        renewed.append(named.name)
        continue
      }
      guard value.shape == named.variable.shape, value.dtype == named.variable.dtype else {
        throw TrainingError.invalidBase(
          path: path,
          reason: "'\(named.name)' is \(value.dtype) \(value.shape) there and "
            + "\(named.variable.dtype) \(named.variable.shape) in the network to be trained")
      }
      taken.append(ModelFile.Weight(name: named.name, tensor: value))
    }
    guard !taken.isEmpty else {
      throw TrainingError.invalidBase(
        path: path, reason: "none of its weights is one of the network to be trained")
    }
    return Taken(weights: taken, renewed: renewed)
  }
}
