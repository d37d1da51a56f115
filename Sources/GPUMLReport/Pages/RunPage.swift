import GPUMLSystem

extension RunReport {
  /// The run's page: one file that needs no other.
  public var html: String { RunPage(report: self).html }
}

/// The page of one run.
struct RunPage {
  let report: RunReport

  var facts: RunFacts? { report.facts }
  private var epochs: EpochTable { report.epochs }
  private var best: Int { report.bestEpoch }

  var html: String {
    HTML.page(
      title: "\(headline) – \(report.name.cut)",
      [header, HTML.tiles(tiles), folds, curves, outcome, mistakes, setup, settings, footer])
  }

  /// The source without the folders it is in.
  private var source: String {
    let whole = facts?.data.source ?? report.settings["data"] ?? ""
    return (whole.split(separator: "/").last.map(String.init) ?? whole).cut
  }

  private var headline: String {
    guard let facts else { return "Training on \(source)" }
    let kind = facts.isClassifying ? "Classification" : "Regression"
    guard let target = facts.data.target else { return "\(kind) of \(source)" }
    return "\(kind) of \(target.cut) in \(source)"
  }

  private var header: String {
    var lines = ["<header>", "<p class=\"over\">gpuml run \(report.name.cut.html)</p>"]
    lines.append("<h1>\(headline.html)</h1>")
    var parts = [facts?.device ?? report.settings["device"] ?? ""]
    switch facts?.ending {
    case "stoppedEarly"?: parts.append("stopped early: no better epoch came")
    case "cancelled"?: parts.append("stopped before its end")
    case nil: parts.append("not finished: it runs still, or it failed")
    default: break
    }
    let told = parts.filter { !$0.isEmpty }.joined(separator: " · ")
    lines.append("<p class=\"under\">\(String(told.unicodeScalars.prefix(300)).html)</p>")
    return lines.joined(separator: "\n") + "\n</header>\n"
  }

  private var tiles: [(name: String, value: String, detail: String)] {
    let all = report.metrics + (facts?.folds?.means.map { ($0.name, $0.value) } ?? [])
    let values = Dictionary(all.map { ($0.name, $0.value) }) { first, _ in first }
    let wanted = [
      "test_accuracy", "val_accuracy", "test_r2", "val_r2", "test_rmse", "val_rmse", "val_loss",
      "train_loss",
    ]
    let known = wanted.filter { values[$0] != nil }
    var tiles = known.prefix(2).map { metric in
      (
        name: Reading.capitalized(Reading.name(of: metric)),
        value: Reading.value(values[metric] ?? 0, of: metric), detail: ""
      )
    }
    tiles.append(("Best epoch", String(best), "of \(epochs.rows.count)"))
    let seconds = facts?.seconds ?? epochs.points("seconds").reduce(0) { $0 + $1.value }
    tiles.append(("Time", Reading.time(seconds), ""))
    let speeds = epochs.points("samples_per_second").map(\.value).sorted()
    if let speed = facts?.samplesPerSecond ?? speeds.dropFirst(speeds.count / 2).first {
      tiles.append(("Speed", Reading.speed(speed), "samples/s"))
    }
    if let parameters = facts?.model.parameters {
      tiles.append(("Parameters", Reading.count(parameters), ""))
    }
    return tiles
  }

  private var curves: String {
    var charts = [chart("Loss", "train_loss", "val_loss")]
    charts.append(chart("Accuracy", "train_accuracy", "val_accuracy"))
    charts.append(chart("R²", nil, "val_r2"))
    charts.append(chart("Learning rate", nil, "learning_rate", isMeasure: false))
    charts.append(chart("Seconds an epoch", nil, "seconds", isMeasure: false))
    return HTML.section("Training", [HTML.cards(charts)])
  }

  /// A card with curves over the epochs; empty if there are no such columns.
  private func chart(
    _ title: String, _ first: String?, _ second: String, isMeasure: Bool = true
  ) -> String {
    var lines: [LineChart.Line] = []
    let isMarked = epochs.points(second).contains { $0.epoch == Double(best) }
    if let first {
      let points = epochs.points(first)
      if !points.isEmpty {
        lines.append(
          LineChart.Line(
            name: "training", points: points, colour: 1,
            marked: isMeasure && !isMarked ? Double(best) : nil))
      }
    }
    let points = epochs.points(second)
    if !points.isEmpty {
      lines.append(
        LineChart.Line(
          name: isMeasure ? "validation" : title.lowercased(), points: points, colour: 0,
          marked: isMeasure ? Double(best) : nil))
    }
    if lines.isEmpty { return "" }
    let chart = LineChart(
      title: "\(title) over epochs", lines: lines, mayBeLogarithmic: second != "learning_rate")
    let remark =
      isMeasure
      ? HTML.legend(lines)
      : "<span class=\"aside\">\(second == "seconds" ? "steps alone" : "of the last step")</span>"
    return HTML.card(
      title + (chart.isLogarithmic ? " (logarithmic)" : ""), remark: remark, chart.svg)
  }

  private var footer: String {
    let version = report.settings["version"].map { " \($0.cut)" } ?? ""
    return "<footer>Made by gpuml\(version.html)"
      + (report.settings["data_sha256"].map { " · data’s SHA-256 \($0.cut.html)" } ?? "")
      + "</footer>\n"
  }
}
