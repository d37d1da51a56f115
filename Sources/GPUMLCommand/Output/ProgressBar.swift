import GPUML
import GPUMLSystem

/// One line on a terminal that tells how far a training has come, drawn over itself.
struct ProgressBar {
  /// How often it is drawn at most.
  private static let interval = Duration.milliseconds(100)

  private let terminal: Terminal
  private var drawn: ContinuousClock.Instant?

  init(_ terminal: Terminal) { self.terminal = terminal }

  /// Draws how far a training has come, if the last drawing is old enough.
  ///
  /// - Parameters:
  ///   - prefix: Stands before the epoch; empty for nothing.
  ///   - exampleCount: The examples of an epoch.
  ///   - metric: What the epoch before came to, such as `acc 0.9712`.
  mutating func draw(
    _ progress: TrainingProgress, prefix: String = "", exampleCount: Int, metric: String
  ) {
    let now = ContinuousClock.now
    if let drawn, now - drawn < ProgressBar.interval { return }
    drawn = now
    show(
      ProgressBar.line(
        progress, prefix: prefix, exampleCount: exampleCount, metric: metric, terminal))
  }

  /// Draws a text in the bar's place.
  mutating func show(_ text: String) {
    Console.showPassingLine(text)
  }

  /// Takes the bar off the screen, so that a line can be written.
  mutating func clear() {
    Console.clearPassingLine()
    drawn = nil
  }

  /// The text, narrower than the terminal.
  static func line(
    _ progress: TrainingProgress, prefix: String = "", exampleCount: Int, metric: String,
    _ terminal: Terminal
  ) -> String {
    let total = String(progress.epochs)
    let epoch = String(progress.epoch)
    let head =
      (prefix.isEmpty ? "" : prefix + " ") + "epoch "
      + String(repeating: " ", count: max(0, total.count - epoch.count))
      + "\(epoch)/\(total) "
    let share = Double(progress.step) / Double(max(1, progress.steps))
    let rate = progress.samplesPerSecond
    let left = (Double(progress.epochs - progress.epoch) + 1 - share) * Double(exampleCount)
    let stepSeconds = Double(exampleCount) / Double(max(1, progress.steps)) / rate
    var fields: [String] = []
    if rate > 0, stepSeconds.isFinite {
      fields = [
        "\((stepSeconds * 1000).fixed(2)) ms", "\(ProgressBar.short(rate))/s",
        "ETA \(ProgressBar.clock(left / rate))",
      ]
    }
    fields.append("loss \(progress.loss.fixed(4))")
    if !metric.isEmpty { fields.append(metric) }
    let width = min(terminal.width, 80) - 1
    func place(_ tail: String) -> Int { min(20, width - head.count - tail.count - 4) }
    // Where there is no room for the bar, the time of a step gives way.
    if place(fields.joined(separator: "  ")) < 4, fields.count > 2 { fields.removeFirst() }
    let tail = fields.joined(separator: "  ")
    let room = place(tail)
    guard room >= 4 else { return String((head + tail).prefix(width)) }
    let filled = Int((share * Double(room)).rounded(.down))
    let bar =
      String(repeating: "#", count: filled) + String(repeating: "-", count: room - filled)
    return "\(head)[\(terminal.green(bar))] \(tail)"
  }

  /// The number in at most five characters, such as `78.3k`.
  static func short(_ value: Double) -> String {
    for (unit, factor) in [("G", 1e9), ("M", 1e6), ("k", 1e3)] where value >= factor {
      return (value / factor).fixed(value >= factor * 100 ? 0 : 1) + unit
    }
    return value.fixed(value >= 100 ? 0 : 1)
  }

  /// Seconds as `0:07` or `1:02:30`.
  static func clock(_ seconds: Double) -> String {
    let whole = Int(min(max(0, seconds.rounded(.up)), 359_999))
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let (minutes, rest) = (whole / 60, two(whole % 60))
    return minutes < 60 ? "\(minutes):\(rest)" : "\(minutes / 60):\(two(minutes % 60)):\(rest)"
  }
}
