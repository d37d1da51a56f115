import Testing

@testable import GPUMLData

@Suite("Dates")
struct DateTextTests {
  private func days(_ text: String) -> Double? {
    let bytes = Array(text.utf8)
    return DateText.days(bytes, from: 0, to: bytes.count)
  }

  @Test(
    "dates are days since 2000",
    arguments: [
      ("2000-01-01", 0), ("1999-12-31", -1), ("2024-02-29", 8825), ("1900-03-01", -36465),
      ("0001-01-01", -730_119), ("2100/02/28", 36583), (" 2000-01-02\t", 1),
      ("2000-01-01T12:00", 0.5), ("2000-01-01 06:00:00", 0.25), ("2000-01-02T00:00:00Z", 1),
      ("2000-01-01T18:00:00.000+06:00", 0.5), ("2000-01-01T06:00-0600", 0.5),
      ("2000-01-01T00:00:43.2", 0.0005),
    ])
  func dates(text: String, expected: Double) throws {
    #expect(abs(try #require(days(text)) - expected) < 1e-9)
  }

  @Test(
    "what is no date is none",
    arguments: [
      "", "2000", "2000-1-1", "2000-13-01", "2000-02-30", "1900-02-29", "2000-01-01x",
      "2000-01-01T", "2000-01-01T24:00", "2000-01-01T12:60", "2000-01-01T12:00:00.",
      "2000-01-01T12:00+", "2000-01-01T12:00+25:00", "2000-01/01", "0000-01-01", "01/02/2000",
      "20000101", "2000-01-01T12:00Zx",
    ])
  func others(text: String) { #expect(days(text) == nil) }
}
