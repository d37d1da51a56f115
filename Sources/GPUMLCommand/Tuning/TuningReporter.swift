import GPUML
import GPUMLRuntime
import Synchronization

/// Tells how far the search for better parameters has come, and what it found.
final class TuningReporter: Sendable {
  private struct State {
    var bar: ProgressBar
    var classes = 0
    var improved = 0
    var rejected = 0
    var isShippedWrong = false
  }

  private let output: OutputOptions
  private let device: Device
  private let hasBar: Bool
  private let state: Mutex<State>
  private let start = ContinuousClock.now

  init(_ output: OutputOptions, _ device: Device) {
    self.output = output
    self.device = device
    let terminal = Terminal(allowsColor: !output.noColor)
    hasBar = terminal.isTerminal && !output.noProgress && !output.quiet
    state = Mutex(State(bar: ProgressBar(terminal)))
  }

  /// Whether shipped parameters compute something else than the product.
  var isShippedWrong: Bool { state.withLock { $0.isShippedWrong } }

  func begin() { output.note("tuning \(device)") }

  func show(_ progress: TileTuner.Progress) {
    let text =
      "\(progress.place + 1)/\(progress.count) \(progress.subject.name): candidate "
      + "\(progress.candidates)"
    if hasBar {
      state.withLock { $0.bar.show(text) }
    } else if output.verbose {
      output.note(text)
    }
  }

  /// Takes the progress off the screen.
  func clear() { state.withLock { $0.bar.clear() } }

  /// Tells what came of a class.
  func add(_ outcome: TileTuner.Outcome) throws {
    clear()
    state.withLock {
      $0.classes += 1
      $0.improved += outcome.winner == nil ? 0 : 1
      $0.rejected += outcome.rejected.count
      if outcome.shippedRate == nil { $0.isShippedWrong = true }
    }
    if outcome.shippedRate == nil {
      output.warn(
        "the shipped parameters for \(outcome.name) are wrong on this device; 'gpuml doctor' "
          + "disables what is")
    }
    if output.verbose { for line in outcome.rejected { output.note("rejected \(line)") } }
    try output.json ? json(outcome).print() : Console.standardOutput(text(outcome))
  }

  /// Tells of all classes.
  func finish(_ record: TuningRecord) throws {
    let state = state.withLock { ($0.classes, $0.improved, $0.rejected) }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    guard output.json else {
      output.note(
        "\(state.1) of \(state.0) classes of shapes are faster than shipped, \(seconds.fixed(1)) s")
      if state.1 > 0 { output.note("recorded in \(record.path)") }
      return
    }
    var line = JSONLine()
    line.add("device", device.name)
    line.add("driver", device.driverVersion)
    line.add("classes", state.0)
    line.add("improved", state.1)
    line.add("rejected", state.2)
    line.add("record", record.path)
    line.add("seconds", seconds)
    try line.print()
  }

  private func text(_ outcome: TileTuner.Outcome) -> String {
    let size = outcome.size.map(String.init).joined(separator: "×")
    let head = TextTable.padded("\(outcome.name) \(size)", 37)
    guard let rate = outcome.rate else { return head + "no candidate is right" }
    let shipped = outcome.shippedRate.map { ($0 / 1e9).fixed(1) } ?? "nothing right"
    guard let winner = outcome.winner else {
      return head + "\(shipped) GFLOP/s, the shipped parameters of \(outcome.candidates) stay"
    }
    return head + "\((rate / 1e9).fixed(1)) GFLOP/s after \(shipped): \(Tuning.text(winner))"
  }

  private func json(_ outcome: TileTuner.Outcome) -> JSONLine {
    var line = JSONLine()
    line.add("kernel", outcome.key.kernel)
    line.add("family", outcome.key.family.rawValue)
    line.add("shapes", outcome.key.shapes)
    line.add("size", .array(outcome.size.map { .integer(Int64($0)) }))
    line.add("candidates", outcome.candidates)
    line.add("rejected", outcome.rejected.count)
    if let rate = outcome.shippedRate { line.add("shipped_gflops", rate / 1e9) }
    if let rate = outcome.rate { line.add("gflops", rate / 1e9) }
    line.add("improved", outcome.winner != nil)
    if let winner = outcome.winner {
      var values = JSONLine()
      for (name, value) in winner.sorted(by: { $0.key < $1.key }) { values.add(name, value) }
      line.add("parameters", values.value)
    }
    return line
  }
}
