import Testing

@testable import GPUMLFormats

@Suite struct StrictJSONTests {
  @Test(
    "whole numbers stay whole and others become doubles",
    arguments: [
      ("0", .integer(0)), ("-7", .integer(-7)), ("4611686018427387904", .integer(1 << 62)),
      ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
      ("9223372036854775808", .unsigned(1 << 63)), ("18446744073709551615", .unsigned(.max)),
      ("2.0", .double(2)), ("2e0", .double(2)), ("-0", .double(-0.0)), ("1.5E+2", .double(150)),
      ("12.5e-1", .double(1.25)), ("1e-400", .double(0)),
    ] as [(String, StrictJSON.Value)])
  func numbers(text: String, value: StrictJSON.Value) throws {
    #expect(try StrictJSON.parse(text) == value)
  }

  @Test("minus zero keeps its sign")
  func minusZero() throws {
    #expect(try StrictJSON.parse("-0").number?.sign == .minus)
  }

  @Test(
    "strings are unescaped",
    arguments: [
      (#""""#, ""), (#""a\"\\\/b""#, "a\"\\/b"), (#""\b\f\n\r\t""#, "\u{8}\u{C}\n\r\t"),
      (#""\u0041\u00e9\u20AC""#, "Aé€"), (#""\ud83d\ude00""#, "😀"), (#""😀é""#, "😀é"),
      (#""\u0000""#, "\u{0}"), (#""\uFFFF\uE000""#, "\u{FFFF}\u{E000}"),
      (#""\uDBFF\uDFFF""#, "\u{10FFFF}"),
    ])
  func strings(text: String, value: String) throws {
    #expect(try StrictJSON.parse(text) == .string(value))
  }

  @Test("objects keep the order of their members")
  func structure() throws {
    let value = try StrictJSON.parse(" {\"b\" : [1, true,null , {}], \"a\":{\"c\":false}}\n")
    let inner: [StrictJSON.Value] = [.integer(1), .bool(true), .null, .object([])]
    #expect(value.members?.map(\.key) == ["b", "a"])
    #expect(value["b"] == .array(inner))
    #expect(value["a"]?["c"]?.bool == false)
    #expect(value["z"] == nil)
  }

  @Test(
    "what RFC 8259 does not allow is refused where it stands",
    arguments: [
      ("", 0), (" ", 1), ("{", 1), ("[1,]", 3), ("[1 2]", 3), ("{\"a\":1,}", 7), ("{a:1}", 1),
      ("{\"a\" 1}", 5), ("[", 1), ("1 2", 2), ("nul", 0), ("truex", 4), ("01", 0), ("-", 1),
      ("1.", 2), (".5", 0), ("1e", 2), ("+1", 0), ("NaN", 0), ("Infinity", 0), ("1e400", 0),
      ("18446744073709551616", 0), ("-9223372036854775809", 0), ("\"a", 2), ("\"\\x\"", 1),
      ("\"\\u12G4\"", 5), ("\"\\ud800\"", 1), ("\"\\udc00\"", 1), ("\"\\ud800\\u0041\"", 1),
      ("\"\\ud800x\"", 1), ("\"\\", 1), ("\"a\nb\"", 2), ("\"\u{0}\"", 1), ("'a'", 0),
      ("{\"a\":1,\"a\":2}", 7), ("{\"a\":1,\"\\u0061\":2}", 7), ("// x\n1", 0), ("\u{FEFF}1", 0),
      ("1\u{0}", 1), ("[1}", 2), ("{\"a\":1]", 6), ("\u{A0}1", 0),
    ])
  func refused(text: String, offset: Int) {
    let error = #expect(throws: StrictJSON.Failure.self) { try StrictJSON.parse(text) }
    #expect(error?.offset == offset, "\(text): \(String(describing: error))")
    #expect(error?.description.contains("\n") == false)
  }

  @Test(
    "bytes that are not UTF-8 are refused",
    arguments: [
      [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82],
    ]
      as [[UInt8]])
  func invalidUTF8(bytes: [UInt8]) {
    for text in [[0x22] + bytes + [0x22], [0x22, 0x5C, 0x6E] + bytes + [0x22]] as [[UInt8]] {
      #expect(throws: StrictJSON.Failure.self) { try StrictJSON.parse(text) }
    }
  }

  @Test("a text in UTF-16 is refused")
  func utf16() {
    #expect(throws: StrictJSON.Failure.self) { try StrictJSON.parse([0x7B, 0, 0x7D, 0]) }
  }

  @Test("nesting is allowed to its limit and no further", arguments: ["[", "{\"a\":"])
  func depth(opening: String) throws {
    let closing = opening == "[" ? "]" : "}"
    func nested(_ depth: Int) -> String {
      String(repeating: opening, count: depth - 1) + (opening == "[" ? "[]" : "{}")
        + String(repeating: closing, count: depth - 1)
    }
    #expect(throws: Never.self) { try StrictJSON.parse(nested(64)) }
    let error = #expect(throws: StrictJSON.Failure.self) { try StrictJSON.parse(nested(65)) }
    #expect(error?.reason == "nested too deeply")
    #expect(throws: StrictJSON.Failure.self) {
      try StrictJSON.parse(String(repeating: opening, count: 100_000))
    }
  }

  @Test("more values than allowed are refused")
  func valueCount() {
    var limits = StrictJSON.Limits()
    limits.valueCount = 4
    #expect(throws: Never.self) { try StrictJSON.parse("[1,2,3]", limits: limits) }
    #expect(throws: StrictJSON.Failure.self) { try StrictJSON.parse("[1,2,3,4]", limits: limits) }
  }

  @Test("what is written reads back equal and is written the same again")
  func roundTrip() throws {
    let value = StrictJSON.Value.object([
      .init(key: "z\"\\\n\u{1}é😀", value: .string("\u{0}\u{1F}\u{7F}/\t\r")),
      .init(
        key: "numbers",
        value: .array([
          .integer(.min), .unsigned(.max), .double(0.1), .double(.leastNonzeroMagnitude),
          .double(1e300),
          .double(2), .double(-0.0), .double(1e16), .double(.pi),
        ])),
      .init(key: "", value: .array([.null, .bool(true), .bool(false), .object([]), .array([])])),
    ])
    let text = try value.serialized()
    #expect(try StrictJSON.parse(text) == value)
    #expect(try StrictJSON.parse(text).serialized() == text)
    #expect(text.hasPrefix(#"{"z\"\\\n\u0001é😀":"\u0000\u001f"#))
  }

  @Test("what JSON cannot say is not written")
  func unwritable() {
    var deep = StrictJSON.Value.null
    for _ in 0..<65 { deep = .array([deep]) }
    let twice = StrictJSON.Member(key: "a", value: .null)
    for value: StrictJSON.Value in [
      .double(.nan), .double(.infinity), .array([.double(-.infinity)]), .object([twice, twice]),
      deep,
    ] {
      #expect(throws: StrictJSON.Failure.self) { try value.serialized() }
    }
  }
}
