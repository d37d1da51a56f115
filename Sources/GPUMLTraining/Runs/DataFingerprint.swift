import GPUMLData
import GPUMLSystem

/// Tells whether two trainings had the same data.
enum DataFingerprint {
  private static let chunk = 1 << 20

  /// The SHA-256 of the source's file, as `sha256sum` prints it; of a source that is no single
  /// file, that of its examples.
  ///
  /// - Parameter labels: The file that labels come from, if they have one of their own.
  static func sha256(of source: String, labels: String?, _ data: LoadedData) throws -> String {
    if source != "-", labels == nil, case .file? = try FileBytes.kind(of: source) {
      return try sha256(ofFile: source)
    }
    var hash = SHA256()
    for part in [data.train, data.test].compactMap({ $0 }) {
      hash.update(Array("\(part.count) \(part.featureShape)".utf8))
      switch part.features {
      case .uint8(let values): hash.update(values)
      case .float32(let values): update(&hash, values)
      case .stored:
        try part.features.forEachBlock(0..<part.count, width: part.featureCount) { values, _ in
          update(&hash, values)
        }
      }
      switch part.labels {
      case .classes(let labels, let names):
        update(&hash, labels)
        hash.update(Array(names.joined(separator: "\0").utf8))
      case .targets(let targets): update(&hash, targets)
      case .none: break
      }
    }
    return hash.finish()
  }

  /// The SHA-256 of a file, as `sha256sum` prints it.
  static func sha256(ofFile path: String) throws -> String {
    var hash = SHA256()
    let file = try RandomAccessFile(path: path)
    for offset in stride(from: 0, to: file.byteCount, by: chunk) {
      hash.update(try file.read(count: min(chunk, file.byteCount - offset), at: offset))
    }
    return hash.finish()
  }

  /// Adds numbers as little-endian bytes, some at a time.
  private static func update<Scalar: ByteOrderedScalar>(_ hash: inout SHA256, _ values: [Scalar]) {
    for start in stride(from: 0, to: values.count, by: chunk) {
      let part = Array(values[start..<min(start + chunk, values.count)])
      hash.update(ByteCoding.encode(part, order: .littleEndian))
    }
  }
}
