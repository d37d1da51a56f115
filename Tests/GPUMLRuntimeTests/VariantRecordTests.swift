import Foundation
import GPUMLDevice
import Testing

@testable import GPUMLRuntime

@Suite("Record of disabled kernels")
struct VariantRecordTests {
  let variants: Set<KernelVariant> = [
    KernelVariant("exp", .cpu), KernelVariant("matmul", .gpu, .packed),
  ]

  private func withRecord(_ body: (VariantRecord, DeviceContext) throws -> Void) throws {
    let folder = SeededFault.emptyFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let context = try SelfTestTests.context(folder + "/a/b")
    try body(#require(VariantRecord(context)), context)
  }

  @Test("reads back as it was written, and says so in one line")
  func roundTrip() throws {
    try withRecord { record, context in
      #expect(record.read().isEmpty && VariantRecord.notice(for: context) == nil)
      try record.write(variants)
      #expect(record.read() == variants)
      #expect(VariantRecord.disabled(on: context) == variants)
      let notice = try #require(VariantRecord.notice(for: context))
      #expect(notice.hasSuffix("exp (cpu kernels), matmul (packed, gpu kernels)"))
      try record.write([])
      #expect(record.read().isEmpty)
    }
  }

  @Test("keeps beside what is disabled which matrix units work")
  func matrixUnits() throws {
    try withRecord { record, _ in
      #expect(record.matrixUnits().isEmpty)
      try record.keep(.bfloat16, true)
      try record.write(variants)
      try record.keep(.tf32, false)
      #expect(record.read() == variants)
      #expect(record.matrixUnits() == [.bfloat16: true, .tf32: false])
      // A record from before there were any.
      let text = try String(contentsOfFile: record.path, encoding: .utf8)
      let old = text.replacing("\"matrixUnits\"", with: "\"other\"")
      #expect(old != text)
      try old.write(toFile: record.path, atomically: true, encoding: .utf8)
      #expect(record.read() == variants && record.matrixUnits().isEmpty)
    }
  }

  @Test("counts as none when it is damaged or of another driver")
  func damaged() throws {
    try withRecord { record, _ in
      try record.write(variants)
      let text = try String(contentsOfFile: record.path, encoding: .utf8)
      let others = [
        "", "{", String(text.dropLast(3)), text.replacing("\"format\" : 1", with: "\"format\" : 2"),
        text.replacing("\"device\" : [", with: "\"device\" : [\"other\","),
        text.replacing("\"kernels\" : ", with: "\"kernels\" : 1"),
        text.replacing("\"family\" : \"cpu\"", with: "\"family\" : \"tpu\""),
      ]
      for other in others {
        try other.write(toFile: record.path, atomically: true, encoding: .utf8)
        #expect(record.read().isEmpty, "\(other)")
      }
      try FileManager.default.removeItem(atPath: record.path)
      try FileManager.default.createDirectory(
        atPath: record.path, withIntermediateDirectories: false)
      #expect(record.read().isEmpty)
    }
  }

  @Test("nothing is kept where the environment asks for no cache")
  func noCache() throws {
    let context = try SelfTestTests.context("")
    #expect(VariantRecord(context) == nil && VariantRecord.disabled(on: context).isEmpty)
  }
}
