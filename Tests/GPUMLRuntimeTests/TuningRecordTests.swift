import Foundation
import GPUMLDevice
import GPUMLGraph
import Testing

@testable import GPUMLRuntime

@Suite("Record of tuned parameters")
struct TuningRecordTests {
  static let shapes = MatMulShapeClass(.large, transposesLeft: false, transposesRight: true)
  static let values = ["COLUMN_PANELS": 2, "DEPTH": 256, "MR": 8, "ROW_PANELS": 5]
  static let tuning = Tuning([shapes.key(.cpu): values, shapes.key(.gpu): MatMulGPUTile().values])

  private func withRecord(_ body: (TuningRecord, DeviceContext) throws -> Void) throws {
    let folder = SeededFault.emptyFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let context = try SelfTestTests.context(folder + "/a/b")
    try body(#require(TuningRecord(context)), context)
  }

  @Test("reads back as it was written, and stores use it")
  func roundTrip() throws {
    try withRecord { record, context in
      #expect(record.read().tuning.isEmpty && TuningRecord.notice(for: context) == nil)
      try record.write(TuningRecordTests.tuning)
      #expect(record.read().tuning == TuningRecordTests.tuning)
      #expect(TuningRecord.notice(for: context) == nil)
      let store = try VariableStore(context, variables: [])
      #expect(store.options.tuning == TuningRecordTests.tuning)
      #expect(
        store.options.tuning.lines.first
          == "matmul large nt (cpu kernels) COLUMN_PANELS=2 DEPTH=256 MR=8 ROW_PANELS=5")
      try record.write(Tuning())
      #expect(record.read().tuning.isEmpty)
    }
  }

  @Test("plans use what is recorded for their class, unless it makes no sense")
  func plans() throws {
    try withRecord { record, context in
      func rows(_ tuning: Tuning) throws -> String? {
        try record.write(tuning)
        let store = try VariableStore(context, variables: [])
        let x = try Tensor.input("x", shape: [1024, 300])
        let y = try Tensor.input("y", shape: [1024, 300])
        let graph = try Graph(outputs: [.init("z", x.matmul(y, transposesRight: true))])
        let launches = try Session(graph, store: store).plan([:]).launches
        return launches.last?.instance.options.first { $0.name == "MR" }?.value
      }
      let shipped = "\(MatMulTile.Parameters().rowsInPanel)"
      let key = TuningRecordTests.shapes.key(.cpu)
      let other = MatMulShapeClass(.large, transposesLeft: false, transposesRight: false)
      let cases: [(Tuning, String)] = [
        (Tuning(), shipped), (TuningRecordTests.tuning, "8"),
        (Tuning([key: ["MR": 1 << 40]]), shipped),
        (Tuning([other.key(.cpu): TuningRecordTests.values]), shipped),
      ]
      for (tuning, expected) in cases {
        let found = try rows(tuning)
        #expect(found == expected, "\(tuning.lines)")
      }
    }
  }

  @Test("is ignored, in one line, when it is damaged, old or of another device")
  func ignored() throws {
    try withRecord { record, context in
      try record.write(TuningRecordTests.tuning)
      let text = try String(contentsOfFile: record.path, encoding: .utf8)
      let others = [
        ("", "is damaged"), ("{", "is damaged"), (String(text.dropLast(3)), "is damaged"),
        (text.replacing("\"format\" : 1", with: "\"format\" : 2"), "has the format 2, not 1,"),
        (text.replacing("\"MR\" : 8", with: "\"MR\" : \"eight\""), "is damaged"),
        (
          text.replacing("\"device\" : [", with: "\"device\" : [\"other\","),
          "is of another device or driver"
        ),
        (
          text.replacing(/"kernels" : \d+/, with: "\"kernels\" : 1"),
          "is of other kernels than this build's"
        ),
      ]
      for (other, problem) in others {
        try other.write(toFile: record.path, atomically: true, encoding: .utf8)
        #expect(record.read().tuning.isEmpty, "\(other)")
        let notice = try #require(TuningRecord.notice(for: context), "\(other)")
        #expect(notice.hasPrefix("\(record.path) \(problem)"), "\(notice)")
        #expect(!notice.contains("\n"))
      }
      try FileManager.default.removeItem(atPath: record.path)
      try FileManager.default.createDirectory(
        atPath: record.path, withIntermediateDirectories: false)
      #expect(record.read().tuning.isEmpty)
      #expect(TuningRecord.notice(for: context)?.contains("cannot be read") == true)
      #expect(throws: (any Error).self) { try record.checkWritable() }
    }
  }

  @Test("nothing is kept where the environment asks for no cache")
  func noCache() throws {
    let context = try SelfTestTests.context("")
    #expect(TuningRecord(context) == nil && TuningRecord.tuning(on: context).isEmpty)
    #expect(TuningRecord.notice(for: context) == nil)
  }
}
