#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import GPUMLSystem

extension CrossValidation.Fold {
  /// What came of a fold that is done; nil if it is not, or if nobody can tell.
  init?(in folder: RunFolder) {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .unlimited
    guard let bytes = try? FileBytes.read(folder.path + "/" + RunFolder.foldName),
      let fold = try? decoder.decode(CrossValidation.Fold.self, from: Data(bytes)),
      fold.bestEpoch > 0
    else { return nil }
    self = fold
  }

  /// Says in the fold's folder that it is done.
  ///
  /// - Throws: `TrainingError.cannotCreate` or `writeFailed`.
  func write(in folder: RunFolder) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    encoder.nonConformingFloatEncodingStrategy = .unlimited
    let text = String(decoding: try encoder.encode(self), as: UTF8.self)
    try folder.write(text + "\n", to: RunFolder.foldName)
  }
}

// What no data decide, such as R² of targets that are all the same.
extension JSONEncoder.NonConformingFloatEncodingStrategy {
  /// Numbers that JSON lacks, as texts.
  static let unlimited = Self.convertToString(
    positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
}

extension JSONDecoder.NonConformingFloatDecodingStrategy {
  /// Numbers that JSON lacks, from texts.
  static let unlimited = Self.convertFromString(
    positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
}
