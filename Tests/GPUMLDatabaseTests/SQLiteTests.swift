import DatabaseSupport
import Foundation
import GPUMLSystem
import TestSupport
import Testing

@testable import GPUMLData
@testable import GPUMLDatabase

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

@Suite("SQLite")
struct SQLiteTests {
  init() { SQLite.enable() }

  private func message(_ body: () throws -> Void) -> (text: String, code: Int32) {
    let error = #expect(throws: DataError.self) { try body() }
    return (error?.description ?? "no error", error?.exitCode ?? 0)
  }

  /// A database with a table `birds` of 3 rows, a view and a table with a BLOB.
  private func birds(_ folder: TemporaryFolder) throws -> String {
    let path = folder.reserve("birds.db")
    try TestDatabase(path).run(
      """
      CREATE TABLE birds (wing REAL, ring INTEGER, note TEXT, species TEXT);
      INSERT INTO birds VALUES
        (1.5, 9007199254740993, 'a, "b" c', 'owl'), (NULL, -7, '', 'tit'), (3, 2, 'NA', 'owl');
      CREATE VIEW owls AS SELECT wing, species FROM birds WHERE species = 'owl';
      CREATE TABLE "odd ""name%" (x, x2);
      INSERT INTO "odd ""name%" VALUES (1, 2);
      CREATE TABLE pictures (id INTEGER, picture BLOB);
      INSERT INTO pictures VALUES (1, 'text'), (2, x'00ff');
      CREATE TABLE empty (a, b);
      """)
    return path
  }

