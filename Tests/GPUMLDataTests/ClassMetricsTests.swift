import GPUMLGraph
import Testing

@testable import GPUMLData

/// The expected values are scikit-learn's.
@Suite("Metrics of classes")
struct ClassMetricsTests {
  /// Rows of probabilities, in eighths.
  private static let probabilities: [Float] = [
    5, 1, 1, 1, 2, 4, 1, 1, 1, 2, 4, 1, 1, 1, 2, 4, 2, 2, 2, 2, 4, 2, 1, 1,
    1, 1, 5, 1, 3, 3, 1, 1, 1, 4, 2, 1, 2, 1, 4, 1, 1, 2, 1, 4, 4, 1, 2, 1,
  ].map { $0 / 8 }
  private static let labels: [Int32] = [0, 1, 2, 3, 1, 1, 2, 0, 1, 0, 2, 3]

  private func evaluation(
    where isIncluded: (Int32) -> Bool = { _ in true }, topK: Int? = nil, exampleCount: Int = 12
  ) throws -> Evaluation {
    var scores = ClassScores(classCount: 4, exampleCount: exampleCount, topK: topK)
    // Batches of one, and an empty one.
    try scores.add(scores: [], probabilities: [], labels: [])
    for (row, label) in Self.labels.enumerated() where isIncluded(label) {
      let line = Array(Self.probabilities[(4 * row)..<(4 * row + 4)])
      try scores.add(scores: line, probabilities: line, labels: [label])
    }
    return try Evaluation(loss: 0, scores)
  }

  private func near(_ left: Double?, _ right: Double) -> Bool {
    left.map { abs($0 - right) < 1e-12 } ?? false
  }

  @Test("all classes: confusion, means over the classes and the area of each against the rest")
  func everything() throws {
    let evaluation = try evaluation(topK: 2)
    #expect(
      evaluation.confusion?.counts == [[2, 0, 1, 0], [2, 2, 0, 0], [0, 0, 2, 1], [1, 0, 0, 1]])
    let reports = try #require(evaluation.confusion).classReports
    #expect(reports.map(\.precision) == [0.4, 1, 2 / 3.0, 0.5])
    #expect(reports.map(\.recall) == [2 / 3.0, 0.5, 2 / 3.0, 0.5])
    for (report, f1) in zip(reports, [0.5, 2 / 3.0, 2 / 3.0, 0.5]) { #expect(near(report.f1, f1)) }
    #expect(near(evaluation.macro?.precision, 0.641_666_666_666_666_6))
    #expect(near(evaluation.macro?.recall, 0.583_333_333_333_333_3))
    #expect(near(evaluation.macro?.f1, 0.583_333_333_333_333_3))
    #expect(near(evaluation.rocAUC, 0.771_759_259_259_259_3))
    // By hand: all but the last two, which two scores are above; equal ones count by place.
    #expect(evaluation.topKAccuracy == 10 / 12.0 && evaluation.topK == 2)
  }

  @Test("a class without examples has no area, and is in the means only if it was predicted")
  func missingClass() throws {
    let evaluation = try evaluation { $0 != 3 }
    #expect(near(evaluation.rocAUC, 0.809_523_809_523_809_3))
    #expect(near(evaluation.macro?.precision, 0.541_666_666_666_666_6))
    #expect(near(evaluation.macro?.recall, 0.458_333_333_333_333_3))
    #expect(near(evaluation.macro?.f1, 0.476_190_476_190_476_2))
    #expect(evaluation.topK == nil && evaluation.topKAccuracy == nil)
    let single = try self.evaluation { $0 == 1 }
    #expect(single.rocAUC == nil)
    // Only 0 and 1 are labels or predictions.
    #expect(near(single.macro?.recall, 0.25))
  }

  @Test("the area of two classes is the second's, equal scores counting half")
  func binary() throws {
    let scores: [Float] = [0.1, 0.4, 0.35, 0.8, 0.4, 0.4, 0.9, 0.1, 0.35, 0.6]
    let labels = [0, 0, 1, 1, 1, 0, 1, 0, 0, 1]
    #expect(near(try Metrics.rocAUC(scores, isPositive: labels.map { $0 == 1 }), 0.86))
    let rows = scores.flatMap { [1 - $0, $0] }
    #expect(near(try Metrics.rocAUC(rows, actual: labels, classCount: 2), 0.86))
  }

  @Test(
    "an area by its definition, for any signs and ties",
    arguments: [0, 1, 2, 3, 4, 5, 6, 7] as [UInt64])
  func areas(seed: UInt64) throws {
    var random = Philox(seed: seed)
    let scores = (0..<60).map { _ in (random.normal() * 3).rounded() / 2 }
    let isPositive = (0..<60).map { _ in random.normal() > 0.5 }
    var (pairs, sum) = (0.0, 0.0)
    for (one, isOne) in zip(scores, isPositive) where isOne {
      for (other, isOther) in zip(scores, isPositive) where !isOther {
        pairs += 1
        sum += one > other ? 1 : one == other ? 0.5 : 0
      }
    }
    #expect(near(try Metrics.rocAUC(scores, isPositive: isPositive), sum / pairs), "seed \(seed)")
  }

  @Test("areas at the edges")
  func edges() throws {
    #expect(try Metrics.rocAUC([-0.0, 0.0], isPositive: [true, false]) == 0.5)
    #expect(try Metrics.rocAUC([.infinity, -.infinity], isPositive: [true, false]) == 1)
    #expect(try Metrics.rocAUC([1, 1, 1], isPositive: [true, false, true]) == 0.5)
    #expect(try Metrics.rocAUC([1, .nan], isPositive: [true, false]).isNaN)
    #expect(try Metrics.rocAUC([1, 2], isPositive: [true, true]).isNaN)
    #expect(try Metrics.rocAUC([], isPositive: []).isNaN)
    #expect(try Metrics.rocAUC([], actual: [], classCount: 3) == nil)
    #expect(try Metrics.rocAUC([1, 1], actual: [0, 0], classCount: 1) == nil)
    #expect(throws: DataError.self) { try Metrics.rocAUC([1], isPositive: []) }
    #expect(throws: DataError.self) { try Metrics.rocAUC([1], actual: [0], classCount: 2) }
    #expect(throws: DataError.self) { try Metrics.rocAUC([1, 2], actual: [2], classCount: 2) }
    #expect(throws: DataError.self) { try Metrics.rocAUC([], actual: [], classCount: 0) }
    #expect(ConfusionMatrix(classCount: 3).average.f1.isNaN)
  }

  @Test("where probabilities would take too much memory, the rest is measured")
  func tooMany() throws {
    let evaluation = try evaluation(exampleCount: .max)
    #expect(evaluation.rocAUC == nil && evaluation.accuracy == 7 / 12.0)
  }

  @Test("five of the best scores are looked at from ten classes on")
  func topKDefault() {
    #expect(Evaluation.defaultTopK(classCount: 9) == nil)
    #expect(Evaluation.defaultTopK(classCount: 10) == 5)
  }
}
