import GPUML
import GPUMLSystem

/// Predictions as an NPY file: `int64` indices of classes of shape `[examples]`; their probabilities,
/// `float32` of shape `[examples, classes]`; or `float32` numbers of shape `[examples]`, where there
/// are several an example `[examples, numbers]`.
final class PredictionArray: PredictionWriter {
  /// Room for a header of any number of examples.
  private static let headerSize = 128

  private let file: AtomicFileWriter
  private let width: Int
  private let isIndices: Bool
  private var count = 0

  /// - Parameters:
  ///   - width: The number of outputs of one example.
  ///   - isIndices: Whether the most probable class is told rather than all outputs.
  init(_ path: String, width: Int, isIndices: Bool) throws {
    self.width = width
    self.isIndices = isIndices
    file = try AtomicFileWriter(path)
    // How many examples there are is known at the end.
    try file.append([UInt8](repeating: 0, count: PredictionArray.headerSize))
  }

  func write(_ predictions: Predictions) throws {
    count += predictions.count
    if isIndices {
      let indices = predictions.all.map { Int64($0.bestClass ?? 0) }
      try file.append(ByteCoding.encode(indices, order: .littleEndian))
    } else {
      try file.append(ByteCoding.encode(predictions.outputs, order: .littleEndian))
    }
  }

  func finish() throws {
    let isVector = isIndices || width == 1
    let header = try NPYFile.header(
      isIndices ? "<i8" : "<f4", shape: isVector ? [count] : [count, width],
      size: PredictionArray.headerSize)
    try file.rewriteStart(header)
    try file.finish()
  }
}
