import Foundation
import GPUML
import TestSupport
import Testing

@Suite("Articles")
struct ArticleTests {
  @Test("the sample of a table of one's own is the code that this test runs")
  func tableAgrees() throws {
    try DocumentedSample.check(
      "table", in: "Sources/GPUML/GPUML.docc/TrainOnYourOwnTable.md", source: "\(#filePath)",
      replacements: [
        ("\"birds.csv\"", "birdsFile"), ("\"seen.csv\"", "seenFile"),
        ("\"birds.safetensors\"", "modelFile"),
      ])
  }

  @Test("the sample of rows read in pieces is the code that this test runs")
  func piecesAgree() throws {
    try DocumentedSample.check(
      "pieces", in: "Sources/GPUML/GPUML.docc/TrainOnYourOwnTable.md", source: "\(#filePath)",
      replacements: [("\"seen.csv\"", "seenFile"), ("\"birds.safetensors\"", "modelFile")])
  }

  @Test("the sample of a table of one's own runs")
  func table() async throws {
    try await TemporaryFolder.use { folder in
      let rows = (0..<90).map { row in
        let kind = row % 3
        let length = row % 11 == 5 ? "" : "\(40 + kind * 5 + row % 4)"
        return "R\(row),\(length),\(["north", "south"][row % 2]),\(["gull", "tern", "auk"][kind])\n"
      }
      let birds = "ring,length,island,species\n" + rows.joined()
      let seen = "island,species,length,weather\nsouth,,40,dry\nwest,,52,wet\n"
      for (name, text) in [("birds", birds), ("seen", seen)] {
        try text.write(toFile: "\(folder)/\(name).csv", atomically: true, encoding: .utf8)
      }
      let accuracy = try await ArticleTests.table(
        "\(folder)/birds.csv", "\(folder)/seen.csv", "\(folder)/birds.safetensors")
      #expect(accuracy > 0.8)
    }
  }

  @Test("the sample of a run's report is the code that this test runs")
  func reportAgrees() throws {
    try DocumentedSample.check(
      "report", in: "Sources/GPUML/GPUML.docc/TheReport.md", source: "\(#filePath)",
      replacements: [("\"runs/first\"", "folder")])
  }

  @Test("the sample of a run's report runs")
  func report() async throws {
    try await TemporaryFolder.use { path in
      let report = try await ArticleTests.report(path + "/first")
      #expect(report.facts?.outcome != nil && report.epochs.rows.count == 2)
    }
  }

  private static func report(_ folder: String) async throws -> RunReport {
    // sample: report
    var request = TrainingRun.Request()
    request.configuration.epochs = 2
    request.output = folder
    let run = try TrainingRun(request)
    _ = try await run.train(in: run.makeFolder())

    let report = try RunReport(contentsOf: folder)
    for metric in report.metrics { print(metric.name, metric.value) }
    for mistake in report.facts?.outcome?.mistakes ?? [] {
      print(mistake.example, mistake.actual, mistake.predicted, mistake.probability)
    }
    let comparison = RunComparison([report, report])
    print(comparison.differences.count, comparison.html.count)
    // end
    return report
  }

  private static func table(
    _ birdsFile: String, _ seenFile: String, _ modelFile: String
  ) async throws -> Double {
    // sample: table
    var options = LoadOptions(target: "species", dropping: ["ring"])
    options.marksMissing = true
    let data = try Dataset.load(birdsFile, options: options)
    for note in data.notes { print(note.text) }

    let network = try ModelPreset(parsing: "mlp:16").build(for: data)
    var configuration = TrainingConfiguration()
    configuration.learningRate = 0.02
    configuration.testSplit = 0.2
    let trainer = try Trainer(network, configuration: configuration)
    let result = try await trainer.fit(data)
    print(result.test?.accuracy ?? 0)
    try result.save(to: modelFile)

    let birds = try await Model.load(modelFile)
    let seen = try Dataset.load(
      seenFile, for: birds.preprocessing, classes: birds.classNames
    ) { print($0.text) }
    for label in try await birds.predict(seen).labels { print(label) }
    // end
    #expect(data.inputShape == [4])
    let labels = try await birds.predict(seen).labels
    #expect(labels == ["gull", "auk"])
    try await pieces(seenFile, modelFile)
    return result.test?.accuracy ?? 0
  }

  private static func pieces(_ seenFile: String, _ modelFile: String) async throws {
    // sample: pieces
    let birds = try await Model.load(modelFile)
    let rows = try DatasetReader(seenFile, for: birds.preprocessing) { print($0.text) }
    try await birds.predict(rows) { predictions in
      for label in predictions.labels { print(label) }
    }
    // end
  }
}