  @Test("an address names a table or a query, percent-decoded")
  func addresses() throws {
    func rows(_ text: String) throws -> SQLiteAddress.Rows {
      let address = try SQLiteAddress(parsing: "sqlite:/a b/c+%41.db?\(text)")
      #expect(address.path == "/a b/c+%41.db")
      return address.rows
    }
    #expect(try rows("table=t") == .table("t"))
    #expect(try rows("table=a%20b%26%3D%C3%A9+=") == .table("a b&=é+="))
    #expect(
      try rows("query=SELECT a FROM t WHERE b LIKE '%25x%25'")
        == .query("SELECT a FROM t WHERE b LIKE '%x%'"))
  }

  @Test(
    "an address that names nothing, or too much, is wrong usage",
    arguments: [
      ("sqlite:", "no path"), ("sqlite:?table=t", "no path"), ("sqlite:x.db", "add ?table="),
      ("sqlite:x.db?", "add ?table="), ("sqlite:x.db?table=", "'table' is empty"),
      ("sqlite:x.db?table", "'table' is empty"), ("sqlite:x.db?tabel=t", "'tabel' is neither"),
      ("sqlite:x.db?table=t&query=SELECT 1", "either one table or one query"),
      ("sqlite:x.db?table=t&table=u", "either one table"),
      ("sqlite:x.db?query=a LIKE '%x'", "badly encoded"), ("sqlite:x.db?table=%00", "badly"),
      ("sqlite:x.db?table=%+1", "badly"), ("sqlite:x.db?table=%ff", "badly"),
    ])
  func badAddresses(text: String, reason: String) {
    let (message, code) = message { _ = try SQLiteAddress(parsing: text) }
    #expect(code == 64 && message.hasPrefix(text) && message.contains(reason), "\(message)")
  }

  @Test("a table of a database is read as the same table in a file")
  func sameAsText() throws {
    let folder = try TemporaryFolder()
    let path = try birds(folder)
    let csv = try folder.file(
      "birds.csv",
      Array(
        """
        wing,ring,note,species
        1.5,9007199254740993,"a, ""b"" c",owl
        ,-7,,tit
        3.0,2,NA,owl
        """.utf8))
    let expected = try Dataset.load(csv)
    for rows in ["table=birds", "table=BIRDS", "query=SELECT%20*%20FROM%20birds"] {
      let data = try Dataset.load("sqlite:\(path)?\(rows)")
      #expect(data.train.labels == expected.train.labels && data.table == expected.table)
      let values = try [data, expected].map {
        try $0.train.features.floats(rows: [0, 1, 2], width: $0.train.featureCount).description
      }
      #expect(values[0] == values[1])
    }
    let kinds = try Table(
      .database(SQLiteRows(SQLiteAddress(parsing: "sqlite:\(path)?table=birds")))
    )
    .profile().columns
    #expect(kinds.map(\.kind) == [.double, .integer, .string, .string])
    #expect(kinds.map(\.missing) == [1, 0, 2, 0])
  }

  @Test("views, queries and odd names are read")
  func otherRows() throws {
    let folder = try TemporaryFolder()
    let path = try birds(folder)
    let owls = try DataSummary(of: "sqlite:\(path)?table=owls")
    #expect(owls.count == 2 && owls.columns.map(\.name) == ["wing", "species"])
    let odd = try DataSummary(of: "sqlite:\(path)?table=odd \"name%25")
    #expect(odd.count == 1 && odd.source == path)
    let counted = try DataSummary(
      of: "sqlite:\(path)?query=SELECT species, count(*) AS n FROM birds GROUP BY 1 ORDER BY 2")
    #expect(counted.columns.map(\.name) == ["species", "n"] && counted.count == 2)
  }

  @Test("a row of a column that does not fit is named by its number")
  func rowNumbers() throws {
    let folder = try TemporaryFolder()
    let path = try birds(folder)
    let source = "sqlite:\(path)?table=pictures"
    #expect(
      message { _ = try Dataset.load(source) }.text
        == "\(path):2: column 'picture' holds a BLOB, which is no number, text or date; "
        + "name the columns to read in a query")
    let encoding = TableEncoding(numericColumns: ["id", "picture"])
    let preprocessing = try Preprocessing.fitted(
      to: Dataset(features: .float32([1, 2]), featureShape: [2], labels: .none, count: 1),
      indices: nil, scaling: .none, imputation: .median, table: encoding)
    let rows = "sqlite:\(path)?query=SELECT id, 'x' AS picture FROM pictures"
    #expect(
      message { _ = try Dataset.load(rows, for: preprocessing, classes: nil) }.text
        == "\(path):1: column 'picture': 'x' is not a number")
  }

  @Test("what is wrong with a database or a query is one line")
  func badDatabases() throws {
    let folder = try TemporaryFolder()
    let path = try birds(folder)
    let text = try folder.file("text.db", Array("SQLite format 4 and more".utf8))
    let cut = try folder.file(
      "cut.db", Array(FileBytes.read(path).prefix(600)))
    let none = try folder.file("none.db", [])
    let pipe = folder.reserve("pipe.db")
    #expect(mkfifo(pipe, 0o600) == 0)
    let cases: [(String, String, Int32)] = [
      ("\(folder.path)/no.db?table=t", "no.db: no such file", 66),
      ("\(pipe)?table=t", "is a pipe", 65), ("\(folder.path)?table=t", "is a folder", 65),
      ("\(text)?table=t", "is no SQLite database", 65), ("\(cut)?table=birds", "cut.db: ", 65),
      ("\(none)?table=t", "no table 't'; there are none", 65),
      ("\(path)?table=bird", "no table 'bird'; there are birds, empty, odd", 65),
      ("\(path)?table=empty", "has no rows", 65),
      ("\(path)?query=SELECT beak FROM birds", "no such column: beak", 65),
      ("\(path)?query=SELECT * FROM nowhere", "no such table: nowhere", 65),
      ("\(path)?query=SELEC 1", "syntax error", 65), ("\(path)?query=;", "empty statement", 65),
      ("\(path)?query=SELECT 1; SELECT 2", "ultiple statements", 65),
      ("\(path)?query=SELECT * FROM birds WHERE wing > ?", "arguments", 65),
      ("\(path)?query=DELETE FROM birds", "no SELECT", 65),
      ("\(path)?query=DELETE FROM birds RETURNING wing", "no SELECT", 65),
      ("\(path)?query=ATTACH '\(folder.path)/new.db' AS new", "no SELECT", 65),
      ("\(path)?query=SELECT 1 AS a, 2 AS a", "two columns are called 'a'", 65),
    ]
    for (source, reason, code) in cases {
      let found = message { _ = try Dataset.load("sqlite:\(source)") }
      #expect(found.code == code && found.text.contains(reason), "\(source): \(found)")
      #expect(!found.text.contains("\n"))
    }
    #expect(try TestDatabase(path).rows("SELECT count(*) FROM birds") == [["3"]])
    #expect(try FileBytes.kind(of: "\(folder.path)/new.db") == nil)
  }

  @Test("rows come in blocks, each of them once and in order")
  func blocks() throws {
    let folder = try TemporaryFolder()
    let path = folder.reserve("many.db")
    try TestDatabase(path).run(
      """
      CREATE TABLE t AS WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 24999)
      SELECT i, printf('%.*c', i % 90, 'x') AS s, i * 0.5 AS half FROM n
      """)
    var reader = try Table(.database(SQLiteRows(SQLiteAddress(parsing: "sqlite:\(path)?table=t"))))
      .reader()
    var count = 0
    while try reader.next() {
      let texts = reader.cells.map { $0.text(in: reader.bytes) }
      guard texts[0] == "\(count)", texts[2] == "\(Double(count) * 0.5)", reader.line == count + 1
      else {
        Issue.record("row \(count) is \(texts)")
        return
      }
      count += 1
    }
    #expect(count == 25_000)
    // A reader that ends early gives its statement back on the database's own queue.
    var early = try Table(
      .database(SQLiteRows(SQLiteAddress(parsing: "sqlite:\(path)?table=t")))
    ).reader()
    #expect(try early.next())
  }
}

@Suite("Tables written to SQLite")
struct SQLiteTableWriterTests {
  private let columns: [SQLiteTableWriter.Column] = [("prediction", false), ("p \"x\"", true)]

