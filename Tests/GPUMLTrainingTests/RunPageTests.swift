import Foundation
import GPUMLData
import GPUMLReport
import GPUMLTraining
import Testing

@Suite(.serialized) struct RunPageTests {
  /// Trains on a source for an epoch and reads the run's folder.
  private func run(
    _ source: String, in path: String, _ change: (inout TrainingRun.Request) -> Void = { _ in },
    observer: any TrainingObserver = EpochObserver()
  ) async throws -> RunReport {
    var request = TrainingRun.Request()
    request.source = source
    request.output = path + "/run"
    request.configuration.epochs = 1
    change(&request)
    let run = try TrainingRun(request)
    let folder = try run.makeFolder()
    // As a signal does: the task of the training is cancelled.
    _ = try await Task { try await run.train(in: folder, observer: observer) }.value
    return try RunReport(contentsOf: folder.path)
  }

  @Test("a run tells how classes were taken for each other, and the worst mistakes as pictures")
  func classes() async throws {
    try await withTemporaryFolder { path in
      let report = try await run("digits", in: path)
      let outcome = try #require(report.facts?.outcome)
      #expect(outcome.part == .validation && outcome.examined == outcome.count)
      let counts = try #require(outcome.classes?.counts)
      #expect(counts.joined().reduce(0, +) == outcome.count)
      let wrong = outcome.count - counts.indices.reduce(0) { $0 + counts[$1][$1] }
      #expect(outcome.mistakes.count == min(wrong, Mistake.most))
      #expect(outcome.mistakes.allSatisfy { $0.picture != nil && $0.actual != $0.predicted })
      let losses = outcome.mistakes.map(\.loss)
      #expect(losses == losses.sorted(by: >) && losses.allSatisfy { $0 > 0.69 })
      // The example is the one of that label in the data.
      let data = try Dataset.load("digits")
      guard case .classes(let labels, let names) = data.train.labels else { return }
      for mistake in outcome.mistakes {
        #expect(names[Int(labels[mistake.example - 1])] == mistake.actual)
      }
      #expect(content(path + "/run/report.html") == report.html)
    }
  }

  @Test("test examples are told before validation examples")
  func testExamples() async throws {
    try await withTemporaryFolder { path in
      let report = try await run("digits", in: path) { $0.configuration.testSplit = 0.1 }
      #expect(report.facts?.outcome?.part == .test)
      #expect(report.facts?.data.testCount == report.facts?.outcome?.count)
      #expect(report.metrics.contains { $0.name == "test_accuracy" })
    }
  }

  @Test("of numbers a run tells predictions and errors; without validation, neither")
  func numbers() async throws {
    try await withTemporaryFolder { path in
      let rows = (0..<200).map { "\($0),\($0 % 7),\(Double($0) * 1.5)" }
      try ("a,b,target\n" + rows.joined(separator: "\n") + "\n")
        .write(toFile: path + "/table.csv", atomically: true, encoding: .utf8)
      let report = try await run(path + "/table.csv", in: path) {
        $0.options.task = .regression
      }
      let numbers = try #require(report.facts?.outcome?.numbers)
      #expect(numbers.bins.reduce(0, +) == 40 && numbers.pairs.count == 40)
      for pair in numbers.pairs { #expect(pair.actual == Double(pair.example - 1) * 1.5) }
      let alone = try await run(path + "/table.csv", in: path) {
        $0.options.task = .regression
        $0.configuration.validationSplit = 0
        $0.force = true
      }
      #expect(alone.facts != nil && alone.facts?.outcome == nil)
    }
  }

  @Test("a training that is cancelled after an epoch has its page")
  func cancelled() async throws {
    try await withTemporaryFolder { path in
      let report = try await run(
        "digits", in: path, { $0.configuration.epochs = 1000 },
        observer: Recorder { event in
          if case .epoch(let report) = event, report.epoch == 2 {
            withUnsafeCurrentTask { $0?.cancel() }
          }
        })
      #expect(report.facts?.ending == "cancelled" && report.facts?.outcome?.classes != nil)
      #expect(content(path + "/run/report.html").contains("stopped before its end"))
    }
  }

  @Test("a page that cannot be written is an error, and the model is there")
  func failure() async throws {
    try await withTemporaryFolder { path in
      let error = await #expect(throws: TrainingError.self) {
        try await run(
          "digits", in: path,
          observer: Recorder { event in
            guard case .start = event else { return }
            try FileManager.default.createDirectory(
              atPath: path + "/run/report.html", withIntermediateDirectories: false)
          })
      }
      #expect(error?.exitCode == 73)
      #expect(FileManager.default.fileExists(atPath: path + "/run/model.safetensors"))
    }
  }
}
