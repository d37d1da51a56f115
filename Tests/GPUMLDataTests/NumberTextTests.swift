import GPUMLGraph
import Testing

@testable import GPUMLData

@Suite("NumberText")
struct NumberTextTests {
  private func classify(_ text: String) -> CellValue {
    let bytes = Array(text.utf8)
    return NumberText.classify(bytes, from: 0, to: bytes.count)
  }

  @Test(
    "numbers are read exactly as the standard library reads them",
    arguments: [
      "0", "-0", "1", "+7", "12345678901234567890", "9007199254740993", "0.1", ".5", "5.", "1e22",
      "1e23", "1E-22", "123.456e-7", "-2.2250738585072014e-308", "4.9e-324", "1e-400",
      "1.7976931348623157e308", "0.000000000000000000000000000001", "00012.50", "8.5e+0",
      "3.14159265358979323846264338327950288", "1e00000000000000000001",
    ])
  func numbers(text: String) throws {
    let expected = try #require(Double(text))
    guard case .number(let value, _) = classify(text) else {
      Issue.record("\(classify(text))")
      return
    }
    #expect(value.bitPattern == expected.bitPattern)
  }

  @Test("random numbers keep every bit")
  func random() throws {
    var random = Philox(seed: 5, stream: 0)
    for _ in 0..<5000 {
      let bits = random.next()
      let value = Double(bitPattern: bits)
      guard value.isFinite else { continue }
      guard case .number(let read, _) = classify("\(value)") else {
        Issue.record("\(value)")
        continue
      }
      #expect(read.bitPattern == value.bitPattern)
    }
  }

  @Test("whole numbers are told from others")
  func integers() {
    #expect(classify("-12") == .number(-12, isInteger: true))
    #expect(classify(" 12\t") == .number(12, isInteger: true))
    #expect(classify("12.0") == .number(12, isInteger: false))
    #expect(classify("9223372036854775807") == .number(0x1p63, isInteger: true))
    #expect(classify("9223372036854775808") == .number(0x1p63, isInteger: false))
  }

  @Test(
    "the words for missing values are missing",
    arguments: [
      "", " ", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "-nan", "<NA>", "NULL", "null", "None",
    ])
  func missing(text: String) { #expect(classify(text) == .missing) }

  @Test(
    "too large is out of range",
    arguments: ["1e400", "-1e309", "inf", "-Infinity", "1e99999999999"])
  func outOfRange(text: String) { #expect(classify(text) == .outOfRange) }

  @Test(
    "what is no number is text",
    arguments: [
      "-", "+", ".", "e5", "1e", "1e+", "0x10", "1,5", "1 2", "1.2.3", "١", "--1", "na", "1_000",
    ])
  func text(text: String) { #expect(classify(text) == .text) }

  @Test("bools are bools in three spellings")
  func bools() {
    for text in ["true", "True", "TRUE"] { #expect(classify(text) == .bool(true)) }
    for text in ["false", "False", "FALSE"] { #expect(classify(text) == .bool(false)) }
    #expect(classify("tRue") == .text)
  }
}
