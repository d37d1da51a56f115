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
    for failure in report.failures {
      try output.json
        ? json(failure, report).print() : Console.standardOutput(text(failure, report))
    }
    try output.json
      ? json(report, record).print() : Console.standardOutput(text(report, record))
  }

  private func text(_ failure: SelfTestFailure, _ report: SelfTestReport) -> String {
    let form = failure.form == .plain ? "" : failure.form.prefix + " "
    return "FAILED \(form)\(failure.family.rawValue) kernels: \(failure.detail); "
      + report.consequence(of: failure)
  }

  private func text(_ report: SelfTestReport, _ record: VariantRecord?) -> String {
    var lines = [
      "\(report.primitives) primitives and \(report.compositions) compositions, "
        + "\(report.trials) trials of \(report.family.rawValue) kernels "
        + "and of \(report.family.other.rawValue) kernels to fall back to, "
        + "\(report.seconds.fixed(1)) s"
    ]
    if report.skipped > 0 {
      lines.append("\(report.skipped) trials were left out to end in time; --trials runs them all")
    }
    if !report.enabled.isEmpty { lines.append("enabled again: \(report.enabled.text)") }
    if !report.disabled.isEmpty {
      lines.append("disabled for later runs: \(report.disabled.text)")
      lines.append(
        record.map { "recorded in \($0.path)" }
          ?? "not recorded, since GPUML_CACHE names no folder")
    }
    lines.append(
      report.isHealthy
        ? "all is well" : "\(report.failures.count) failed; 'gpuml doctor' tries them again")
    return lines.joined(separator: "\n")
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
    line.add("primitives", report.primitives)
    line.add("compositions", report.compositions)
    line.add("trials", report.trials)
    line.add("skipped", report.skipped)
    line.add("failures", report.failures.count)
    line.add("disabled", .array(report.disabled.ordered.map { .string($0.description) }))
    line.add("enabled_again", .array(report.enabled.ordered.map { .string($0.description) }))
    if let record { line.add("record", record.path) }
    line.add("seconds", report.seconds)
    return line
  }
}
