import GPUML

extension SelfTestReport {
  /// What is told of a failure, and what becomes of it.
  func line(for failure: SelfTestFailure) -> String {
    let form = failure.form == .plain ? "" : failure.form.prefix + " "
    return "FAILED \(form)\(failure.family.rawValue) kernels: \(failure.detail); "
      + consequence(of: failure)
  }

  /// What was tried and what was not, what later runs do without, and the verdict.
  func summary(recordPath: String?) -> String {
    let other = family.other
    var lines = [
      "\(primitives(family)) primitives and \(compositions(family)) compositions "
        + "with \(family.rawValue) kernels, \(primitives(other)) and \(compositions(other)) "
        + "with \(other.rawValue) kernels to fall back to; \(trials) trials, \(seconds.fixed(1)) s"
    ]
    for family in [family, other] {
      let untried = untried(family).map { KernelVariant($0.name, family) }
      if !untried.isEmpty { lines.append("not tried for want of time: \(Set(untried).text)") }
    }
    if skipped > 0 {
      lines.append("\(skipped) trials were left out to end in time; --trials runs them all")
    }
    if !enabled.isEmpty { lines.append("enabled again: \(enabled.text)") }
    if !disabled.isEmpty {
      lines.append("disabled for later runs: \(disabled.text)")
      lines.append(
        recordPath.map { "recorded in \($0)" }
          ?? "not recorded, since GPUML_CACHE names no folder")
    }
    return (lines + [verdict]).joined(separator: "\n")
  }

  private var verdict: String {
    if !isHealthy { return "\(failures.count) failed; 'gpuml doctor' tries them again" }
    if !isComplete {
      return "not complete: the next 'gpuml doctor' comes further with the kernels built by now, "
        + "and with --trials 1 it takes the time it needs"
    }
    return untried(family).isEmpty && untried(family.other).isEmpty
      ? "all is well" : "all that was tried is well"
  }
}
