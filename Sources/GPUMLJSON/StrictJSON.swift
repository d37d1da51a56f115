/// JSON as RFC 8259 has it, read without leniency.
///
/// Refused are duplicate keys, a byte order mark, invalid UTF-8, lone surrogates, anything after
/// the value, deep nesting, and numbers that do not fit their type. Foundation's decoder accepts
/// several of these, and a file that two readers understand differently is not to be trusted.
package enum StrictJSON {
  /// A JSON value. Whole numbers stay whole: `2` is an integer, `2.0` and `2e0` are doubles.
  package enum Value: Sendable, Equatable {
    case object([Member])
    case array([Value])
    case string(String)
    case integer(Int64)
    /// A whole number above `Int64.max`.
    case unsigned(UInt64)
    case double(Double)
    case bool(Bool)
    case null
  }

  /// A key of an object and what it stands for.
  package struct Member: Sendable, Equatable {
    /// The key; no other member of the object has an equal one.
    package let key: String
    /// What the key stands for.
    package let value: Value

    package init(key: String, value: Value) {
      self.key = key
      self.value = value
    }
  }

  /// How much a text may ask for before it is refused.
  package struct Limits: Sendable {
    /// The nesting of objects and arrays.
    package var depth = 64
    /// The values of all kinds together; one takes some 40 bytes of memory.
    package var valueCount = 1 << 20

    package init() {}
  }

  /// What is wrong with a text, and where.
  package struct Failure: Error, Sendable, Equatable, CustomStringConvertible {
    /// The place: bytes before it, from the start of the text.
    package let offset: Int
    /// What is wrong there.
    package let reason: String

    package init(offset: Int, reason: String) {
      self.offset = offset
      self.reason = reason
    }

    /// One line: the reason and the place.
    package var description: String { "\(reason) at byte \(offset)" }
  }

  /// Parses one value that fills the text.
  package static func parse(
    _ bytes: [UInt8], limits: Limits = Limits()
  ) throws(Failure) -> Value {
    var scanner = JSONScanner(bytes)
    var budget = limits.valueCount
    let value = try parse(from: &scanner, depth: limits.depth, budget: &budget)
    try scanner.finish()
    return value
  }

  /// Parses one value that fills the text.
  package static func parse(
    _ text: String, limits: Limits = Limits()
  ) throws(Failure) -> Value {
    try parse(Array(text.utf8), limits: limits)
  }

  private static func parse(
    from scanner: inout JSONScanner, depth: Int, budget: inout Int
  ) throws(Failure) -> Value {
    budget -= 1
    if budget < 0 { throw scanner.failure("more values than allowed") }
    switch try scanner.peek() {
    case .objectStart:
      if depth == 0 { throw scanner.failure("nested too deeply") }
      var members: [Member] = []
      var keys: Set<String> = []
      try scanner.beginObject()
      while let key = try scanner.nextKey(isFirst: members.isEmpty) {
        if !keys.insert(key.text).inserted { throw key.duplicate }
        let value = try parse(from: &scanner, depth: depth - 1, budget: &budget)
        members.append(Member(key: key.text, value: value))
      }
      return .object(members)
    case .arrayStart:
      if depth == 0 { throw scanner.failure("nested too deeply") }
      var values: [Value] = []
      try scanner.beginArray()
      while try scanner.hasNextElement(isFirst: values.isEmpty) {
        values.append(try parse(from: &scanner, depth: depth - 1, budget: &budget))
      }
      return .array(values)
    case .string: return .string(try scanner.string())
    case .number: return try scanner.number()
    case .literal: return try scanner.literal()
    }
  }
}

extension StrictJSON.Value {
  /// An object's members in their order; nil for other values.
  package var members: [StrictJSON.Member]? {
    if case .object(let members) = self { members } else { nil }
  }
  /// An array's elements; nil for other values.
  package var elements: [Self]? { if case .array(let values) = self { values } else { nil } }
  /// A string's text; nil for other values.
  package var text: String? { if case .string(let text) = self { text } else { nil } }
  /// A whole number that fits; nil for other values, `2.0` among them.
  package var integer: Int64? { if case .integer(let value) = self { value } else { nil } }
  /// The truth of `true` and `false`; nil for other values.
  package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

  /// Any number, rounded to the nearest double; nil for other values.
  package var number: Double? {
    switch self {
    case .double(let value): value
    case .integer(let value): Double(value)
    case .unsigned(let value): Double(value)
    default: nil
    }
  }

  /// What an object's key stands for; nil if there is none or this is not an object.
  package subscript(key: String) -> Self? { members?.first { $0.key == key }?.value }
}
