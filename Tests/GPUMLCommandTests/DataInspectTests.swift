import Foundation
import GPUMLFormats
import TestSupport
import Testing

@Suite("gpuml data inspect")
struct DataInspectTests {
  private static let table =
    "id,day,colour,size,alive,note,survived\n"
    + (0..<60).map { row in
      let day = row % 2 == 0 ? "2024-02-29" : "2023-12-31"
      let colour = row == 7 ? "" : ["red", "green", "a colour of which the name is long"][row % 3]
      let size = row % 10 == 0 ? "NA" : "\(Double(row) / 8)"
      let lives = row % 4 == 0
      return
        "\(row % 30),\(day),\(colour),\(size),\(lives ? "yes" : "no"),n\(row),\(lives ? 1 : 0)\n"
    }.joined() + "1,2023-12-31,green,0.125,no,n1,0\n"

  private func inspect(_ arguments: String...) async throws -> CommandLineTool.Outcome {
    try await CommandLineTool.run(
      ["data", "inspect"] + arguments, in: SharedRuns.folder, input: DataInspectTests.table)
  }

  @Test("--json tells types, missing values, ranges, balance, duplicates and suspects")
  func json() async throws {
    let outcome = try await inspect("-", "--json")
    #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    let report = try #require(try outcome.objects().first)
    #expect(report["rows"] == .integer(61) && report["duplicates"] == .integer(1))
    let columns = report["columns"]?.elements ?? []
    #expect(
      columns.map { $0["type"]?.text }
        == ["integer", "date", "string", "double", "string", "string", "integer"])
    #expect(columns.map { $0["missing"] } == [0, 0, 1, 6, 0, 0, 0].map { .integer($0) })
    #expect(
      columns[1]["min"] == .string("2023-12-31") && columns[1]["max"] == .string("2024-02-29"))
    #expect(columns[3]["max"]?.number == 59.0 / 8 && columns[3]["min"]?.number == 0.125)
    #expect(columns[4]["top"]?.elements?.first?["value"] == .string("no"))
    #expect(columns[5]["distinct"] == .integer(60))
    #expect(report["target"]?["name"] == .string("survived"))
    #expect(
      report["target"]?["classes"]?.elements?.map { $0["count"] } == [.integer(46), .integer(15)])
    #expect(report["leakage_suspects"]?.elements == [.string("alive")])
    #expect(report["warnings"]?.elements?.count == 2)
  }

  @Test("the table fits into 80 columns")
  func text() async throws {
    let outcome = try await inspect("-", "--target", "survived")
    #expect(outcome.code == 0)
    let lines = outcome.output.components(separatedBy: "\n")
    #expect(lines[0] == "standard input: 61 rows, 7 columns, 1 duplicate")
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines.contains { $0.hasPrefix("colour    string         1         3  ") })
    #expect(lines.contains("size      double         6        54  0.125 … 7.375, mean 3.684"))
    #expect(lines.contains("  0  46  75.4 %"))
    #expect(outcome.output.contains("warning: column 'alive' alone tells 'survived'"))
  }

  @Test("arrays and built-in data are described, too")
  func arrays() async throws {
    let digits = try await inspect("digits", "--json")
    let report = try #require(try digits.objects().first)
    #expect(report["rows"] == .integer(1797))
    #expect(report["shape"]?.elements == [.integer(1), .integer(8), .integer(8)])
    #expect(report["max"]?.number == 16 && report["target"]?["classes"]?.elements?.count == 10)
    let text = try await inspect("digits")
    #expect(text.lines.first == "digits: 1797 examples, each 1 × 8 × 8, 0 … 16, 0 duplicates")
  }
}
