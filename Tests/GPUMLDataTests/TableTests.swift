import GPUMLSystem
import TestSupport
import Testing

@testable import GPUMLData

@Suite("Table")
struct TableTests {
  private func table(
    _ text: String, file: String = "t.csv", header: TableHeader = .automatic
  ) throws -> Table {
    try Table(parsing: Array(text.utf8), file: file, header: header)
  }

  /// The texts of all cells, row by row.
  private func texts(_ table: Table) throws -> [[String]] {
    var rows: [[String]] = []
    var reader = try table.reader()
    while try reader.next() {
      let bytes = reader.bytes
      rows.append(reader.cells.map { $0.text(in: bytes) })
    }
    return rows
  }

  private func failure(_ text: String) -> String { failure(Array(text.utf8)) }

  /// What reading all of a text says of it.
  private func failure(_ bytes: [UInt8]) -> String {
    let error = #expect(throws: DataError.self) {
      _ = try texts(Table(parsing: bytes, file: "t.csv"))
    }
    return error?.description ?? "no error"
  }

  @Test(
    "quotes, line ends and a byte order mark are understood",
    arguments: [
      "a,b\n1,\"x\"\"y\nz,\"\n2,w\n", "\u{FEFF}a,b\r\n1,\"x\"\"y\nz,\"\r\n2,w",
      "\"a\",\"b\"\n\"1\",\"x\"\"y\nz,\"\n\n2,w\n\n",
    ])
  func grammar(text: String) throws {
    let table = try table(text)
    #expect(table.columnNames == ["a", "b"])
    #expect(try texts(table) == [["1", "x\"y\nz,"], ["2", "w"]])
    var reader = try table.reader()
    #expect(try reader.next() && reader.line == 2)
    #expect(try reader.next() && reader.failure(column: 1, "x").description.hasPrefix("t.csv:"))
  }

  @Test("empty cells stay where they are")
  func emptyCells() throws {
    #expect(try texts(table("a,b,c\n,1,\n2,,\"\"\n")) == [["", "1", ""], ["2", "", ""]])
    #expect(try texts(table("a\n1\n\n3\n\n")) == [["1"], [""], ["3"]])
  }

  @Test("a first row of numbers is no header, any other is")
  func header() throws {
    #expect(try table("1,2\n3,4").hasHeader == false)
    #expect(try table("1,2\n3,4").columnNames == ["column_1", "column_2"])
    #expect(try table("1,x\n3,4").hasHeader)
    #expect(try table("1,2\n3,4", header: .present).columnNames == ["1", "2"])
    #expect(try texts(table("x,y\n3,4", header: .absent)).count == 2)
    #expect(try table(",b\n3,4").columnNames == ["column_1", "b"])
  }

  @Test(
    "what separates cells is told by the name or the first line",
    arguments: [
      ("a\tb\n1\t2", "t.csv"), ("a;b\n1;2", "t.csv"), ("a|b\n1|2", "standard input"),
      ("\"a\";\"b\"\n1;2", "x"), ("{\"a\":1,\"b\":2}", "x"), ("{\"b\":2}\n{\"a\":1}", "t.jsonl"),
    ])
  func dialects(text: String, file: String) throws {
    #expect(try table(text, file: file).columnNames.sorted() == ["a", "b"])
    #expect(try table("a\tb,c\n1\t2\n", file: "T.TSV.gz").columnNames == ["a", "b,c"])
    #expect(try table("\"a;b\",c\n1,2\n").columnNames == ["a;b", "c"])
  }

  @Test("JSON Lines become the same cells as CSV")
  func jsonLines() throws {
    let text = """
      {"a": 12345678901234567890, "b": "x\\ny", "c": true}

      {"b": null, "a": -1.50}
      {"d": "red", "c": false}\r
      """
    let table = try table(text, file: "t.jsonl")
    #expect(table.columnNames == ["a", "b", "c", "d"])
    #expect(
      try texts(table) == [
        ["12345678901234567890", "x\ny", "true", ""], ["-1.50", "", "", ""],
        ["", "", "false", "red"],
      ])
    func failure(_ text: String) -> String {
      let error = #expect(throws: DataError.self) { try self.table(text, file: "t.jsonl") }
      return error?.description ?? ""
    }
    #expect(failure("{\"a\":1}\n{\"a\":[1]}\n").hasPrefix("t.jsonl:2: 'a' is no text, number"))
    #expect(failure("{\"a\":1}\n\n[1]\n").hasPrefix("t.jsonl:3: expected an object"))
    #expect(failure("{\"a\":1,\"a\":2}\n").hasPrefix("t.jsonl:1: duplicate key 'a'"))
    #expect(failure("{\"a\":1} x\n").hasPrefix("t.jsonl:1: unexpected bytes"))
    #expect(failure("{\"a\":1").hasPrefix("t.jsonl:1: "))
    #expect(failure("") == "t.jsonl: is empty")
    #expect(failure("{}\n") == "t.jsonl: its objects have no members")
  }

  @Test("column types are inferred")
  func kinds() throws {
    let table = try table(
      """
      a,b,c,d,e,f,g
      true,1,1.5,x,NA,true,2024-02-29
      False,-2,2,1,null,1,1999-12-31 23:59
      TRUE,,1e3,,,false,

      """)
    let profile = try table.profile()
    #expect(
      profile.columns.map(\.kind) == [.bool, .integer, .double, .string, .double, .string, .date])
    #expect(profile.rowCount == 3)
    #expect(profile.columns.map(\.missing) == [0, 1, 0, 1, 3, 0, 1])
    #expect(profile.columns[1].minimum == -2 && profile.columns[1].maximum == 1)
    #expect(abs(profile.columns[2].mean - 334.5) < 1e-9)
    #expect(abs(profile.columns[2].deviation - 470.579) < 1e-3)
    #expect(profile.columns[3].firstText == .init(line: 2, text: "x"))
    #expect(profile.columns[0].values.counts["TRUE"] == 1)
  }

  @Test("a text behind many numbers makes all of them texts")
  func lateText() throws {
    let numbers = (0..<1500).map { "\($0 % 1200)\n" }.joined()
    let column = try table("a\n" + numbers + "?\n").profile().columns[0]
    #expect(column.kind == .string && column.values.counts.count == 1201)
    #expect(column.values.counts["7"] == 2 && column.firstText?.line == 1502)
    let plain = try table("a\n" + numbers).profile().columns[0]
    #expect(plain.kind == .integer && !plain.values.isKept)
  }

  @Test("every malformed text names its line")
  func malformed() {
    #expect(failure("a,b\n1,2\n3\n") == "t.csv:3: 1 columns where the first row has 2")
    #expect(failure("a,b\n1,2,3\n") == "t.csv:2: more columns than the 2 of the first row")
    #expect(
      failure("a,b\n1,\"x\n2,3\n") == "t.csv:2: a quote that opens in column 2 is never closed")
    #expect(failure("a,b\n\"1\"x,2\n") == "t.csv:2: text after a closing quote in column 1")
    #expect(failure("a,b\n1,\0\n") == "t.csv:2: a NUL byte, byte 3: not a text file")
    #expect(
      failure(Array("a\n1\n".utf8) + [0xFF])
        == "t.csv:3: the text is not valid UTF-8 from byte 1 on")
    #expect(
      failure(Array("a\n1\n".utf8) + [0xE2, 0x82])
        == "t.csv:3: the text is not valid UTF-8 from byte 1 on")
    #expect(failure("a,a\n1,2\n") == "t.csv:1: two columns are called 'a'")
    #expect(failure("a,b\n") == "t.csv: has a header but no rows")
    #expect(failure("") == "t.csv: is empty")
    #expect(failure("\n\n") == "t.csv: is empty")
    #expect(failure("\u{FEFF}") == "t.csv: is empty")
  }

  @Test("an endless line is refused, whether one cell or many", arguments: ["", "\n", ",", "\""])
  func longLine(end: String) throws {
    // The real limit, 64 MB, would take a debug build half a minute.
    let limit = 1 << 19
    let cell = [UInt8](repeating: UInt8(ascii: "a"), count: 3 << 19)
    let start = Array((end == "\"" ? "a\n1\n\"" : end == "," ? "a,b\n1,2\n" : "a\n1\n").utf8)
    var reader = try DelimitedReader(
      .memory(start + cell + Array(end.utf8)), file: "t.csv", delimiter: 0x2C,
      longestRecord: limit)
    #expect(try reader.next() && reader.next())
    let error = #expect(throws: DataError.self) { try reader.next() }
    #expect(error?.description == "t.csv:3: a line longer than \(limit) bytes")
    #expect(DelimitedReader.longestRecord == 64 << 20)
  }

  @Test("a million columns are no table")
  func wideLine() {
    let commas = [UInt8](repeating: UInt8(ascii: ","), count: 1 << 20)
    #expect(failure(commas) == "t.csv:1: more than 1048576 columns")
  }

  @Test("a file is read in parts as it is in memory", arguments: ["\n", "\r\n"])
  func parts(lineBreak: String) throws {
    // Records of many lengths, so that parts end inside quotes, line breaks and characters.
    let lines = (0..<12_000).map { row in
      "\(row),\"é\(String(repeating: "日", count: row % 37))\"\"\n\",x\(row % 5)"
    }
    let text = (["a,b,c"] + lines).joined(separator: lineBreak)
    #expect(text.utf8.count > 3 << 18)
    let folder = try TemporaryFolder()
    let path = try folder.file("t.csv", Array(text.utf8))
    let file = try Table(.text(.file(RandomAccessFile(path: path)), file: path))
    let rows = try texts(file)
    #expect(rows.count == lines.count)
    for (row, cells) in rows.enumerated() {
      let expected = "é" + String(repeating: "日", count: row % 37) + "\"\n"
      if cells != ["\(row)", expected, "x\(row % 5)"] {
        Issue.record("row \(row) is \(cells)")
        return
      }
    }
    var reader = try file.reader()
    while try reader.next() {}
    #expect(reader.line == 2 * lines.count)
  }
}
