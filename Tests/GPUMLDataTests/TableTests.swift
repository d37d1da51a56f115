import Testing

@testable import GPUMLData

@Suite("Table")
struct TableTests {
  private func table(_ text: String, header: TableHeader = .automatic) throws -> Table {
    try Table(parsing: Array(text.utf8), file: "t.csv", header: header)
  }

  private func failure(_ text: String) -> String {
    failure(Array(text.utf8))
  }

  private func failure(_ bytes: [UInt8]) -> String {
    let error = #expect(throws: DataError.self) { try Table(parsing: bytes, file: "t.csv") }
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
    #expect(table.rowCount == 2)
    #expect(table.text(row: 0, column: 1) == "x\"y\nz,")
    #expect(table.text(row: 1, column: 1) == "w")
    #expect(try table.floats(ofColumn: 0) == [1, 2])
    #expect(table.line(row: 0) == 2)
  }

  @Test("empty cells stay where they are")
  func emptyCells() throws {
    let table = try table("a,b,c\n,1,\n2,,\"\"\n")
    #expect(table.rowCount == 2)
    let first = try table.floats(ofColumn: 0)
    #expect(first[0].isNaN && first[1] == 2)
    #expect(try table.floats(ofColumn: 2).allSatisfy { $0.isNaN })
    let narrow = try self.table("a\n1\n\n3\n\n")
    #expect(narrow.rowCount == 3)
    #expect(try narrow.floats(ofColumn: 0)[1].isNaN)
  }

  @Test("a first row of numbers is no header, any other is")
  func header() throws {
    #expect(try table("1,2\n3,4").hasHeader == false)
    #expect(try table("1,2\n3,4").columnNames == ["column_1", "column_2"])
    #expect(try table("1,x\n3,4").hasHeader)
    #expect(try table("1,2\n3,4", header: .present).columnNames == ["1", "2"])
    #expect(try table("x,y\n3,4", header: .absent).rowCount == 2)
    #expect(try table(",b\n3,4").columnNames == ["column_1", "b"])
  }

  @Test("tabs separate by name or by the first line")
  func tabs() throws {
    #expect(try table("a\tb\n1\t2").columnNames == ["a", "b"])
    let named = try Table(parsing: Array("a\tb,c\n1\t2\n".utf8), file: "T.TSV.gz")
    #expect(named.columnNames == ["a", "b,c"])
  }

  @Test("column types are inferred")
  func kinds() throws {
    let table = try table(
      "a,b,c,d,e,f\ntrue,1,1.5,x,NA,true\nFalse,-2,2,1,null,1\nTRUE,,1e3,,,false\n")
    let kinds = try (0..<6).map { try table.kind(ofColumn: $0) }
    #expect(kinds == [.bool, .integer, .double, .string, .double, .string])
    #expect(try table.floats(ofColumn: 0) == [1, 0, 1])
    #expect(try table.floats(ofColumn: 5) == [1, 1, 0])
  }

  @Test("every malformed text names its line")
  func malformed() {
    #expect(failure("a,b\n1,2\n3\n") == "t.csv:3: 1 columns where the first row has 2")
    #expect(failure("a,b\n1,2,3\n") == "t.csv:2: more columns than the 2 of the first row")
    #expect(failure("a,b\n1,\"x\n2,3\n") == "t.csv:2: a quote that opens here is never closed")
    #expect(failure("a,b\n\"1\"x,2\n") == "t.csv:2: text after a closing quote")
    #expect(failure("a,b\n1,\0\n") == "t.csv:2: a NUL byte: not a text file")
    #expect(failure(Array("a\n1\n".utf8) + [0xFF]) == "t.csv:3: the text is not valid UTF-8")
    #expect(failure("a,a\n1,2\n") == "t.csv:1: two columns are called 'a'")
    #expect(failure("a,b\n") == "t.csv: has a header but no rows")
    #expect(failure("") == "t.csv: is empty")
    #expect(failure("\n\n") == "t.csv: is empty")
    #expect(failure("\u{FEFF}") == "t.csv: is empty")
  }

  @Test("numbers that are none, or too large, name line and column")
  func badNumbers() throws {
    let table = try table("a,b,c\n1,2,1e39\n1e400,x,2\n")
    let tooLarge = #expect(throws: DataError.self) { try table.floats(ofColumn: 0) }
    #expect(tooLarge?.description == "t.csv:3: column 'a': '1e400' is out of the range of numbers")
    let text = #expect(throws: DataError.self) { try table.floats(ofColumn: 1) }
    #expect(text?.description == "t.csv:3: column 'b': 'x' is not a number")
    let wide = #expect(throws: DataError.self) { try table.floats(ofColumn: 2) }
    #expect(wide?.description == "t.csv:2: column 'c': '1e39' is out of the range of numbers")
    let absent = #expect(throws: DataError.self) { try table.index(ofColumn: "z\n") }
    #expect(absent?.description == "t.csv: no column 'z\\n'; there are a, b, c")
  }

  @Test("an endless line is refused, whether one cell or many")
  func longLine() {
    // The real limit, 64 MB, would take a debug build half a minute.
    let long = Array("a\n1\n".utf8) + [UInt8](repeating: UInt8(ascii: "a"), count: 1001)
    for text in [long, long + [0x0A]] {
      let error = #expect(throws: DataError.self) {
        try TableScanner.scan(text, file: "t.csv", delimiter: 0x2C, longestRecord: 1000)
      }
      #expect(error?.description == "t.csv:3: a line longer than 1000 bytes")
    }
    #expect(TableScanner.longestRecord == 64 << 20)
    let commas = [UInt8](repeating: UInt8(ascii: ","), count: 1 << 20)
    #expect(failure(commas) == "t.csv:1: more than 1048576 columns")
  }
}
