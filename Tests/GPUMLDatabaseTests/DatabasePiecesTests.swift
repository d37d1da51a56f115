import DatabaseSupport
import TestSupport
import Testing

@testable import GPUMLData
@testable import GPUMLDatabase

@Suite("Reading a database in pieces")
struct DatabasePiecesTests {
  @Test("all pieces together are what is read at once")
  func pieces() async throws {
    SQLite.enable()
    let folder = try TemporaryFolder()
    let path = folder.reserve("t.db")
    try TestDatabase(path).run(
      """
      CREATE TABLE t AS WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 1002)
      SELECT i % 7 AS b, i + 0.5 AS a FROM n
      """)
    let preprocessing = try Preprocessing.fitted(
      to: Dataset(features: .float32([1, 0]), featureShape: [2], labels: .none, count: 1),
      indices: nil, scaling: .none, imputation: .median,
      table: TableEncoding(numericColumns: ["a", "b"]))
    let source = "sqlite:\(path)?table=t"
    let whole = try Dataset.load(source, for: preprocessing, classes: nil)
    let reader = try DatasetReader(source, for: preprocessing)
    var features: [Float] = []
    while let piece = try await reader.next(100) {
      features += try piece.features.floats(rows: Array(0..<piece.count), width: 2)
    }
    #expect(try features == whole.features.floats(rows: Array(0..<1003), width: 2))
    #expect(features.prefix(4) == [0.5, 0, 1.5, 1] && features.count == 2006)
  }
}
