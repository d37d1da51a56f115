import GPUMLJSON

/// The JSON header of a safetensors file, checked against the size of what follows it.
///
/// It is read token by token: a hostile header cannot make more of itself than its own bytes.
struct SafetensorsHeader {
  /// The specification's limit.
  static let maximumByteCount = 100_000_000
  static let maximumRank = 32
  /// Limits of this reader, far above what real files need: they keep a bad file from taking much
  /// more memory than its own bytes.
  struct Limits {
    var tensorCount = 1 << 17
    var metadataCount = 1 << 16
    /// The bytes of all names, keys and metadata together.
    var textByteCount = 1 << 24
  }

  static let metadataKey = "__metadata__"

  /// In the order of their data.
  private(set) var entries: [SafetensorsEntry] = []
  private(set) var metadata: [String: String] = [:]
  private var names: Set<String> = []
  private let limits: Limits
  private var textBudget: Int

  /// - Parameter bufferByteCount: How many bytes the file has behind its header.
  init(
    _ bytes: [UInt8], bufferByteCount: Int, limits: Limits = Limits()
  ) throws(StrictJSON.Failure) {
    self.limits = limits
    textBudget = limits.textByteCount
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
        if entries.count == limits.tensorCount { throw scanner.failure("too many tensors") }
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
      if metadata.count == limits.metadataCount {
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
