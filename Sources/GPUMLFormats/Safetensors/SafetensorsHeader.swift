/// The JSON header of a safetensors file, checked against the size of what follows it.
///
/// It is read token by token: a hostile header cannot make more of itself than its own bytes.
struct SafetensorsHeader {
  /// The specification's limit.
  static let maximumByteCount = 100_000_000
  /// Limits of this reader, far above what real files need.
  static let maximumTensorCount = 1 << 17
  static let maximumMetadataCount = 1 << 16
  static let maximumTextByteCount = 1 << 24
  static let maximumRank = 32
  static let metadataKey = "__metadata__"

  /// In the order of their data.
  private(set) var entries: [SafetensorsEntry] = []
  private(set) var metadata: [String: String] = [:]
  private var names: Set<String> = []
  private var textBudget = Self.maximumTextByteCount

  /// - Parameter bufferByteCount: How many bytes the file has behind its header.
  init(_ bytes: [UInt8], bufferByteCount: Int) throws(StrictJSON.Failure) {
    var scanner = JSONScanner(bytes)
    guard scanner.next == UInt8(ascii: "{") else { throw scanner.unexpected("'{'") }
    try scanner.beginObject()
    var isFirst = true
    while let key = try nextKey(&scanner, isFirst) {
      isFirst = false
      if !names.insert(key.text).inserted { throw key.duplicate }
      if key.text == Self.metadataKey {
        try readMetadata(&scanner)
      } else {
        let entry = try SafetensorsEntry(name: key.text, from: &scanner)
        if entries.count == Self.maximumTensorCount { throw scanner.failure("too many tensors") }
        entries.append(entry)
      }
    }
    while scanner.next == UInt8(ascii: " ") { scanner.position += 1 }
    if scanner.position < bytes.count {
      throw scanner.failure("unexpected bytes after the header's object")
    }
    try sortAndCheckLayout(bufferByteCount: bufferByteCount, end: bytes.count)
  }

  private mutating func nextKey(
    _ scanner: inout JSONScanner, _ isFirst: Bool
  ) throws(StrictJSON.Failure) -> JSONScanner.Key? {
    let key = try scanner.nextKey(isFirst: isFirst, maximumByteCount: textBudget)
    textBudget -= key?.text.utf8.count ?? 0
    return key
  }

  private mutating func readMetadata(_ scanner: inout JSONScanner) throws(StrictJSON.Failure) {
    try scanner.beginObject()
    while let key = try nextKey(&scanner, metadata.isEmpty) {
      guard try scanner.peek() == .string else {
        throw scanner.failure("metadata \(Excerpt.quoted(key.text)) is not a string")
      }
      let value = try scanner.string(maximumByteCount: textBudget)
      textBudget -= value.utf8.count
      if metadata.count == Self.maximumMetadataCount {
        throw scanner.failure("too much metadata")
      }
      if metadata.updateValue(value, forKey: key.text) != nil { throw key.duplicate }
    }
  }

  /// Each tensor begins where the one before it ended, and the last ends with the file.
  private mutating func sortAndCheckLayout(
    bufferByteCount: Int, end: Int
  ) throws(StrictJSON.Failure) {
    entries.sort { first, second in
      (first.range.lowerBound, first.range.upperBound)
        < (second.range.lowerBound, second.range.upperBound)
    }
    var position = 0
    for entry in entries {
      if entry.range.lowerBound != position {
        let kind = entry.range.lowerBound > position ? "leaves a hole before" : "overlaps"
        throw StrictJSON.Failure(
          offset: end,
          reason: "tensor \(Excerpt.quoted(entry.name)) \(kind) byte \(position) of the data")
      }
      position = entry.range.upperBound
    }
    if position != bufferByteCount {
      throw StrictJSON.Failure(
        offset: end,
        reason: "the tensors take \(position) bytes and the file has \(bufferByteCount)")
    }
  }
}
