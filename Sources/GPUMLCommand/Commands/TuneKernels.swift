import ArgumentParser
import GPUML
import GPUMLSystem

/// `gpuml tune-kernels`
struct TuneKernels: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "tune-kernels",
    abstract: "Searches better tile parameters for the matrix products of a device.",
    discussion: """
      Every candidate is compared with a reference in double precision, then timed; the best are \
      timed again by turns with the shipped parameters. What is faster is kept in the cache folder \
      and used by later runs on the same device and driver, which record it. The shipped parameters \
      are good without it.
      """)

  @OptionGroup(title: "Device") var device: DeviceOptions

  @Option(
    help: ArgumentHelp(
      "The only shapes to tune: small, medium, large, thin or flat products.",
      valueName: "name,name"))
  var only: ColumnList?

  @Option(help: ArgumentHelp("How long a candidate is measured at a time.", valueName: "seconds"))
  var seconds = 0.1

  @Flag(help: "Forget what was found before, and tune nothing.")
  var reset = false

  @OptionGroup(title: "Output") var output: OutputOptions

  mutating func validate() throws {
    guard seconds > 0, seconds <= 60 else {
      throw ValidationError("--seconds: \(seconds) is not above 0 and at most 60")
    }
  }

  func execute() async throws {
    let settings = try settings()
    let choice = try device.chooseForDoctor()
    output.warn(choice.warning)
    let context = try device.open(choice, output)
    guard let record = TuningRecord(context) else {
      throw SystemError.cannotCreate(
        path: "the record of what is found", reason: "GPUML_CACHE names no folder")
    }
    if reset {
      try record.write(Tuning())
      return output.note("runs on \(choice.device) use the shipped parameters")
    }
    try record.checkWritable()
    let reporter = TuningReporter(output, choice.device)
    let tuner = TileTuner(context, settings) { reporter.show($0) }
    do {
      reporter.begin()
      try await Interruption().cancelling {
        try await tuner.run(keepingIn: record) { try reporter.add($0) }
      }
      try reporter.finish(record)
    } catch {
      reporter.clear()
      throw error
    }
    if reporter.isShippedWrong { throw ExitCode(1) }
  }

  private func settings() throws -> TileTuner.Settings {
    var settings = TileTuner.Settings()
    settings.seconds = seconds
    if let only {
      let sizes = try only.names.map { name in
        guard let size = MatMulShapeClass.Size(rawValue: name) else {
          let known = MatMulShapeClass.Size.allCases.map(\.rawValue).joined(separator: ", ")
          throw CommandError.invalidFlag(name: "only", reason: "'\(name)' is none of \(known)")
        }
        return size
      }
      settings.shapes = settings.shapes.filter { sizes.contains($0.size) }
    }
    return settings
  }
}
