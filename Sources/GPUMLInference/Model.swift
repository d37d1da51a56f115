import GPUMLData
import GPUMLDevice
import GPUMLFormats
import GPUMLGraph
import GPUMLRuntime
import GPUMLSystem

/// A trained model on a device, ready to predict.
///
/// ```swift
/// let model = try await Model.load("digits.safetensors")
/// let prediction = try await model.predict(pixels)
/// print(prediction.label, prediction.top(3))
/// ```
/// Raw examples go in: the preprocessing saved with the model makes them its input. A model may be
/// used from many tasks at once.
public final class Model: Sendable {
  /// What the model predicts.
  public var task: ModelFile.Task { content.task }
  /// The classes' names; empty if numbers are predicted.
  public var classNames: [String] { content.classNames }
  /// The shape of one raw example; of a table, one number a column, as `TableEncoding` says.
  public var featureShape: [Int] { content.preprocessing.featureShape }
  /// How raw examples become the model's input.
  public var preprocessing: Preprocessing { content.preprocessing }
  /// The device and why it was chosen, in one line.
  public let deviceReason: String
  /// The device.
  public let context: DeviceContext

  let content: ModelContent
  let session: Session

  /// Puts a model on a device that is open.
  ///
  /// - Parameters:
  ///   - file: The model.
  ///   - context: The device.
  ///   - deviceReason: The device and why it was chosen, in one line; nil for its name.
  ///   - name: What errors call the model.
  /// - Throws: `InferenceError.invalidModel` if its parts contradict each other; `DeviceError`.
  public convenience init(
    _ file: ModelFile, context: DeviceContext, deviceReason: String? = nil, name: String = "model"
  ) async throws {
    try await self.init(
      ModelContent(file, name: name), context: context, deviceReason: deviceReason)
  }

  package init(
    _ content: ModelContent, context: DeviceContext, deviceReason: String? = nil
  ) async throws {
    self.content = content
    self.context = context
    self.deviceReason = deviceReason ?? "inference on \(context.device)"
    let store = try VariableStore(context, variables: content.variables)
    for (named, value) in zip(content.variables, content.values) {
      try await store.setValue(value, of: named.variable)
    }
    session = try await content.checkingGraph { try Session(content.graph, store: store) }
  }

  /// Loads a model and chooses a device.
  ///
  /// - Parameters:
  ///   - path: A run's folder or a model's file.
  ///   - device: Which device; nil for `GPUML_DEVICE`, or else the best.
  /// - Throws: `FormatError` if the file cannot be read, `InferenceError.invalidModel` if it makes
  ///   no sense, `DeviceError` if there is no such device.
  public static func load(_ path: String, device: DeviceRequest? = nil) async throws -> Model {
    let content = try ModelContent(path: path)
    let choice = try Device.select(for: .inference, request: device)
    return try await Model(
      content, context: DeviceContext(device: choice.device), deviceReason: choice.reason)
  }

  /// Loads a model onto a device that is open.
  ///
  /// - Throws: As `load(_:device:)`.
  public static func load(_ path: String, context: DeviceContext) async throws -> Model {
    try await Model(ModelContent(path: path), context: context)
  }

  /// Predicts one raw example.
  ///
  /// - Parameter features: Its values in row-major order.
  /// - Throws: `InferenceError.invalidInput` if there are not as many as the model takes.
  public func predict(_ features: [Float]) async throws -> Prediction {
    try await predict(HostTensor(features, shape: [1, features.count]))[0]
  }

  /// Predicts raw examples that lie along a tensor's first axis.
  ///
  /// - Parameter examples: `uint8` or any type that converts to `float32`; after the first axis the
  ///   model's feature shape, or another of as many values.
  /// - Throws: `InferenceError.invalidInput` if the shape does not fit; `DeviceError`.
  public func predict(_ examples: HostTensor) async throws -> Predictions {
    let width = HostTensor.elementCount(of: featureShape) ?? 0
    guard let count = examples.shape.first,
      HostTensor.elementCount(of: Array(examples.shape.dropFirst())) == width
    else {
      throw InferenceError.invalidInput(
        reason: "examples of shape \(examples.shape.dropFirst()) where the model takes "
          + "\(featureShape), \(width) values")
    }
    let features: Dataset.Features
    if case .uint8(let bytes) = examples.storage {
      features = .uint8(bytes)
    } else {
      features = .float32(try examples.converted(to: .float32).values())
    }
    return try await predict(
      Dataset(features: features, featureShape: featureShape, labels: .none, count: count))
  }

  /// Predicts all raw examples of a dataset.
  ///
  /// - Throws: `DataError` if they are of another shape; `DeviceError`.
  public func predict(_ dataset: Dataset, batchSize: Int = 256) async throws -> Predictions {
    var outputs: [Float] = []
    try await predict(prepared(dataset), batchSize: batchSize) { outputs += $0.outputs }
    return predictions(outputs)
  }

  /// A dataset of raw examples as a source of the model's inputs.
  ///
  /// - Throws: `DataError.invalidValue` if its examples are of another shape.
  public func prepared(_ dataset: Dataset) throws -> PreparedDataset {
    try PreparedDataset(dataset, preprocessing)
  }

  func predictions(_ outputs: [Float]) -> Predictions {
    Predictions(
      outputs: outputs, width: content.outputWidth, count: outputs.count / content.outputWidth,
      classNames: classNames)
  }
}

extension ModelContent {
  /// The file within a run's folder that holds the model.
  package static let fileName = "model.safetensors"

  /// Reads a run's folder or a model's file.
  package init(path: String) throws {
    var file = path
    if case .folder? = try? FileBytes.kind(of: path) { file = "\(path)/\(ModelContent.fileName)" }
    try self.init(ModelFile.load(from: file), name: file)
  }
}
