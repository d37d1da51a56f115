import Foundation
import GPUMLData
import TestSupport

@testable import GPUMLReport

/// Made-up runs in folders.
struct SampleRun {
  var source = "table.csv"
  var target: String? = "kind"
  var classNames = ["narrow", "wide"]
  var isClassifying = true
  var epochs = 12
  var bestEpoch = 7
  var learningRate = 0.003
  var hasFacts = true
  var picture: String?
  var folds: FoldFacts?

  /// Made-up numbers instead of classes.
  static var regression: SampleRun {
    var run = SampleRun()
    (run.isClassifying, run.target) = (false, "price")
    return run
  }

  var facts: RunFacts {
    get throws {
      var outcome = OutcomeFacts(
        part: .validation, count: 40, metrics: [.init(name: "loss", value: 0.25)], examined: 40)
      if isClassifying {
        var confusion = ConfusionMatrix(classCount: classNames.count)
        for index in 0..<classNames.count * 5 {
          let actual = index % classNames.count
          let isWrong = index % 7 == 3
          try confusion.add(
            predicted: [(actual + (isWrong ? 1 : 0)) % classNames.count], actual: [actual])
        }
        outcome.metrics.append(.init(name: "accuracy", value: confusion.accuracy))
        outcome.classes = ClassFacts(confusion, classNames: classNames)
        outcome.mistakes = [
          Mistake(
            example: 1234, actual: classNames[0], predicted: classNames[1], probability: 0.875,
            loss: 2.5, picture: picture)
        ]
      } else {
        outcome.numbers = NumberFacts(
          (0..<40).map {
            .init(example: $0 + 1, actual: Double($0), predicted: Double($0) + Double($0 % 5) - 2)
          })
      }
      var facts = RunFacts(
        isClassifying: isClassifying, ending: "completed", bestEpoch: bestEpoch,
        device: "training on a device", seconds: 83.4, samplesPerSecond: 12_345,
        data: DataFacts(
          source: source, target: target, featureShape: [4], trainCount: 160,
          validationCount: 40, testCount: 0, classCount: isClassifying ? classNames.count : nil),
        model: NetworkFacts(
          layers: [.init(name: "layers.0", kind: "Linear", output: "[batch, 2]", parameters: 10)],
          parameters: 1_234_567),
        outcome: outcome)
      facts.folds = folds
      return facts
    }
  }

  /// Writes the files of the run.
  func write(to folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    func write(_ text: String, _ name: String) throws {
      try text.write(toFile: "\(folder)/\(name)", atomically: false, encoding: .utf8)
    }
    try write(
      """
      version: "0.1.0"
      data: "\(source.replacing("\"", with: "\\\""))"
      epochs: \(epochs)
      optimizer_settings:
        beta1: 0.9
      lr: \(learningRate)

      """, "args.yaml")
    let metric = isClassifying ? "val_accuracy" : "val_r2"
    let rows = (1...epochs).map { epoch in
      let loss = 1 / Double(epoch)
      return "\(epoch),\(loss),\(loss + 0.1),\(1 - loss / 2),\(learningRate),0.125,5000.0"
    }
    try write(
      (["epoch,train_loss,val_loss,\(metric),learning_rate,seconds,samples_per_second"] + rows)
        .joined(separator: "\n") + "\n", "results.csv")
    if hasFacts { try write(facts.json(), RunReport.factsName) }
  }

  /// The run as it is read from a folder of its own.
  func report() async throws -> RunReport {
    try await TemporaryFolder.use { folder in
      try write(to: folder + "/run")
      return try RunReport(contentsOf: folder + "/run")
    }
  }
}
