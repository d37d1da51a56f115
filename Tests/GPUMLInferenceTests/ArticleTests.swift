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

  @Test(
    "the samples of sources, loops and plans are the code that these tests run",
    arguments: [
      ("source", "BringYourOwnDataSource"), ("ownLoop", "WriteYourOwnLoop"),
      ("plan", "HowAPlanIsMade"),
    ])
  func samplesAgree(name: String, article: String) throws {
    try DocumentedSample.check(
      name, in: "Sources/GPUML/GPUML.docc/\(article).md", source: "\(#filePath)",
      replacements: [("\"squares.safetensors\"", "file"), ("\"best.safetensors\"", "file")])
  }

  @Test("the sample of a source of one's own learns")
  func source() async throws {
    try await TemporaryFolder.use { folder in
      #expect(try await ArticleTests.source(folder + "/squares.safetensors") > 0.95)
      let model = try await Model.load(folder + "/squares.safetensors")
      #expect(model.classNames == ["black", "white"])
    }
  }

  @Test("the sample of a loop of one's own learns and saves")
  func loop() async throws {
    try await TemporaryFolder.use { folder in
      #expect(try await ArticleTests.ownLoop(folder + "/best.safetensors") > 0.9)
      let model = try await Model.load(folder + "/best.safetensors")
      let digits = try Dataset.load("digits").train
      #expect(try await model.evaluate(digits).accuracy ?? 0 > 0.9)
    }
  }

  @Test("the sample of a plan has the launches that the article tells of")
  func plan() throws {
    let text = try ArticleTests.plan()
    #expect(text.contains("2 launches"), "\(text)")
  }

  private static func source(_ file: String) async throws -> Double {
    // sample: source
    struct Squares: DataSource {
      let count = 2000
      let featureShape = [2]
      let classNames = ["black", "white"]

      func batch(_ indices: [Int]) async throws -> Batch {
        var (points, labels) = ([Float](), [Int32]())
        for index in indices {
          let (x, y) = (index % 50, index / 50)
          points += [Float(x) / 25 - 1, Float(y) / 20 - 1]
          labels.append(Int32((x / 25 + y / 20) % 2))
        }
        return try Batch(
          inputs: HostTensor(points, shape: [indices.count, 2]), labels: HostTensor(labels))
      }
    }

    let model = try ModelPreset(parsing: "mlp:64,64").build(featureShape: [2], outputs: 2)
    var trainer = try Trainer(model)
    trainer.configuration.epochs = 20
    let result = try await trainer.fit(train: Squares(), validation: Squares())
    print(result.best?.validation?.accuracy ?? 0)
    try result.save(to: file)
    // end
    return result.best?.validation?.accuracy ?? 0
  }

  private static func ownLoop(_ file: String) async throws -> Double {
    // sample: ownLoop
    let data = try Dataset.load("digits")
    let split = try Split.stratified(data.train, validation: 0.2, seed: 1)
    let preprocessing = try data.preprocessing(fittedTo: split.train)
    let train = try PreparedDataset(data.train, preprocessing, indices: split.train)
    let held = try PreparedDataset(data.train, preprocessing, indices: split.validation)

    var options = TrainStep.Options()
    options.clipNorm = 1
    let step = try TrainStep(
      ModelPreset.mlp.build(for: data), loss: .crossEntropy, optimizer: .adamW(),
      featureShape: train.featureShape, options: options)
    let context = try DeviceContext(device: Device.select(for: .training).device)
    let store = try VariableStore(context, variables: step.variables, seed: 1)
    let session = try Session(step.training, store: store)
    let evaluator = try Evaluator(step, store: store)

    var best = 0.0
    for epoch in 0..<8 {
      try store.setLearningRate(0.003 / Float(1 + epoch))
      let batches = try BatchLoader(train, batchSize: 64, shuffledBy: (seed: 1, epoch: epoch))
      for try await batch in batches { _ = try await session.submit(step.inputs(batch)) }
      let accuracy = try await evaluator.evaluate(held).accuracy ?? 0
      if accuracy <= best { continue }
      best = accuracy
      let names = data.train.classNames
      try await step.modelFile(store, preprocessing, labels: names).save(to: file)
    }
    // end
    return best
  }

  private static func plan() throws -> String {
    // sample: plan
    let x = try Tensor.input("x", shape: [.symbol("batch"), 64])
    let weights = try Variable(shape: [32, 64], initializer: .uniform(low: -0.1, high: 0.1))
    let bias = try Variable(shape: [32])
    let hidden = try x.matmul(weights.tensor, transposesRight: true) + bias.tensor
    let y = try (hidden.relu() * 2 + 1).sum(axes: [1])
    let graph = try Graph(outputs: [.init("y", y)])

    let context = try DeviceContext(device: Device.select(for: .inference).device)
    let variables = [
      NamedVariable(name: "weights", variable: weights),
      NamedVariable(name: "bias", variable: bias),
    ]
    let session = try Session(graph, store: VariableStore(context, variables: variables))
    print(try session.planDescription(["batch": 128]))
    // end
    return try session.planDescription(["batch": 128])
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
