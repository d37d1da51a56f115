import GPUMLData
import GPUMLNN

extension ModelPreset {
  /// Builds the network for some data: as many outputs as there are classes, or one number.
  ///
  /// - Throws: `TrainingError.invalidData` if the examples have no labels; `NNError.invalidLayer` if
  ///   a layer is too large.
  public func build(for data: LoadedData) throws -> Sequential {
    try ModelDefinition.preset(self).build(for: data)
  }
}

extension ModelDefinition {
  /// Builds the network for some data: as many outputs as there are classes, or one number.
  ///
  /// - Throws: `TrainingError.invalidData` if the examples have no labels; `NNError` for a layer that
  ///   cannot be built.
  public func build(for data: LoadedData) throws -> Sequential {
    let outputs: Int
    switch data.train.labels {
    case .classes(_, let names): outputs = names.count
    case .targets: outputs = 1
    case .none: throw TrainingError.invalidData(reason: "the examples have no labels")
    }
    return try build(featureShape: data.inputShape, outputs: outputs)
  }
}
