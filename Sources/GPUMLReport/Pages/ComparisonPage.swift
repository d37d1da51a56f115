import GPUMLSystem

extension RunComparison {
  /// The page that shows the runs: one file that needs no other.
  public var html: String { ComparisonPage(comparison: self).html }
}

/// The page of several runs.
struct ComparisonPage {
  /// The points of all curves of a chart together.
  private static let mostPoints = 8000
  /// The page's colours in the order that runs take them; the pale one comes last.
  private static let colours = [0, 3, 2, 4, 5, 6, 7, 1]
  private static let mostSettings = 200

  let comparison: RunComparison

  private var runs: [RunReport] { comparison.runs }

  /// The runs' names, told apart by their paths where they are the same.
  private var names: [String] {
    let short = runs.map(\.name)
    return Set(short).count == short.count ? short.map(\.cut) : runs.map { pathEnd($0.path) }
  }

  private func pathEnd(_ path: String) -> String {
    path.isShort(60) ? path : "…" + String(path.unicodeScalars.suffix(59))
  }

  var html: String {
    let sources = Set(runs.map { $0.settings["data"] ?? "" })
    let source = sources.count == 1 ? sources.first.map { " on \($0.cut)" } ?? "" : ""
    let title = "\(runs.count) runs\(source)"
    return HTML.page(
      title: title,
      [
        "<header>\n<p class=\"over\">gpuml comparison</p>\n<h1>\(title.html)</h1>\n</header>\n",
        HTML.section("Results", [HTML.card(results)]), curves, settings,
        "<footer>Made by gpuml</footer>\n",
      ])
  }

  private func colour(_ place: Int) -> Int {
    ComparisonPage.colours[place % ComparisonPage.colours.count]
  }

  private func key(_ place: Int) -> String {
    "<span class=\"key c\(colour(place))\">\(names[place].html)</span>"
  }

  private var results: String {
    let metrics = comparison.metricNames
    let header =
      ["run"] + metrics.map { Reading.name(of: $0) } + ["best epoch", "time", "samples/s"]
    let best = metrics.map { comparison.best(in: $0) }
    let rows = runs.enumerated().map { place, run in
      let values = Dictionary(run.comparedMetrics.map { ($0.name, $0.value) }) { first, _ in first }
      let cells = zip(metrics, best).map { metric, best in
        let text = values[metric].map { Reading.value($0, of: metric) } ?? "–"
        return "<td class=\"number\(best.contains(place) ? " top" : "")\">\(text.html)</td>"
      }
      let rest = [
        "\(run.bestEpoch) of \(run.epochs.rows.count)",
        run.facts.map { Reading.time($0.seconds) } ?? "–",
        run.facts.map { Reading.speed($0.samplesPerSecond) } ?? "–",
      ]
      let means =
        run.facts?.folds.map {
          "<div><small>means\u{A0}of\u{A0}\($0.count)\u{A0}folds</small></div>"
        } ?? ""
      return "<tr><td>\(key(place))\(means)</td>" + cells.joined()
        + rest.map { "<td class=\"number\">\($0.html)</td>" }.joined() + "</tr>\n"
    }
    let heads = header.enumerated().map { place, name in
      "<th\(place == 0 ? "" : " class=\"number\"")>\(name.html)</th>"
    }
    return "<div class=\"scroll\"><table class=\"plain\">\n<thead><tr>" + heads.joined()
      + "</tr></thead>\n<tbody>\n" + rows.joined() + "</tbody></table></div>\n"
  }

  private var curves: String {
    let columns = [
      "val_loss", "val_accuracy", "val_r2", "train_loss", "train_accuracy", "learning_rate",
      "seconds",
    ]
    let cards = columns.map { column in
      let lines = runs.enumerated().map { place, run in
        LineChart.Line(
          name: names[place], points: run.epochs.points(column), colour: colour(place),
          marked: column.hasPrefix("val_") ? Double(run.bestEpoch) : nil)
      }.filter { !$0.points.isEmpty }
      guard !lines.isEmpty else { return "" }
      let title = column == "seconds" ? "seconds an epoch" : Reading.name(of: column)
      let chart = LineChart(
        title: "\(title) of the runs over epochs", lines: lines,
        mostPoints: max(50, min(1000, ComparisonPage.mostPoints / lines.count)),
        mayBeLogarithmic: column != "learning_rate")
      return HTML.card(
        Reading.capitalized(title) + (chart.isLogarithmic ? " (logarithmic)" : ""),
        remark: lines.count <= ComparisonPage.colours.count
          ? HTML.legend(lines) : "",
        chart.svg)
    }
    return HTML.section("Curves", [HTML.cards(cards)])
  }

  private var settings: String {
    let all = comparison.differences
    let shown = all.prefix(ComparisonPage.mostSettings)
    let same = comparison.keys.count - all.count
    var note = same == 1 ? "1 other setting is the same." : "\(same) others are the same."
    if shown.count < all.count { note = "The first \(shown.count) of \(all.count). " + note }
    let rows = shown.map { difference in
      [difference.key.cut] + difference.values.map { $0.map(RunPage.shortened) ?? "–" }
    }
    return HTML.section(
      "Settings that differ", note: note,
      [
        rows.isEmpty
          ? HTML.card("<p>All settings are the same.</p>\n")
          : HTML.card(
            HTML.table(["setting"] + names, Array(rows), textColumns: runs.count + 1))
      ])
  }
}
