import GPUMLGraph
import GPUMLSystem

/// What lies at a source, before it is known what it is used for.
enum DataContent {
  /// A CSV, TSV or JSON Lines text, not yet read.
  case table(ByteStream, file: String)
  /// An array whose first axis counts the examples.
  case array(HostTensor, file: String, isIDX: Bool)
  /// A folder with the files of MNIST.
  case folder(String)
  /// The digits that come with gpuml.
  case digits

  /// The most a compressed text may expand to: real tables shrink 3 to 50 times.
  private static let tableRatio = 200
  /// The most bytes of a compressed text.
  private static let largestText = 1 << 36

  /// Opens a source: `digits`, `-` for standard input, a folder or a file, whose format is told by
  /// its first bytes, then by its name.
  init(opening source: String) throws(DataError) {
    if source == "digits" {
      self = .digits
      return
    }
    if source == "-" {
      let bytes = try DataError.wrapping { () throws(SystemError) in
        try FileBytes.readStandardInput()
      }
      try self.init(bytes, file: "standard input")
      return
    }
    let kind = try DataError.wrapping { () throws(SystemError) in try FileBytes.kind(of: source) }
    if kind == .folder {
      self = .folder(source)
      return
    }
    let file = try DataError.wrapping { () throws(SystemError) in
      try RandomAccessFile(path: source)
    }
    let start = try DataError.wrapping { () throws(SystemError) in
      try file.read(count: min(16, file.byteCount), at: 0)
    }
    if Gzip.isCompressed(start) || DataContent.isArray(start, file: source) {
      let bytes = try DataError.wrapping { () throws(SystemError) in try FileBytes.read(source) }
      try self.init(bytes, file: source)
    } else {
      // A table may be larger than memory.
      self = .table(.file(file), file: source)
    }
  }

  /// Whether a file that begins so, or its name, is an IDX or NPY file.
  private static func isArray(_ start: [UInt8], file: String) -> Bool {
    isIDX(start, file: file) || NPYFile.isNPY(start) || plainName(file).hasSuffix(".npy")
  }

  private static func isIDX(_ start: [UInt8], file: String) -> Bool {
    let name = plainName(file)
    let looksIDX = start.count >= 4 && start[0] == 0 && start[1] == 0
    return looksIDX || name.hasSuffix("-ubyte") || name.hasSuffix(".idx")
  }

  /// The name in small letters, without the ending of a compressed file.
  private static func plainName(_ file: String) -> Substring {
    let name = Substring(file.lowercased())
    return name.hasSuffix(".gz") ? name.dropLast(3) : name
  }

  /// Tells what bytes are.
  init(_ bytes: [UInt8], file: String) throws(DataError) {
    let isCompressed = Gzip.isCompressed(bytes)
    let start =
      isCompressed
      ? try DataError.wrapping { () throws(SystemError) in
        try Gzip.prefix(bytes, name: file, count: 16)
      } : Array(bytes.prefix(16))
    if DataContent.isIDX(start, file: file) {
      self = .array(try IDXFile.parse(bytes, file: file), file: file, isIDX: true)
    } else if DataContent.isArray(start, file: file) {
      let plain = isCompressed ? try Self.inflated(bytes, file: file, ratio: 1100) : bytes
      self = .array(try NPYFile.parse(plain, file: file), file: file, isIDX: false)
    } else {
      let plain =
        isCompressed ? try Self.inflated(bytes, file: file, ratio: Self.tableRatio) : bytes
      self = .table(.memory(plain), file: file)
    }
  }

  private static func inflated(
    _ bytes: [UInt8], file: String, ratio: Int
  ) throws(DataError) -> [UInt8] {
    try DataError.wrapping { () throws(SystemError) in
      try Gzip.inflate(bytes, name: file, limit: DataContent.largestText, maximumRatio: ratio)
    }
  }
}