  private func write(
    _ path: String, table: String = "out", rows: Int = 3, replaces: Bool = false
  ) throws {
    let writer = try SQLiteTableWriter(
      SQLiteAddress(parsing: "sqlite:\(path)?table=\(table)"), columns: columns, replaces: replaces)
    for row in 0..<rows { try writer.append([[.text("r\(row)"), .number(Double(row) / 2)]]) }
    try writer.finish()
  }

  @Test("a table is made, in a database that is there or not")
  func makes() throws {
    let folder = try TemporaryFolder()
    let path = folder.reserve("x.db")
    try write(path)
    try write(path, table: "more", rows: 0)
    let database = try TestDatabase(path)
    #expect(
      try database.rows("SELECT * FROM out")
        == [["r0", "0.0"], ["r1", "0.5"], ["r2", "1.0"]])
    #expect(
      try database.rows("SELECT name, type FROM pragma_table_info('out')")
        == [["prediction", "TEXT"], ["p \"x\"", "REAL"]])
    #expect(try database.rows("SELECT count(*) FROM more") == [["0"]])
  }

  @Test("nothing is there before the end")
  func atomic() throws {
    let folder = try TemporaryFolder()
    let path = folder.reserve("x.db")
    let writer = try SQLiteTableWriter(
      SQLiteAddress(parsing: "sqlite:\(path)?table=t"), columns: columns, replaces: false)
    try writer.append([[.text("a"), .number(1)]])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    try writer.finish()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["x.db"])
  }

  @Test("a table that is there is refused, or replaced as a whole")
  func existing() throws {
    let folder = try TemporaryFolder()
    let path = folder.reserve("x.db")
    try write(path, rows: 2)
    let database = try TestDatabase(path)
    try database.run(
      "CREATE VIEW v AS SELECT 1; CREATE TABLE kept (a); INSERT INTO kept VALUES (1)")
    func reason(_ body: () throws -> Void) -> String {
      let error = #expect(throws: SystemError.self) { try body() }
      #expect(error?.exitCode == 73)
      return error?.reason ?? ""
    }
    #expect(
      reason { try write(path) } == "cannot be created: it has a table 'out'; --force replaces it")
    #expect(reason { try write(path, table: "OUT") }.contains("it has a table 'OUT'"))
    #expect(reason { try write(path, table: "v", replaces: true) }.contains("it has a view 'v'"))
    #expect(reason { try write(path, table: "sqlite_x") }.contains("reserved"))
    #expect(try database.rows("SELECT count(*) FROM out") == [["2"]])
    try write(path, rows: 5, replaces: true)
    #expect(try database.rows("SELECT count(*) FROM out") == [["5"]])
    #expect(try database.rows("SELECT * FROM kept") == [["1"]])
  }

  @Test("a table comes from rows of its own database")
  func sameDatabase() throws {
    let folder = try TemporaryFolder()
    let path = folder.reserve("x.db")
    try TestDatabase(path).run("CREATE TABLE a (x); INSERT INTO a VALUES (1), (2)")
    var reader = try Table(.database(SQLiteRows(SQLiteAddress(parsing: "sqlite:\(path)?table=a"))))
      .reader()
    let writer = try SQLiteTableWriter(
      SQLiteAddress(parsing: "sqlite:\(path)?table=b"), columns: [("x", true)], replaces: false)
    while try reader.next() { try writer.append([[.number(Double(reader.line))]]) }
    try writer.finish()
    #expect(try TestDatabase(path).rows("SELECT x FROM b") == [["1.0"], ["2.0"]])
  }

  @Test("what is no place for a database is refused before any work")
  func refused() throws {
    let folder = try TemporaryFolder()
    let text = try folder.file("text.db", Array("no database, but a long enough text".utf8))
    let pipe = folder.reserve("pipe.db")
    #expect(mkfifo(pipe, 0o600) == 0)
    for path in [text, pipe, folder.path, folder.path + "/no/x.db"] {
      let error = #expect(throws: SystemError.self) {
        _ = try SQLiteTableWriter(
          SQLiteAddress(parsing: "sqlite:\(path)?table=t"), columns: columns, replaces: true)
      }
      #expect(error?.exitCode == 73, "\(path): \(String(describing: error))")
    }
    #expect(try FileBytes.read(text).count == 35)
    let twice = #expect(throws: SystemError.self) {
      _ = try SQLiteTableWriter(
        SQLiteAddress(parsing: "sqlite:\(folder.path)/x.db?table=t"),
        columns: [("p_a", true), ("p_A", true)], replaces: false)
    }
    #expect(twice?.description.contains("duplicate column name: p_A") == true)
    #expect(throws: DataError.self) {
      _ = try SQLiteTableWriter(
        SQLiteAddress(parsing: "sqlite:\(folder.path)/x.db?query=SELECT 1"), columns: columns,
        replaces: false)
    }
  }
}
