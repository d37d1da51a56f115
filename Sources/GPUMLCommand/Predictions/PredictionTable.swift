import GPUML

/// What is told of each prediction, column by column, whatever form it is written in.
struct PredictionTable {
  /// A column's name and whether it holds numbers.
  typealias Column = (name: String, isNumber: Bool)

  /// What a column holds for one prediction.
  enum Cell {
    case text(String)
    case number(Float)
  }

  /// The columns, `prediction` first.
  let columns: [Column]
  private let topCount: Int
  private let tellsProbabilities: Bool

  /// - Parameters:
  ///   - classNames: The model's classes; empty if numbers are predicted.
  ///   - width: The number of outputs of one example.
  ///   - topCount: The most probable classes told, or 0.
  ///   - tellsProbabilities: Whether every class's probability is told.
  init(classNames: [String], width: Int, topCount: Int, tellsProbabilities: Bool) {
    var columns: [Column] = [("prediction", classNames.isEmpty && width == 1)]
    for rank in 0..<topCount {
      columns += [("label_\(rank + 1)", false), ("score_\(rank + 1)", true)]
    }
    if tellsProbabilities { columns += classNames.map { ("p_\($0)", true) } }
    self.columns = columns
    self.topCount = topCount
    self.tellsProbabilities = tellsProbabilities
  }

  /// A cell a column.
  func row(_ prediction: Prediction) -> [Cell] {
    var cells: [Cell] = []
    if columns[0].isNumber, let value = prediction.value {
      cells.append(.number(value))
    } else {
      cells.append(.text(prediction.label))
    }
    for score in prediction.top(topCount) {
      cells += [.text(score.label), .number(score.probability)]
    }
    if tellsProbabilities { cells += prediction.outputs.map { .number($0) } }
    return cells
  }
}
