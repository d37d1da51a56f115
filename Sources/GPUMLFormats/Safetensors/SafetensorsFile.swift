import GPUMLGraph
import GPUMLSystem

/// A safetensors file, open for reading: its header is in memory, its tensors are read one by one
/// when they are asked for.
///
/// Opening checks the whole header against the file's size, more strictly than the reference
/// library: duplicate keys and leading spaces are refused as the specification demands, and so are
/// more than 131,072 tensors, 32 axes or 16 MiB of names and metadata.
///
/// - SeeAlso: `https://github.com/huggingface/safetensors`.
public struct SafetensorsFile: Sendable {
  /// The tensors in the order of their data.
  public let entries: [SafetensorsEntry]
  /// The file's own notes; empty if it has none.
  public let metadata: [String: String]
  let file: RandomAccessFile
  let dataOffset: Int
  private let indices: [String: Int]

  /// Opens a file and checks its header.
  ///
  /// - Throws: `FormatError`: `missing`, `unreadable`, or `malformed` with the rule it breaks.
  public init(path: String) throws(FormatError) {
    do {
      file = try RandomAccessFile(path: path)
      guard file.byteCount >= 8 else {
        throw FormatError.malformed(
          file: path, reason: "not a safetensors file: \(file.byteCount) bytes")
      }
      let length = try file.read(as: UInt64.self, count: 1, at: 0)[0]
      guard let headerByteCount = Int(exactly: length),
        (2...SafetensorsHeader.maximumByteCount).contains(headerByteCount)
      else {
        throw FormatError.malformed(
          file: path,
          reason: "not a safetensors file: its header would have \(length) bytes")
      }
      dataOffset = 8 + headerByteCount
      guard dataOffset <= file.byteCount else {
        throw FormatError.malformed(
          file: path,
          reason: "the header's \(headerByteCount) bytes end beyond the file's \(file.byteCount)")
      }
      let header = try SafetensorsHeader(
        file.read(count: headerByteCount, at: 8), bufferByteCount: file.byteCount - dataOffset)
      entries = header.entries
      metadata = header.metadata
    } catch let error as FormatError {
      throw error
    } catch let error as SystemError {
      throw FormatError(error)
    } catch {
      throw .malformed(file: path, reason: "header: \(error)")
    }
    indices = Dictionary(
      uniqueKeysWithValues: entries.enumerated().map { ($1.name, $0) })
  }

  /// What the header says of a tensor; nil if there is none of that name.
  public func entry(named name: String) -> SafetensorsEntry? { indices[name].map { entries[$0] } }

  /// Reads one tensor.
  ///
  /// `F64` becomes `float32`, and `I16` and `U16` become `int32`; other types stay as they are.
  ///
  /// - Throws: `FormatError`: `noSuchTensor`; `unsupported` for other types and for an `F64` beyond
  ///   the range of `float32`; `malformed` for a `BOOL` other than 0 and 1.
  public func tensor(named name: String) throws(FormatError) -> HostTensor {
    guard let entry = entry(named: name) else {
      throw .noSuchTensor(file: file.path, name: name)
    }
    do {
      return HostTensor(shape: entry.shape, storage: try storage(of: entry))
    } catch let error as FormatError {
      throw error
    } catch let error as SystemError {
      throw FormatError(error)
    } catch {
      throw .unreadable(file: file.path, reason: "\(error)")
    }
  }

  private func storage(of entry: SafetensorsEntry) throws -> HostTensor.Storage {
    switch entry.dtype {
    case .f32: .float32(try read(entry))
    case .f16: .float16(try read(entry))
    case .bf16: .bfloat16(try read(entry))
    case .i8: .int8(try read(entry))
    case .u8: .uint8(try read(entry))
    case .i32: .int32(try read(entry))
    case .u32: .uint32(try read(entry))
    case .i64: .int64(try read(entry))
    case .i16: .int32(try read(entry, as: Int16.self).map(Int32.init))
    case .u16: .int32(try read(entry, as: UInt16.self).map(Int32.init))
    case .f64: .float32(try read(entry, as: Double.self).map { try narrow($0, entry) })
    case .bool: .bool(try read(entry, as: UInt8.self).map { try truth($0, entry) })
    case .u64, .c64, .f8e5m2, .f8e4m3, .f8e8m0, .f8e4m3fnuz, .f8e5m2fnuz, .f6e2m3, .f6e3m2, .f4:
      throw FormatError.unsupported(
        file: file.path,
        reason: "tensor \(Excerpt.quoted(entry.name)) is \(entry.dtype.rawValue), "
          + "which cannot be read")
    }
  }

  private func read<T: BitwiseCopyable>(
    _ entry: SafetensorsEntry, as type: T.Type = T.self
  ) throws -> [T] {
    try file.read(as: T.self, count: entry.count, at: dataOffset + entry.range.lowerBound)
  }

  private func narrow(_ value: Double, _ entry: SafetensorsEntry) throws -> Float {
    let narrowed = Float(value)
    if narrowed.isInfinite, value.isFinite {
      throw FormatError.unsupported(
        file: file.path,
        reason: "tensor \(Excerpt.quoted(entry.name)) holds \(value), beyond the range of float32")
    }
    return narrowed
  }

  private func truth(_ byte: UInt8, _ entry: SafetensorsEntry) throws -> Bool {
    if byte > 1 {
      throw FormatError.malformed(
        file: file.path,
        reason: "tensor \(Excerpt.quoted(entry.name)) is BOOL and holds a byte of \(byte)")
    }
    return byte == 1
  }
}
