import GPUMLGraph
import GPUMLSystem

/// What lies at a source, before it is known what it is used for.
enum DataContent {
  /// A CSV or TSV text, not yet parsed.
  case table([UInt8], file: String)
  /// An array whose first axis counts the examples.
  case array(HostTensor, file: String, isIDX: Bool)
  /// A folder with the files of MNIST.
  case folder(String)
  /// The digits that come with gpuml.
  case digits

  /// The most a compressed text may expand to: real tables shrink 3 to 50 times.
  private static let tableRatio = 200

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
    let bytes = try DataError.wrapping { () throws(SystemError) in try FileBytes.read(source) }
    try self.init(bytes, file: source)
  }

  /// Tells what bytes are.
  init(_ bytes: [UInt8], file: String) throws(DataError) {
    let isCompressed = Gzip.isCompressed(bytes)
    let start =
      isCompressed
      ? try DataError.wrapping { () throws(SystemError) in
        try Gzip.prefix(bytes, name: file, count: 16)
      } : Array(bytes.prefix(16))
    var name = Substring(file.lowercased())
    if name.hasSuffix(".gz") { name = name.dropLast(3) }
    let looksIDX = start.count >= 4 && start[0] == 0 && start[1] == 0
    if looksIDX || name.hasSuffix("-ubyte") || name.hasSuffix(".idx") {
      self = .array(try IDXFile.parse(bytes, file: file), file: file, isIDX: true)
    } else if NPYFile.isNPY(start) || name.hasSuffix(".npy") {
      let plain = isCompressed ? try Self.inflated(bytes, file: file, ratio: 1100) : bytes
      self = .array(try NPYFile.parse(plain, file: file), file: file, isIDX: false)
    } else {
      let plain =
        isCompressed ? try Self.inflated(bytes, file: file, ratio: Self.tableRatio) : bytes
      self = .table(plain, file: file)
    }
  }

  private static func inflated(
    _ bytes: [UInt8], file: String, ratio: Int
  ) throws(DataError) -> [UInt8] {
    try DataError.wrapping { () throws(SystemError) in
      try Gzip.inflate(bytes, name: file, limit: TableCell.largestFile, maximumRatio: ratio)
    }
  }
}
