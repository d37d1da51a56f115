import Testing

/// A file that must be refused, and words its message must contain.
struct HostileFile: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let bytes: [UInt8]
  let reason: String

  init(_ name: String, _ bytes: [UInt8], _ reason: String) {
    testDescription = name
    self.bytes = bytes
    self.reason = reason
  }

  /// A file with this header and so many zero bytes behind it.
  init(_ name: String, header: String, data: Int = 0, _ reason: String) {
    self.init(name, Self.file(Array(header.utf8), data: data), reason)
  }

  static func file(_ header: [UInt8], length: UInt64? = nil, data: Int = 0) -> [UInt8] {
    let length = length ?? UInt64(header.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> ($0 * 8)) } + header
      + [UInt8](repeating: 0, count: data)
  }

  static func entry(
    _ dtype: String = "F32", _ shape: String = "[2]", _ offsets: String = "[0,8]"
  ) -> String {
    #"{"dtype":"\#(dtype)","shape":\#(shape),"data_offsets":\#(offsets)}"#
  }

  static let all: [HostileFile] = framing + json + layout + shapes + fields

  static let framing: [HostileFile] = [
    .init("empty", [], "0 bytes"),
    .init("7 bytes", [UInt8](repeating: 1, count: 7), "7 bytes"),
    .init("N of 0", file([]), "0 bytes"),
    .init("N of 2^63", file([0x7B, 0x7D], length: 1 << 63), "9223372036854775808"),
    .init("N of 2^64 - 1", file([0x7B, 0x7D], length: .max), "18446744073709551615"),
    .init("N over 100 MB", file([0x7B, 0x7D], length: 100_000_001), "100000001"),
    .init("N beyond the file", file([0x7B, 0x7D], length: 3), "end beyond"),
    .init("a PNG", [0x89] + Array("PNG\r\n".utf8) + [0x1A, 0x0A, 0, 0, 0, 0x0D], "safetensors"),
  ]

  static let json: [HostileFile] = [
    .init("bad UTF-8", file([0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x7B, 0x7D, 0x7D]), "UTF-8"),
    .init("byte order mark", file([0xEF, 0xBB, 0xBF, 0x7B, 0x7D]), "byte order mark"),
    .init("leading space", header: " {}", "expected '{'"),
    .init("top-level array", header: "[{}]", "expected '{'"),
    .init("top-level string", header: "\"{}\"", "expected '{'"),
    .init("text behind the object", header: "{} x", "after the header"),
    .init("padding with newlines", header: "{}\n\n", "after the header"),
    .init("padding with NUL", file([0x7B, 0x7D, 0]), "after the header"),
    .init("unterminated", header: "{\"a\":\(entry())", data: 8, "ends where"),
    .init(
      "duplicate key", header: "{\"a\":\(entry()),\"a\":\(entry("F32", "[2]", "[8,16]"))}",
      data: 16, "duplicate key 'a'"),
    .init(
      "duplicate key, escaped",
      header: "{\"a\":\(entry()),\"\\u0061\":\(entry("F32", "[2]", "[8,16]"))}", data: 16,
      "duplicate key 'a'"),
    .init(
      "duplicate metadata", header: #"{"__metadata__":{"a":"1","a":"2"}}"#, "duplicate key 'a'"),
    .init(
      "metadata twice", header: #"{"__metadata__":{},"__metadata__":{}}"#, "duplicate key"),
    .init(
      "depth 1e5 as a tensor", header: "{\"a\":" + String(repeating: "[", count: 100_000),
      "expected an object"),
    .init(
      "depth 1e5 of objects", header: String(repeating: "{\"a\":", count: 100_000),
      "unknown field 'a'"),
    .init(
      "depth 1e5 as a shape",
      header: #"{"a":{"shape":"# + String(repeating: "[", count: 100_000), "integers"),
    .init(
      "control characters in a name", header: "{\"a\\n\\u001b[2J\":[]}", "expected an object"),
    .init("lone surrogate", header: #"{"\ud800":\#(entry())}"#, data: 8, "surrogate"),
  ]

  static let layout: [HostileFile] = [
    .init(
      "overlap", header: "{\"a\":\(entry()),\"b\":\(entry("F32", "[2]", "[4,12]"))}", data: 12,
      "overlaps"),
    .init(
      "the same range twice", header: "{\"a\":\(entry()),\"b\":\(entry())}", data: 8, "overlaps"),
    .init(
      "hole", header: "{\"a\":\(entry()),\"b\":\(entry("F32", "[2]", "[12,20]"))}", data: 20,
      "hole"),
    .init(
      "hole at the start", header: "{\"a\":\(entry("F32", "[2]", "[8,16]"))}", data: 16, "hole"),
    .init("trailing bytes", header: "{\"a\":\(entry())}", data: 9, "the file has 9"),
    .init("data without tensors", header: "{}", data: 1, "the file has 1"),
    .init("truncated data", header: "{\"a\":\(entry())}", data: 7, "the file has 7"),
    .init(
      "begin > end", header: "{\"a\":\(entry("F32", "[0]", "[8,0]"))}", data: 8, "[begin, end]"),
    .init(
      "negative offset", header: "{\"a\":\(entry("F32", "[2]", "[-8,0]"))}", "at least 0"),
    .init(
      "offset of 2^64", header: "{\"a\":\(entry("F32", "[2]", "[0,18446744073709551616]"))}",
      "out of range"),
    .init(
      "offset of 2^63", header: "{\"a\":\(entry("F32", "[2]", "[0,9223372036854775808]"))}",
      "at least 0"),
    .init("one offset", header: "{\"a\":\(entry("F32", "[2]", "[0]"))}", data: 8, "[begin, end]"),
    .init(
      "three offsets", header: "{\"a\":\(entry("F32", "[2]", "[0,8,8]"))}", data: 8, "more than 2"),
  ]

  static let shapes: [HostileFile] = [
    .init(
      "product overflow",
      header: "{\"a\":\(entry("F32", "[4294967296,4294967296]", "[0,0]"))}", "overflows"),
    .init(
      "product overflow beside a zero",
      header: "{\"a\":\(entry("U8", "[4611686018427387904,4611686018427387904,0]", "[0,0]"))}",
      "overflows"),
    .init(
      "2^62 dim", header: "{\"a\":\(entry("F32", "[4611686018427387904]", "[0,0]"))}", "overflows"),
    .init(
      "2^59 dim", header: "{\"a\":\(entry("U8", "[576460752303423488]", "[0,8]"))}", data: 8,
      "takes 576460752303423488 bytes"),
    .init("float dim", header: "{\"a\":\(entry("F32", "[2.0]"))}", data: 8, "integers"),
    .init("float dim by exponent", header: "{\"a\":\(entry("F32", "[2e0]"))}", data: 8, "integers"),
    .init("negative dim", header: "{\"a\":\(entry("F32", "[-2]"))}", data: 8, "at least 0"),
    .init("minus zero dim", header: "{\"a\":\(entry("F32", "[-0]", "[0,0]"))}", "at least 0"),
    .init("dim as a string", header: "{\"a\":\(entry("F32", "[\"2\"]"))}", data: 8, "integers"),
    .init(
      "shape not equal to bytes", header: "{\"a\":\(entry("F32", "[3]"))}", data: 8, "takes 12"),
    .init(
      "half a byte", header: "{\"a\":\(entry("F4", "[3]", "[0,1]"))}", data: 1, "not whole bytes"),
    .init(
      "rank 1000",
      header: "{\"a\":\(entry("U8", "[1" + String(repeating: ",1", count: 999) + "]", "[0,1]"))}",
      data: 1, "more than 32"),
  ]

  static let fields: [HostileFile] = [
    .init("unknown dtype", header: "{\"a\":\(entry("F31"))}", data: 8, "unknown dtype 'F31'"),
    .init("lower-case dtype", header: "{\"a\":\(entry("f32"))}", data: 8, "unknown dtype"),
    .init(
      "dtype as a number", header: #"{"a":{"dtype":1,"shape":[2],"data_offsets":[0,8]}}"#, data: 8,
      "expected a string"),
    .init("no dtype", header: #"{"a":{"shape":[2],"data_offsets":[0,8]}}"#, data: 8, "needs dtype"),
    .init("no shape", header: #"{"a":{"dtype":"F32","data_offsets":[0,8]}}"#, data: 8, "needs"),
    .init("no offsets", header: #"{"a":{"dtype":"F32","shape":[2]}}"#, data: 8, "needs"),
    .init("null as a tensor", header: #"{"a":null}"#, "expected an object"),
    .init(
      "dtype twice",
      header: #"{"a":{"dtype":"F32","dtype":"I32","shape":[],"data_offsets":[0,4]}}"#,
      data: 4, "duplicate key 'dtype'"),
    .init(
      "unknown field",
      header: #"{"a":{"dtype":"F32","x":0,"shape":[2],"data_offsets":[0,8]}}"#, data: 8,
      "unknown field 'x'"),
    .init("number as metadata", header: #"{"__metadata__":{"a":1}}"#, "not a string"),
    .init("object as metadata", header: #"{"__metadata__":{"a":{}}}"#, "not a string"),
    .init("metadata that is no object", header: #"{"__metadata__":"a"}"#, "expected an object"),
  ]
}
