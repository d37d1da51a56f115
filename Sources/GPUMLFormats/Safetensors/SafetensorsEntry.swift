import GPUMLGraph
import GPUMLJSON

/// What a safetensors file says of one tensor.
public struct SafetensorsEntry: Sendable, Hashable {
  /// The tensor's name, unique in its file.
  public let name: String
  /// The type of the elements as stored.
  public let dtype: SafetensorsDType
  /// The size of each axis.
  public let shape: [Int]
  /// The bytes of the elements, counted from the end of the header.
  public let range: Range<Int>
  /// The number of elements.
  public let count: Int

  init(name: String, dtype: SafetensorsDType, shape: [Int], range: Range<Int>, count: Int) {
    self.name = name
    self.dtype = dtype
    self.shape = shape
    self.range = range
    self.count = count
  }

  /// Reads `{"dtype":…,"shape":[…],"data_offsets":[begin,end]}`.
  init(name: String, from scanner: inout JSONScanner) throws(StrictJSON.Failure) {
    let tensor = "tensor \(Excerpt.quoted(name))"
    var fields = Fields()
    let start = scanner.position
    try scanner.beginObject()
    var isFirst = true
    while let key = try scanner.nextKey(isFirst: isFirst, maximumByteCount: 64) {
      isFirst = false
      try fields.read(key, tensor, &scanner)
    }
    guard let dtype = fields.dtype, let shape = fields.shape, let offsets = fields.offsets else {
      throw scanner.failure("\(tensor) needs dtype, shape and data_offsets", at: start)
    }
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw scanner.failure("\(tensor): data_offsets are not [begin, end]", at: start)
    }
    guard let size = Self.size(of: shape, dtype) else {
      throw scanner.failure(
        "\(tensor): the size of \(shape) overflows or is not whole bytes", at: start)
    }
    let range = offsets[0]..<offsets[1]
    guard range.count == size.byteCount else {
      throw scanner.failure(
        "\(tensor): \(shape) of \(dtype.rawValue) takes \(size.byteCount) bytes, not \(range.count)",
        at: start)
    }
    self.init(name: name, dtype: dtype, shape: shape, range: range, count: size.count)
  }

  /// Nil if the product of the sizes other than 0 does not fit: strides are such products even
  /// where the tensor is empty.
  static func size(of shape: [Int], _ dtype: SafetensorsDType) -> (count: Int, byteCount: Int)? {
    guard let spread = HostTensor.elementCount(of: shape.filter { $0 != 0 }) else { return nil }
    let (bitCount, overflow) = spread.multipliedReportingOverflow(by: dtype.bitCount)
    if shape.contains(0) { return overflow ? nil : (0, 0) }
    return overflow || !bitCount.isMultiple(of: 8) ? nil : (spread, bitCount / 8)
  }

  private struct Fields {
    var dtype: SafetensorsDType?
    var shape: [Int]?
    var offsets: [Int]?

    mutating func read(
      _ key: JSONScanner.Key, _ tensor: String, _ scanner: inout JSONScanner
    ) throws(StrictJSON.Failure) {
      switch key.text {
      case "dtype":
        if dtype != nil { throw key.duplicate }
        let name = try scanner.string(maximumByteCount: 64)
        guard let known = SafetensorsDType(rawValue: name) else {
          throw scanner.failure("\(tensor): unknown dtype \(Excerpt.quoted(name))")
        }
        dtype = known
      case "shape":
        if shape != nil { throw key.duplicate }
        shape = try counts("\(tensor): shape", SafetensorsHeader.maximumRank, &scanner)
      case "data_offsets":
        if offsets != nil { throw key.duplicate }
        offsets = try counts("\(tensor): data_offsets", 2, &scanner)
      default: throw scanner.failure("\(tensor): unknown field \(Excerpt.quoted(key.text))")
      }
    }

    private func counts(
      _ field: String, _ maximum: Int, _ scanner: inout JSONScanner
    ) throws(StrictJSON.Failure) -> [Int] {
      var values: [Int] = []
      try scanner.beginArray()
      while try scanner.hasNextElement(isFirst: values.isEmpty) {
        if values.count == maximum {
          throw scanner.failure("\(field) has more than \(maximum) elements")
        }
        values.append(try scanner.count(field))
      }
      return values
    }
  }
}
