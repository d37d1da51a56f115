import GPUML
import Synchronization

/// Tells of a device's self-test: the device, how far the test has come, and what it found.
final class DoctorReporter: Sendable {
  private let output: OutputOptions
  private let device: Device
  private let hasBar: Bool
  private let bar: Mutex<ProgressBar>

  init(_ output: OutputOptions, _ device: Device) {
    self.output = output
    self.device = device
    let terminal = Terminal(allowsColor: !output.noColor)
    hasBar = terminal.isTerminal && !output.noProgress && !output.quiet
    bar = Mutex(ProgressBar(terminal))
  }

  /// Tells of the device.
  func begin() {
    output.note("testing \(device)")
    output.note("driver \(device.platformName) \(device.driverVersion)")
    if hasBar { bar.withLock { $0.show("building kernels …") } }
  }

  func show(_ progress: SelfTest.Progress) {
    let text =
      "\(progress.done * 100 / max(1, progress.total))% of the trials, "
      + "\(progress.family.rawValue) kernels"
    if hasBar {
      bar.withLock { $0.show(text) }
    } else if output.verbose {
      output.note(text)
    }
  }

  /// Takes the progress off the screen.
  func clear() { bar.withLock { $0.clear() } }

  /// Tells what was found: a line a failure, then a summary.
  func finish(_ report: SelfTestReport, _ record: VariantRecord?) throws {
    if output.json {
      for failure in report.failures { try json(failure, report).print() }
      try json(report, record).print()
    } else {
      for failure in report.failures { try Console.standardOutput(report.line(for: failure)) }
      try Console.standardOutput(report.summary(recordPath: record?.path))
    }
  }

  private func json(
    _ failure: SelfTestFailure, _ report: SelfTestReport
  ) -> JSONLine {
    var line = JSONLine()
    line.add("failed", failure.subject)
    line.add("family", failure.family.rawValue)
    line.add("form", failure.form.rawValue)
    line.add("reason", failure.detail)
    if let variant = failure.variant { line.add("disabled", variant.description) }
    line.add("consequence", report.consequence(of: failure))
    return line
  }

  private func json(_ report: SelfTestReport, _ record: VariantRecord?) -> JSONLine {
    var line = JSONLine()
    line.add("device", device.name)
    line.add("platform", device.platformName)
    line.add("driver", device.driverVersion)
    line.add("family", report.family.rawValue)
    line.add("fallback", report.family.other.rawValue)
    line.add("primitives", report.primitives(report.family))
    line.add("compositions", report.compositions(report.family))
    line.add("fallback_primitives", report.primitives(report.family.other))
    line.add("fallback_compositions", report.compositions(report.family.other))
    line.add("trials", report.trials)
    line.add("skipped", report.skipped)
    line.add("complete", report.isComplete)
    line.add(
      "untried",
      .array(
        [report.family, report.family.other].flatMap { family in
          report.untried(family).map { .string("\($0.name) (\(family.rawValue) kernels)") }
        }))
    line.add("failures", report.failures.count)
    line.add("disabled", .array(report.disabled.ordered.map { .string($0.description) }))
    line.add("enabled_again", .array(report.enabled.ordered.map { .string($0.description) }))
    if let record { line.add("record", record.path) }
    line.add("seconds", report.seconds)
    return line
  }
}
