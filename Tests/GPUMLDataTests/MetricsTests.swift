import Testing

@testable import GPUMLData

@Suite("Metrics")
struct MetricsTests {
  @Test("accuracy and the confusion matrix agree with counts by hand")
  func confusion() throws {
    let actual = [0, 0, 1, 1, 1, 2]
    let predicted = [0, 1, 1, 1, 0, 0]
    var matrix = ConfusionMatrix(classCount: 3)
    try matrix.add(predicted: predicted, actual: actual)
    #expect(matrix.counts == [[1, 1, 0], [1, 2, 0], [1, 0, 0]])
    #expect(matrix.accuracy == 0.5 && matrix.total == 6)
    #expect(try Metrics.accuracy(predicted: predicted, actual: actual) == 0.5)
    let reports = matrix.classReports
    #expect(reports[0].precision == 1 / 3.0 && reports[0].recall == 0.5)
    #expect(abs(reports[0].f1 - 0.4) < 1e-15)
    #expect(reports[1].f1 == 2 / 3.0 && reports[1].support == 3)
    #expect(reports[2].precision == 0 && reports[2].recall == 0 && reports[2].f1 == 0)
    #expect(throws: DataError.self) { try matrix.add(predicted: [3], actual: [0]) }
    #expect(throws: DataError.self) { try matrix.add(predicted: [0], actual: [-1]) }
    #expect(throws: DataError.self) { try matrix.add(predicted: [0], actual: []) }
    #expect(matrix.total == 6)
    #expect(ConfusionMatrix(classCount: 2).accuracy.isNaN)
  }

  @Test("top-k counts a label among the k largest scores, ties by place")
  func topK() throws {
    let scores: [Float] = [0.1, 0.7, 0.2, 0.5, 0.5, 0, .nan, 1, 2]
    func top(_ k: Int) throws -> Double {
      try Metrics.topKAccuracy(scores, actual: [2, 1, 0], classCount: 3, k: k)
    }
    #expect(try top(1) == 0)
    #expect(try top(2) == 2 / 3.0)
    #expect(try top(9) == 2 / 3.0)
    #expect(try Metrics.argmax(scores, classCount: 3) == [1, 0, 2])
    #expect(throws: DataError.self) { try top(0) }
    #expect(throws: DataError.self) { try Metrics.argmax(scores, classCount: 2) }
    #expect(throws: DataError.self) { try Metrics.argmax(scores, classCount: 0) }
    #expect(throws: DataError.self) {
      try Metrics.topKAccuracy(scores, actual: [3, 0, 0], classCount: 3, k: 1)
    }
  }

  @Test("log loss is the mean of the negative logarithms, bounded")
  func logLoss() throws {
    let loss = try Metrics.logLoss([0.5, 0.5, 0.75, 0.25], actual: [0, 1], classCount: 2)
    #expect(abs(loss - (0.693_147_180_559_945_3 + 1.386_294_361_119_890_6) / 2) < 1e-12)
    #expect(abs(try Metrics.logLoss([0, 1], actual: [0], classCount: 2) - 34.538_776) < 1e-5)
    #expect(try Metrics.logLoss([.nan, 1], actual: [0], classCount: 2).isNaN)
    #expect(throws: DataError.self) { try Metrics.logLoss([0, 1], actual: [2], classCount: 2) }
  }

  @Test("regression metrics agree with values by hand")
  func regression() throws {
    let actual: [Float] = [1, 2, 3, 4]
    let predicted: [Float] = [1, 2, 3, 6]
    #expect(try Metrics.rootMeanSquaredError(predicted: predicted, actual: actual) == 1)
    #expect(try Metrics.meanAbsoluteError(predicted: predicted, actual: actual) == 0.5)
    #expect(abs(try Metrics.r2(predicted: predicted, actual: actual) - 0.2) < 1e-12)
    // scikit-learn's.
    let (truth, guess): ([Float], [Float]) = ([2.5, 0, 2, 8, -3], [3, -0.5, 2, 7, -2.5])
    #expect(
      abs(try Metrics.r2(predicted: guess, actual: truth) - 0.973_159_509_202_454) < 1e-12)
    let root = try Metrics.rootMeanSquaredError(predicted: guess, actual: truth)
    #expect(abs(root - 0.591_607_978_309_961_6) < 1e-12)
    #expect(try Metrics.meanAbsoluteError(predicted: guess, actual: truth) == 0.5)
    #expect(try Metrics.r2(predicted: [2, 2], actual: [2, 2]) == 1)
    #expect(try Metrics.r2(predicted: [2, 3], actual: [2, 2]) == 0)
    #expect(try Metrics.r2(predicted: [], actual: []).isNaN)
    // Sums in float would lose the small distances beside the large ones.
    let wide = [Float](repeating: 16_777_216, count: 3) + [0]
    let near = [Float](repeating: 16_777_216, count: 3) + [1]
    #expect(try Metrics.meanAbsoluteError(predicted: near, actual: wide) == 0.25)
    #expect(throws: DataError.self) { try Metrics.r2(predicted: [1], actual: []) }
  }
}
