import GPUMLGraph
import GPUMLJSON
import GPUMLSystem

extension SafetensorsFile {
  /// Writes tensors and notes to a file that appears whole or not at all.
  ///
  /// The same tensors and metadata, in whatever order, give the same bytes: metadata is sorted by
  /// key, tensors by the size of their elements (largest first) and then by name. The data begin at
  /// a multiple of 8 bytes.
  ///
  /// - Throws: `FormatError.invalidValue` for a name or key given twice and for what is beyond the
  ///   reader's limits, `cannotCreate` or `writeFailed` if the system refuses; the old file stays then.
  public static func write(
    tensors: [(name: String, tensor: HostTensor)], metadata: [(key: String, value: String)] = [],
    to path: String
  ) throws(FormatError) {
    try write(tensors: tensors, metadata: metadata, to: path, checksummed: false)
  }

  /// Writes as above; with `checksummed` the metadata gets a checksum of the whole file, which
  /// `verifyChecksum` compares.
  package static func write(
    tensors: [(name: String, tensor: HostTensor)], metadata: [(key: String, value: String)],
    to path: String, checksummed: Bool
  ) throws(FormatError) {
    let tensors = tensors.sorted { first, second in
      let sizes = (first.tensor.dtype.byteCount, second.tensor.dtype.byteCount)
      return sizes.0 == sizes.1
        ? first.name.utf8.lexicographicallyPrecedes(second.name.utf8) : sizes.0 > sizes.1
    }
    var metadata = metadata
    if checksummed {
      metadata.append((SafetensorsChecksum.key, SafetensorsChecksum.placeholder))
    }
    var header = try header(tensors: tensors, metadata: metadata, path: path)
    if checksummed {
      var crc = CRC32()
      crc.update(header)
      for (_, tensor) in tensors { crc.update(tensor.storage.littleEndianBytes) }
      SafetensorsChecksum.insert(crc.value, into: &header)
    }
    do {
      try AtomicFile.write(to: path) { append in
        try append(ByteCoding.encode([UInt64(header.count)], order: .littleEndian))
        try append(header)
        for (_, tensor) in tensors { try append(tensor.storage.littleEndianBytes) }
      }
    } catch let error as SystemError {
      throw FormatError(error)
    } catch {
      throw .writeFailed(file: path, reason: "\(error)")
    }
  }

  private static func header(
    tensors: [(name: String, tensor: HostTensor)], metadata: [(key: String, value: String)],
    path: String
  ) throws(FormatError) -> [UInt8] {
    var text = "{"
    if !metadata.isEmpty {
      StrictJSON.appendQuoted(SafetensorsHeader.metadataKey, to: &text)
      text += ":{"
      let sorted = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      for (index, (key, value)) in sorted.enumerated() {
        if index > 0 { text += "," }
        StrictJSON.appendQuoted(key, to: &text)
        text += ":"
        StrictJSON.appendQuoted(value, to: &text)
      }
      text += "}"
    }
    var end = 0
    for (name, tensor) in tensors {
      let dtype = SafetensorsDType(tensor.dtype)
      guard name != SafetensorsHeader.metadataKey,
        let size = SafetensorsEntry.size(of: tensor.shape, dtype),
        size.count == tensor.storage.count
      else {
        throw .invalidValue(
          file: path, reason: "cannot write a tensor \(tensor.shape) named \(Excerpt.quoted(name))")
      }
      let begin = end
      end += size.byteCount
      if text.utf8.count > 1 { text += "," }
      StrictJSON.appendQuoted(name, to: &text)
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      text += #":{"dtype":"\#(dtype.rawValue)","shape":[\#(shape)],"#
      text += #""data_offsets":[\#(begin),\#(end)]}"#
    }
    text += "}"
    var bytes = Array(text.utf8)
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: (8 - bytes.count % 8) % 8))
    guard bytes.count <= SafetensorsHeader.maximumByteCount else {
      throw .invalidValue(file: path, reason: "the header would have \(bytes.count) bytes")
    }
    // What the reader would refuse, a name given twice among it, is not written.
    do {
      _ = try SafetensorsHeader(bytes, bufferByteCount: end)
    } catch {
      throw .invalidValue(file: path, reason: "cannot be written: \(error.reason)")
    }
    return bytes
  }
}

extension HostTensor.Storage {
  /// The elements as a file holds them; a truth value is a byte, 0 or 1.
  var littleEndianBytes: [UInt8] {
    switch self {
    case .float32(let values): ByteCoding.encode(values, order: .littleEndian)
    case .float16(let values): ByteCoding.encode(values, order: .littleEndian)
    case .bfloat16(let values):
      ByteCoding.encode(values.map(\.bitPattern), order: .littleEndian)
    case .int8(let values): ByteCoding.encode(values, order: .littleEndian)
    case .uint8(let values): values
    case .int32(let values): ByteCoding.encode(values, order: .littleEndian)
    case .uint32(let values): ByteCoding.encode(values, order: .littleEndian)
    case .int64(let values): ByteCoding.encode(values, order: .littleEndian)
    case .bool(let values): values.map { $0 ? 1 : 0 }
    }
  }
}
