import COpenCL

/// Reads the properties of one kind of OpenCL object.
struct Query {
  /// `clGet…Info` with its object bound: parameter, room, destination, size.
  typealias Getter = (UInt32, Int, UnsafeMutableRawPointer?, UnsafeMutablePointer<Int>?) -> Int32

  let call: String
  let get: Getter

  /// A number or another plain value.
  func value<T: BitwiseCopyable>(_ parameter: Int32, initial: T) throws -> T {
    var result = initial
    try check(
      get(UInt32(bitPattern: parameter), MemoryLayout<T>.size, &result, nil), call,
      "parameter \(String(parameter, radix: 16))")
    return result
  }

  /// A list of plain values; empty if the object has none.
  func list<T: BitwiseCopyable>(_ parameter: Int32, zero: T) throws -> [T] {
    let name = UInt32(bitPattern: parameter)
    var bytes = 0
    try check(get(name, 0, nil, &bytes), call, "parameter \(String(parameter, radix: 16))")
    var result = [T](repeating: zero, count: bytes / MemoryLayout<T>.stride)
    if result.isEmpty { return result }
    try result.withUnsafeMutableBytes { storage in
      try check(
        get(name, storage.count, storage.baseAddress, nil), call,
        "parameter \(String(parameter, radix: 16))")
    }
    return result
  }

  /// A string without its terminator, surrounding spaces and control characters.
  func string(_ parameter: Int32) throws -> String {
    let bytes = try list(parameter, zero: UInt8(0)).prefix { $0 != 0 }
    let text = String(decoding: bytes.map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 }, as: UTF8.self)
    return text.split(separator: " ").joined(separator: " ")
  }

  static func platform(_ id: cl_platform_id) -> Query {
    Query(call: "clGetPlatformInfo") { clGetPlatformInfo(id, $0, $1, $2, $3) }
  }

  static func device(_ id: cl_device_id) -> Query {
    Query(call: "clGetDeviceInfo") { clGetDeviceInfo(id, $0, $1, $2, $3) }
  }
}
