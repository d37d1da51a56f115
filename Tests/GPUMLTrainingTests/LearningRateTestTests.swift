import Foundation
import GPUMLData
import GPUMLDevice
import GPUMLNN
import GPUMLTraining
import Testing

@Suite("Learning-rate range tests")
struct LearningRateTestTests {
  /// Losses that fall by half a unit of the exponent around one rate, then explode.
  private static func steps(
    falling: Double, rising: Double
  ) -> [(rate: Double, loss: Double)] {
    stride(from: -6.0, to: 1.0, by: 1 / 40.0).map { exponent in
      let fallen = 2 / (1 + exp(-6 * (exponent - falling)))
      return (pow(10, exponent), 2.5 - fallen + (exponent > rising ? 4 : 0))
    }
  }

  @Test(
    "the rate is where the loss falls fastest, however it explodes later", arguments: [-4, -2.5])
  func suggestion(exponent: Double) throws {
    let test = LearningRateTest(Self.steps(falling: exponent, rising: -1))
    let rate = try #require(test.suggestedRate)
    #expect(abs(log10(rate) - exponent) < 0.05)
    #expect(test.points.count == 280)
    #expect(test.points.allSatisfy { $0.smoothedLoss.isFinite })
  }

  @Test("there is no suggestion where the loss never falls or too little was seen")
  func none() {
    let rates = (0..<100).map { pow(10, Double($0) / 20 - 5) }
    #expect(LearningRateTest([]).suggestedRate == nil)
    #expect(LearningRateTest([(0.1, 1)]).suggestedRate == nil)
    #expect(LearningRateTest(rates.map { ($0, 1.0) }).suggestedRate == nil)
    #expect(LearningRateTest(rates.map { ($0, 1 + $0) }).suggestedRate == nil)
    #expect(LearningRateTest([]).svg.hasSuffix("</svg>\n"))
  }

  @Test(
    "rates have two digits that count",
    arguments: [
      (0.003_141, "0.0031"), (0.1, "0.1"), (9.96, "10.0"), (2.54e-6, "2.5e-06"), (12.3, "12.0"),
    ])
  func texts(rate: Double, text: String) { #expect(rate.rateText == text) }

  @Test("the picture is XML with a line, a dot a step and the suggestion")
  func picture() throws {
    let test = LearningRateTest(Self.steps(falling: -3, rising: -1))
    let svg = test.svg
    #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
    #expect(svg.contains(">\(try #require(test.suggestedRate).rateText)</text>"))
    #expect(svg.count { $0 == "M" } > 280 && !svg.contains("nan") && !svg.contains("inf"))
    for exponent in -6...0 { #expect(svg.contains(">1e\(exponent)</text>")) }
    // Every element is closed, and the numbers stay within the picture.
    #expect(svg.count { $0 == "<" } == svg.count { $0 == ">" })
  }

  private func trainer(
    outputs: Int = 2, _ change: (inout TrainingConfiguration) -> Void = { _ in }
  ) throws -> Trainer {
    let model = try ModelPreset(parsing: "mlp:16").build(featureShape: [2], outputs: outputs)
    var configuration = TrainingConfiguration()
    change(&configuration)
    return try Trainer(model, configuration: configuration)
  }

  @Test("the rate that is found trains", arguments: [1, 2])
  func find(accumulation: Int) async throws {
    let source = Points(count: 333)
    let test = try await trainer { $0.accumulation = accumulation }.findLearningRate(train: source)
    #expect(test.points.first?.rate == 1e-6 && test.points.count <= 300)
    #expect(test.points.map(\.rate) == test.points.map(\.rate).sorted())
    let rate = try #require(test.suggestedRate)
    #expect(rate > 1e-4 && rate < 1)
    let result = try await trainer {
      $0.learningRate = rate
      $0.epochs = 10
    }.fit(train: source, validation: Points(count: 100, seed: 2))
    #expect(try #require(result.best?.validation?.accuracy) >= 0.95)
  }

  @Test("an exploding loss ends the test early")
  func explosion() async throws {
    let trainer = try trainer(outputs: 1) { $0.optimizer = SGD(momentum: 0.9) }
    let test = try await trainer.findLearningRate(
      train: Points(count: 333, isRegression: true))
    #expect(test.points.count < 300 && test.points.count > 50)
    #expect(test.points.allSatisfy { $0.loss.isFinite })
  }

  @Test("no examples and a bad configuration are refused")
  func refusals() async throws {
    let trainer = try trainer()
    await #expect(throws: TrainingError.self) {
      try await trainer.findLearningRate(train: Points(count: 0))
    }
    let bad = try self.trainer { $0.clipNorm = -1 }
    await #expect(throws: TrainingError.self) {
      try await bad.findLearningRate(train: Points(count: 64))
    }
  }
}
