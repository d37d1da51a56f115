import GPUMLData
import GPUMLGraph

extension TrainStep {
  /// A batch as the inputs of the training and evaluation graphs.
  ///
  /// - Throws: `TrainingError.invalidData` if the batch has no labels, they are of the wrong kind, or
  ///   one is no class of the model: the loss would be NaN.
  public func inputs(_ batch: Batch) throws -> [String: HostTensor] {
    guard let labels = batch.labels else {
      throw TrainingError.invalidData(reason: "the examples have no labels")
    }
    guard labels.shape == [batch.count] else {
      throw TrainingError.invalidData(
        reason: "labels of shape \(labels.shape) for \(batch.count) examples")
    }
    switch labels.storage {
    case .int32(let values):
      guard let classCount else {
        throw TrainingError.invalidData(reason: "the labels are classes, the model gives numbers")
      }
      if let label = values.first(where: { $0 < 0 || Int($0) >= classCount }) {
        throw TrainingError.invalidData(
          reason: "the label \(label) is none of the model's \(classCount) classes")
      }
    case .float32:
      if classCount != nil {
        throw TrainingError.invalidData(reason: "the labels are numbers, the model gives classes")
      }
    default:
      throw TrainingError.invalidData(
        reason: "the labels are \(labels.dtype); classes are int32, numbers float32")
    }
    return [TrainStep.inputName: batch.inputs, TrainStep.targetName: labels]
  }
}
