import GPUML

/// Predictions as text: CSV with a header, or a JSON object a row.
struct PredictionWriter {
  /// Whether rows are JSON.
  let isJSON: Bool
  /// The most probable classes told, or 0.
  let topCount: Int
  /// Whether every class's probability is told.
  let tellsProbabilities: Bool
  /// The model's classes; empty if numbers are predicted.
  let classNames: [String]

  /// The first line; nil in JSON.
  var header: String? {
    if isJSON { return nil }
    var cells = ["prediction"]
    if topCount > 0 { cells += (1...topCount).flatMap { ["label_\($0)", "score_\($0)"] } }
    if tellsProbabilities { cells += classNames.map { "p_\($0)" } }
    return PredictionWriter.row(cells)
  }

  /// The lines of some predictions.
  func lines(_ predictions: Predictions) throws -> String {
    var text = ""
    for position in 0..<predictions.count {
      let prediction = predictions[position]
      text += try isJSON ? json(prediction) : csv(prediction)
    }
    return text
  }

  private func csv(_ prediction: Prediction) -> String {
    var cells = [prediction.label]
    for score in prediction.top(topCount) { cells += [score.label, "\(score.probability)"] }
    if tellsProbabilities { cells += prediction.outputs.map { "\($0)" } }
    return PredictionWriter.row(cells)
  }

  private func json(_ prediction: Prediction) throws -> String {
    var line = JSONLine()
    if let value = prediction.value {
      line.add("prediction", value)
    } else {
      line.add("prediction", prediction.label)
    }
    for (rank, score) in prediction.top(topCount).enumerated() {
      line.add("label_\(rank + 1)", score.label)
      line.add("score_\(rank + 1)", score.probability)
    }
    if tellsProbabilities {
      for (name, probability) in zip(classNames, prediction.outputs) {
        line.add("p_\(name)", probability)
      }
    }
    return try line.text() + "\n"
  }

  /// Cells as a line of CSV (RFC 4180).
  private static func row(_ cells: [String]) -> String {
    cells.map { cell in
      let needsQuotes = cell.utf8.contains { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
      return needsQuotes
        ? "\"" + cell.split(separator: "\"", omittingEmptySubsequences: false)
          .joined(separator: "\"\"") + "\""
        : cell
    }.joined(separator: ",") + "\n"
  }
}
