import GPUMLSystem

/// What came of the model on examples that it did not learn from.
extension RunPage {
  /// The most mistakes that are told in words; pictures are seen faster.
  private static let mostRows = 12

  private var part: String {
    facts?.outcome?.part == .test ? "test examples" : "validation examples"
  }

  var outcome: String {
    guard let outcome = facts?.outcome else { return "" }
    let title = outcome.part == .test ? "On the test examples" : "On the validation examples"
    let metrics = outcome.metrics.map {
      "\(Reading.name(of: $0.name)) \(Reading.value($0.value, of: $0.name))"
    }
    let note =
      "\(Reading.count(outcome.count)) examples with the best epoch’s weights: "
      + metrics.joined(separator: ", ")
    if let classes = outcome.classes {
      return HTML.section(title, note: note, classCards(classes))
    }
    guard let numbers = outcome.numbers, !numbers.pairs.isEmpty else {
      return HTML.section(title, note: note, [" "])
    }
    let shown = "<span class=\"aside\">\(Reading.count(numbers.pairs.count)) examples</span>"
    let all = "<span class=\"aside\">\(Reading.count(outcome.examined)) examples</span>"
    return HTML.section(
      title, note: note,
      [
        HTML.cards([
          HTML.card("Predicted over true", remark: shown, ScatterChart(pairs: numbers.pairs).svg),
          HTML.card("Errors", remark: all, ResidualChart(numbers: numbers).svg),
        ])
      ])
  }

  private func classCards(_ classes: ClassFacts) -> [String] {
    let isFew = classes.counts.count <= 12
    let matrix = HTML.card(
      "Confusion matrix",
      remark: "<span class=\"aside\">rows: true · columns: predicted</span>",
      kind: isFew ? "" : "wide", MatrixTable(classes: classes).html)
    let rows = classes.rows.map {
      [
        $0.name, $0.report.precision.fixed(3), $0.report.recall.fixed(3), $0.report.f1.fixed(3),
        Reading.count($0.report.support),
      ]
    }
    let all = Reading.count(classes.rows.count + classes.pooled)
    let title =
      classes.pooled > 0
      ? "The \(classes.rows.count) classes with most mistakes, of \(all)" : "Classes"
    let table = HTML.card(
      title, remark: "<span class=\"aside\">mean F1 \(classes.macroF1.fixed(3))</span>",
      HTML.table(["class", "precision", "recall", "F1", "examples"], rows))
    let pairs = classes.pairs.map { [$0.actual, $0.predicted, Reading.count($0.count)] }
    let frequent =
      classes.rows.count <= 2 || pairs.isEmpty
      ? ""
      : HTML.card(
        "Most frequent mistakes", HTML.table(["true", "predicted", "times"], pairs, textColumns: 2))
    return isFew
      ? [HTML.cards([matrix, table])] : [matrix, HTML.cards([table, frequent])]
  }

  var mistakes: String {
    guard let outcome = facts?.outcome else { return "" }
    if let numbers = outcome.numbers {
      let cards = [("Predicted too high", numbers.tooHigh), ("Predicted too low", numbers.tooLow)]
        .map(largestErrors)
      return HTML.section(
        "Largest errors", note: sampleNote(outcome), [HTML.cards(cards)])
    }
    if outcome.mistakes.isEmpty { return "" }
    let note =
      "Wrong predictions of the highest loss: true → predicted, and how sure the model was. "
      + sampleNote(outcome)
    let pictures = outcome.mistakes.compactMap(picture)
    if pictures.count == outcome.mistakes.count {
      return HTML.section(
        "Worst mistakes", note: note,
        ["<div class=\"pictures\">\n" + pictures.joined() + "</div>\n"])
    }
    let rows = outcome.mistakes.prefix(RunPage.mostRows).map {
      [
        $0.actual, $0.predicted, Reading.count($0.example), ($0.probability * 100).fixed(1) + " %",
        $0.loss.significant,
      ]
    }
    return HTML.section(
      "Worst mistakes", note: note,
      [
        HTML.card(
          HTML.table(
            ["true", "predicted", "example", "probability", "loss"], rows, textColumns: 2))
      ])
  }

  private func largestErrors(_ title: String, _ pairs: [NumberFacts.Pair]) -> String {
    if pairs.isEmpty { return "" }
    let rows = pairs.map {
      [
        Reading.count($0.example), $0.actual.significant, $0.predicted.significant,
        ($0.residual > 0 ? "+" : "−") + $0.residual.magnitude.significant,
      ]
    }
    return HTML.card(title, HTML.table(["example", "true", "predicted", "error"], rows))
  }

  private func sampleNote(_ outcome: OutcomeFacts) -> String {
    outcome.examined < outcome.count
      ? "\(Reading.count(outcome.examined)) of \(Reading.count(outcome.count)) \(part) were looked "
        + "at. Examples are counted from 1."
      : "Examples are counted from 1 in the order of the data."
  }

  private func picture(_ mistake: Mistake) -> String? {
    guard let png = mistake.picture.flatMap(PNGPicture.checked) else { return nil }
    let words = "example \(mistake.example): \(mistake.actual) taken for \(mistake.predicted)"
    return "<figure><img src=\"data:image/png;base64,\(png)\" alt=\"\(words.html)\" "
      + "title=\"\(words.html)\"/><figcaption><b>\(mistake.actual.html) → "
      + "\(mistake.predicted.html)</b><br/>\((mistake.probability * 100).fixed(1)) %"
      + "<br/><small>no. \(Reading.count(mistake.example))</small></figcaption></figure>\n"
  }
}
