import Foundation
import GPUMLSystem
import TestSupport
import Testing

@testable import GPUMLData

@Suite("Reading in pieces")
struct DatasetReaderTests {
  private static let encoding = TableEncoding(
    columns: [
      TableEncoding.Column(name: "a", kind: .number),
      TableEncoding.Column(name: "colour", kind: .category, categories: ["red", "green"]),
    ], target: "y")

  private func preprocessing() throws -> Preprocessing {
    try Preprocessing.fitted(
      to: Dataset(
        features: .float32([1, 0, 2, 1]), featureShape: [2], labels: .none, count: 2),
      indices: nil, scaling: .none, imputation: .median, table: Self.encoding)
  }

  /// So many rows, some of whose colours are not known.
  private func csv(_ count: Int) -> String {
    "colour,y,a,more\n"
      + (0..<count).map { "\($0 % 10 == 9 ? "blue" : "red"),0,\($0).5,\"x\ny\"\n" }.joined()
  }

  private func jsonLines(_ count: Int) -> String {
    (0..<count).map { "{\"a\":\($0).5,\"colour\":\"\($0 % 10 == 9 ? "blue" : "red")\"}\n" }.joined()
  }

  @Test(
    "all pieces together are what is read at once",
    arguments: [
      "t.csv", "t.csv.gz", "t.tsv", "t.jsonl", "t.jsonl.gz",
    ])
  func pieces(name: String) async throws {
    let folder = try TemporaryFolder()
    let count = 1003
    var text = name.contains("jsonl") ? jsonLines(count) : csv(count)
    if name.hasSuffix(".tsv") { text = text.replacing(",", with: "\t") }
    let bytes = Array(text.utf8)
    let source = try folder.file(name, name.hasSuffix(".gz") ? gzip(bytes) : bytes)
    var notes: [DataNote] = []
    let whole = try Dataset.load(source, for: preprocessing(), classes: nil) { notes.append($0) }
    var told: [DataNote] = []
    let reader = try DatasetReader(source, for: preprocessing()) { told.append($0) }
    #expect(try await reader.readAhead(100) == 100)
    var features: [Float] = []
    var sizes: [Int] = []
    while let piece = try await reader.next(100) {
      features += try piece.features.floats(rows: Array(0..<piece.count), width: 2)
      sizes.append(piece.count)
    }
    #expect(sizes == [Int](repeating: 100, count: 10) + [3])
    #expect(
      try features == whole.features.floats(rows: Array(0..<count), width: 2))
    #expect(features.prefix(4) == [0.5, 0, 1.5, 0] && features[19] == 2)
    #expect(await told + reader.notes == notes)
    #expect(notes.contains { $0.text.contains("'blue'") }, "\(notes)")
  }

  @Test("an array is given at once")
  func arrays() async throws {
    let preprocessing = try Preprocessing(featureShape: [1, 8, 8])
    let reader = try DatasetReader("digits", for: preprocessing)
    #expect(try await reader.next(10)?.count == 1797)
    #expect(try await reader.next(10) == nil)
    let other = try Preprocessing(featureShape: [3])
    #expect(throws: DataError.self) { try DatasetReader("digits", for: other) }
  }

  @Test("what is wrong is told before the first row, or with the row's line")
  func errors() async throws {
    let folder = try TemporaryFolder()
    let lacking = try folder.file("lacking.csv", Array("colour,b\nred,1\n".utf8))
    let error = #expect(throws: DataError.self) {
      try DatasetReader(lacking, for: try preprocessing())
    }
    #expect(error?.description == "\(lacking): no column 'a'; there are colour, b")
    let late = try folder.file("late.csv", Array((csv(50) + "red,0,x,\n").utf8))
    let reader = try DatasetReader(late, for: preprocessing())
    #expect(try await reader.next(50)?.count == 50)
    let bad = await #expect(throws: DataError.self) { try await reader.next(50) }
    #expect(bad?.description == "\(late):102: column 'a': 'x' is not a number")
  }

  @Test("expected columns of a text that is read once are missing where no line has them")
  func readOnce() throws {
    func open(_ text: String) throws -> (Table, TableReader) {
      try Table.opening(
        .text(.standardInput(start: Array(text.utf8)), file: "standard input"), header: .automatic,
        expected: ["a", "b"])
    }
    var (table, reader) = try open("{\"c\":1}\n{\"b\":2}\n")
    #expect(table.columnNames == ["a", "b"] && reader.missingColumns == ["a", "b"])
    #expect(try reader.next() && reader.next())
    #expect(reader.missingColumns == ["a"])
    #expect(reader.cells[1].text(in: reader.bytes) == "2")
    #expect(throws: DataError.self) { try table.checkMissing(reader.missingColumns) }
    (table, reader) = try open("b,a\n1,2\n3,4\n")
    #expect(table.columnNames == ["b", "a"] && reader.rowCount == 0)
    #expect(try reader.next() && reader.next() && reader.rowCount == 2 && reader.line == 3)
  }

  @Test("rows go to disk once they would take too much memory")
  func collector() throws {
    var collector = try FeatureCollector(width: 3, expecting: 0, memoryLimit: 10 * 12)
    let rows = (0..<25).map { [Float($0), 1, 2] }
    for (index, row) in rows.enumerated() {
      try collector.append(row)
      if index == 9, case .stored = try collector.features() { Issue.record("too early") }
    }
    guard case .stored(let stored) = try collector.features() else {
      Issue.record("still in memory")
      return
    }
    #expect(try stored.rows(Array(0..<25)) == rows.flatMap { $0 })
  }

  @Test("compressed tables are read in parts, again and again")
  func compressed() throws {
    let lines = (0..<60_000).map { "\($0),\"é\n\($0 % 7)\"" }
    let text = (["a,b"] + lines).joined(separator: "\n")
    let folder = try TemporaryFolder()
    // Several members, as bgzip and appended files have.
    let bytes = Array(text.utf8)
    let path = try folder.file(
      "t.csv.gz", gzip(Array(bytes[..<99_999])) + gzip(Array(bytes[99_999...])))
    guard case .table(let source) = try DataContent(opening: path) else {
      Issue.record("no table")
      return
    }
    let table = try Table(source)
    for _ in 0..<2 {
      var reader = try table.reader()
      var count = 0
      while try reader.next() {
        guard reader.cells[0].text(in: reader.bytes) == "\(count)" else { break }
        count += 1
      }
      #expect(count == lines.count)
    }
  }
}
