import GPUMLGraph
import GPUMLSystem

/// What lies at a source, before it is known what it is used for.
enum DataContent {
  /// A table, not yet read.
  case table(TableSource)
  /// An array whose first axis counts the examples.
  case array(HostTensor, file: String, isIDX: Bool)
  /// The numbers of an array that is too large for memory, and its shape.
  case stored(Dataset.Features, shape: [Int], file: String)
  /// A folder with the files of MNIST.
  case folder(String)
  /// The digits that come with gpuml.
  case digits

  /// How much of standard input is read at least to tell what it is, unless a line ends before; and of
  /// compressed data.
  private static let startSize = 1 << 16

  /// Opens a source: `digits`, `-` for standard input, an address of rows in a database, a folder or a
  /// file, whose format is told by its first bytes, then by its name.
  ///
  /// - Parameter once: Whether a table is read only once, so that standard input need not be kept.
  init(opening source: String, once: Bool = false) throws(DataError) {
    if source == "digits" {
      self = .digits
    } else if source == "-" {
      try self.init(standardInput: once)
    } else if SQLiteAddress.isAddress(source) {
      self = .table(.database(try DatabaseDriver.rows(SQLiteAddress(parsing: source))))
    } else {
      let kind = try DataError.wrapping { () throws(SystemError) in try FileBytes.kind(of: source) }
      if kind == .folder {
        self = .folder(source)
        return
      }
      let file = try DataError.wrapping { () throws(SystemError) in
        try RandomAccessFile(path: source)
      }
      // A table or an array may be larger than memory.
      try self.init(.file(file), file: source) { () throws(SystemError) in
        try FileBytes.read(source)
      }
    }
  }

  private init(standardInput once: Bool) throws(DataError) {
    let file = "standard input"
    func rest() throws(SystemError) -> [UInt8] { try FileBytes.readStandardInput() }
    guard once else {
      let bytes = try DataError.wrapping(rest)
      try self.init(.memory(bytes), file: file) { bytes }
      return
    }
    var start: [UInt8] = []
    var isSure = false
    while !isSure {
      let piece = try DataError.wrapping { () throws(SystemError) in
        try FileBytes.nextOfStandardInput(DataContent.startSize)
      }
      start += piece
      let hasLine = start.count > 16 && start.contains(0x0A) && !Gzip.isCompressed(start)
      isSure = piece.isEmpty || hasLine || start.count >= DataContent.startSize
    }
    try self.init(.standardInput(start: start), file: file) { () throws(SystemError) in
      start + (try rest())
    }
  }

  /// Tells what a stream is.
  ///
  /// - Parameter whole: Gives all bytes, for what is used as a whole.
  private init(
    _ stream: ByteStream, file: String, whole: () throws(SystemError) -> [UInt8]
  ) throws(DataError) {
    let isCompressed = Gzip.isCompressed(try stream.prefix(16))
    let plain: ByteStream = isCompressed ? .compressed(stream, file: file) : stream
    let start = try plain.prefix(16)
    if DataContent.isIDX(start, file: file) {
      let bytes = try DataError.wrapping(whole)
      self = .array(try IDXFile.parse(bytes, file: file), file: file, isIDX: true)
    } else if DataContent.isArray(start, file: file) {
      if case .file(let opened) = plain, NPYFile.isNPY(start),
        let (features, shape) = try NPYFile.stored(opened, name: file)
      {
        self = .stored(features, shape: shape, file: file)
        return
      }
      let bytes = try DataError.wrapping { () throws(SystemError) in
        let bytes = try whole()
        return isCompressed
          ? try Gzip.inflate(bytes, name: file, limit: DataContent.largestArray) : bytes
      }
      self = .array(try NPYFile.parse(bytes, file: file), file: file, isIDX: false)
    } else {
      self = .table(.text(plain, file: file))
    }
  }

  /// The most bytes of a compressed array.
  private static let largestArray = 1 << 36

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
}
