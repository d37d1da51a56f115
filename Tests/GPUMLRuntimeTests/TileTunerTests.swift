import Foundation
import GPUMLDevice
import GPUMLGraph
import Testing

@testable import GPUMLRuntime

@Suite("Search for parameters", .serialized)
struct TileTunerTests {
  static let shapes = MatMulShapeClass(.small, transposesLeft: false, transposesRight: false)

  @Test("the spaces of both families hold what fits", arguments: Harness.families)
  func spaces(family: KernelFamily) throws {
    let device = try #require(try Device.all().first)
    for shapes in MatMulShapeClass.all {
      let space = try #require(TuningSpace(TuningSubject(shapes), family, device))
      var count = 0
      for change in space.axes.joined() {
        guard let values = space.changing(space.shipped, by: change) else { continue }
        count += values == space.shipped ? 0 : 1
        let fits =
          family == .cpu
          ? MatMulTile.Parameters(values) != nil
          : MatMulGPUTile(values)?.fits(WorkGroupLimits(device)) == true
        #expect(fits, "\(shapes.name) \(values)")
      }
      #expect(count >= 10, "\(shapes.name) \(family)")
      #expect(space.changing(space.shipped, by: ["MR": 0, "MWG": 0]) == nil)
    }
  }

  @Test("a result that is a little off is found", arguments: [0, 100, 130 * 29 + 28])
  func wrong(place: Int) async throws {
    let thin = MatMulShapeClass(.thin, transposesLeft: true, transposesRight: false)
    let trial = try TuningTrial(
      TuningSubject(thin), rows: 131, columns: 29, depth: 71, mostCompared: 131)
    let context = try SelfTestTests.context("")
    var options = PlanOptions.ofEnvironment
    options.packsSmallProducts = true
    let execution = try await trial.run(context, options: options)
    var result = try #require(
      try execution.results(binding: 0).outputs["c"]?.values(as: Float.self))
    try trial.compare(result)
    result[place] += 1e-3
    #expect(throws: TuningTrial.Wrong.self) { try trial.compare(result) }
    #expect(throws: TuningTrial.Wrong.self) { try trial.compare([]) }
  }

  @Test(
    "a search ends with parameters that are right, and records them",
    .enabled(if: SelfTestTests.isFull, "only with GPUML_FULL=1"))
  func search() async throws {
    let folder = SeededFault.emptyFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let context = try SelfTestTests.context(folder)
    let record = try #require(TuningRecord(context))
    var settings = TileTuner.Settings()
    settings.shapes = [TileTunerTests.shapes]
    (settings.seconds, settings.rounds) = (0.001, 1)
    let kept = TuningKey(.gpu, "matmul", "large nn")
    try record.write(Tuning([kept: MatMulGPUTile().values]))
    var outcomes: [TileTuner.Outcome] = []
    try await TileTuner(context, settings).run(keepingIn: record) { outcomes.append($0) }
    let outcome = try #require(outcomes.first)
    #expect(outcomes.count == 1 && outcome.candidates >= 10 && outcome.rejected.isEmpty)
    #expect((outcome.shippedRate ?? 0) > 0 && (outcome.rate ?? 0) >= outcome.shippedRate ?? 0)
    let tuning = record.read().tuning
    #expect(tuning[kept] == MatMulGPUTile().values)
    #expect(tuning[outcome.key] == outcome.winner)
  }

  @Test("candidates that are wrong are rejected, and never win")
  func seededFault() async throws {
    let fault = try SeededFault("/matmul_cpu", "DEPTH", by: "DEPTH")
    // Right for the shipped rows of a tile alone.
    let shipped = MatMulTile.Parameters().rowsInPanel
    let path = fault.folder + "/MatMul/matmul_cpu.cl"
    let text = try KernelFiles.text("MatMul/matmul_cpu")
    let off =
      "#if MR != \(shipped)\n#undef EPILOGUE_S\n#define EPILOGUE_S(a, r, c) ((a) + 1.0f)\n"
      + "#undef EPILOGUE_V\n#define EPILOGUE_V(a, r, c) ((a) + 1.0f)\n#endif\n"
    try (off + text).write(toFile: path, atomically: true, encoding: .utf8)
    let trial = try TuningTrial(
      TuningSubject(TileTunerTests.shapes), rows: 131, columns: 137, depth: 71, mostCompared: 131)
    let context = try SelfTestTests.context("")
    func run(_ rows: Int) async throws {
      var options = PlanOptions.ofEnvironment
      options.kernelFolder = fault.folder
      options.packsSmallProducts = true
      var parameters = MatMulTile.Parameters()
      parameters.rowsInPanel = rows
      options.tuning[TileTunerTests.shapes.key(.cpu)] = parameters.values
      _ = try await trial.run(context, options: options)
    }
    try await run(shipped)
    await #expect(throws: TuningTrial.Wrong.self) { try await run(8) }
  }
}
