import GPUMLGraph
import GPUMLSystem

/// The header of an NPY file: a Python dictionary, read by a parser of its own, never evaluated.
struct NPYHeader {
  let scalar: FileScalar
  let order: ByteOrder
  let isFortranOrder: Bool
  let shape: [Int]

  /// Reads `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`; keys in any order.
  init(_ text: ArraySlice<UInt8>, file: String) throws(DataError) {
    var parser = Parser(text: text, file: file)
    var type: (FileScalar, ByteOrder)?
    var fortran: Bool?
    var shape: [Int]?
    try parser.expect("{")
    while !parser.take("}") {
      let key = try parser.string()
      try parser.expect(":")
      switch key {
      case "descr" where type == nil: type = try Self.scalar(try parser.string(), file: file)
      case "fortran_order" where fortran == nil: fortran = try parser.bool()
      case "shape" where shape == nil: shape = try parser.shape()
      default: throw parser.failure("the key '\(key.excerpt())' is unknown or doubled")
      }
      if !parser.take(",") {
        try parser.expect("}")
        break
      }
    }
    guard parser.isAtEnd else { throw parser.failure("text follows the dictionary") }
    guard let type, let fortran, let shape else {
      throw parser.failure("one of descr, fortran_order and shape is missing")
    }
    (scalar, order) = type
    isFortranOrder = fortran
    self.shape = shape
  }

  private static func scalar(
    _ text: String, file: String
  ) throws(DataError) -> (FileScalar, ByteOrder) {
    let order: ByteOrder? =
      switch text.first {
      case "<", "|": .littleEndian
      case "=": .native
      case ">": .bigEndian
      default: nil
      }
    let scalar: FileScalar? =
      switch text.dropFirst() {
      case "f4": .float32
      case "f8": .float64
      case "f2": .float16
      case "u1": .uint8
      case "i1": .int8
      case "u2": .uint16
      case "i2": .int16
      case "u4": .uint32
      case "i4": .int32
      case "i8": .int64
      case "b1": .bool
      default: nil
      }
    guard let order, let scalar else {
      let hint = text.dropFirst().first == "O" ? ": Python objects are never read" : ""
      throw .malformed(
        file: file, line: nil, reason: "the number type '\(text.excerpt())' is not taken\(hint)")
    }
    return (scalar, order)
  }
}

/// Just enough of Python's literals.
private struct Parser {
  private let text: ArraySlice<UInt8>
  private let file: String
  private var index: Int

  init(text: ArraySlice<UInt8>, file: String) {
    self.text = text
    self.file = file
    index = text.startIndex
  }

  func failure(_ reason: String) -> DataError {
    .malformed(file: file, line: nil, reason: "bad NPY header: \(reason)")
  }

  var isAtEnd: Bool {
    text[index...].allSatisfy { $0 == 0x20 || $0 == 0x0A }
  }

  private mutating func skipBlanks() {
    while index < text.endIndex, text[index] == 0x20 { index += 1 }
  }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard index < text.endIndex, text[index] == UInt8(ascii: character) else { return false }
    index += 1
    return true
  }

  mutating func expect(_ character: Unicode.Scalar) throws(DataError) {
    guard take(character) else { throw failure("'\(character)' expected") }
  }

  mutating func string() throws(DataError) -> String {
    skipBlanks()
    guard index < text.endIndex,
      text[index] == UInt8(ascii: "'") || text[index] == UInt8(ascii: "\""),
      let end = text[(index + 1)...].firstIndex(of: text[index])
    else { throw failure("a quoted text expected") }
    defer { index = end + 1 }
    return String(decoding: text[(index + 1)..<end], as: UTF8.self)
  }

  mutating func bool() throws(DataError) -> Bool {
    skipBlanks()
    for (word, value) in [("True", true), ("False", false)]
    where text[index...].starts(with: word.utf8) {
      index += word.utf8.count
      return value
    }
    throw failure("True or False expected")
  }

  mutating func shape() throws(DataError) -> [Int] {
    try expect("(")
    var sizes: [Int] = []
    while !take(")") {
      sizes.append(try size())
      // numpy itself takes no more than 64 axes.
      guard sizes.count <= 64 else { throw failure("more than 64 axes") }
      if !take(",") {
        try expect(")")
        guard sizes.count != 1 else { throw failure("the shape is no tuple") }
        break
      }
    }
    return sizes
  }

  private mutating func size() throws(DataError) -> Int {
    skipBlanks()
    let digits = text[index...].prefix { (0x30...0x39).contains($0) }
    guard let size = Int(String(decoding: digits, as: UTF8.self)) else {
      throw failure("a size expected that fits in 63 bits")
    }
    index = digits.endIndex
    return size
  }
}
