import GPUML
import GPUMLFormats

/// What a learning-rate range test found, as a table or as JSON.
struct LearningRateReport {
  /// The most rows of the table.
  private static let mostRows = 20

  let test: LearningRateTest
  /// The picture's path.
  let picture: String

  init(_ test: LearningRateTest, folder: RunFolder) {
    self.test = test
    picture = "\(folder.path)/\(RunFolder.learningRatesName)"
  }

  func print(asJSON: Bool) throws {
    if asJSON { try json.print() } else { try Console.standardOutput(text) }
  }

  /// One event with all steps.
  private var json: JSONLine {
    func numbers(_ value: (LearningRateTest.Point) -> Double) -> StrictJSON.Value {
      .array(test.points.map { .double(value($0)) })
    }
    var line = JSONLine(event: "find_lr")
    if let rate = test.suggestedRate { line.add("suggested_lr", rate) }
    line.add("picture", picture)
    line.add("rates", numbers { $0.rate })
    line.add("losses", numbers { $0.loss })
    line.add("smoothed_losses", numbers { $0.smoothedLoss })
    return line
  }

  /// Some of the steps, the suggestion, and where the picture is.
  private var text: String {
    let stride = max(1, (test.points.count - 1) / LearningRateReport.mostRows + 1)
    let rows = test.points.enumerated().filter { $0.offset % stride == 0 }.map { $0.element }
    let table = TextTable.lines(
      [["learning rate", "loss", "smoothed"]]
        + rows.map { [$0.rate.rateText, $0.loss.fixed(4), $0.smoothedLoss.fixed(4)] })
    let advice =
      test.suggestedRate.map { "suggested: --lr \($0.rateText), where the loss fell fastest" }
      ?? "no suggestion: the loss never fell"
    return (table + [advice, "saved \(picture)"]).joined(separator: "\n")
  }
}
