import Testing

@testable import GPUMLReport

@Suite("Charts") struct ChartTests {
  @Test(
    "ticks are round numbers",
    arguments: [
      ([0.03, 0.97], [0, 0.2, 0.4, 0.6, 0.8, 1]), ([3.0, 3.0], [2.6, 2.8, 3, 3.2, 3.4]),
      ([-12.0, 7], [-15, -10, -5, 0, 5, 10]), ([0, 0], [-1, -0.5, 0, 0.5, 1]),
      ([1000, 4700], [1000, 2000, 3000, 4000, 5000]),
    ] as [([Double], [Double])])
  func ticks(values: [Double], expected: [Double]) {
    #expect(ChartScale(covering: values, from: 0, to: 1).ticks == expected)
  }

  @Test("a wide range of positive numbers is spread by logarithm, where that may be")
  func logarithm() {
    func scale(_ values: [Double], _ may: Bool = true) -> ChartScale {
      ChartScale(covering: values, from: 0, to: 100, mayBeLogarithmic: may)
    }
    let wide = scale([0.001, 10])
    #expect(wide.isLogarithmic && wide.ticks == [0.001, 0.01, 0.1, 1, 10])
    #expect(abs(wide(0.1) - 50) < 1e-9)
    #expect(!scale([0.001, 10], false).isLogarithmic)
    #expect(!scale([0, 10]).isLogarithmic && !scale([-1, 1e9]).isLogarithmic)
    #expect(!scale([1, 2]).isLogarithmic)
  }

  @Test("epochs are whole numbers, and the axis ends with them", arguments: [1, 2, 3, 30, 10_000])
  func epochs(count: Int) {
    let scale = ChartScale(
      covering: [1, Double(count)], from: 0, to: 100, most: 7, isWhole: true)
    #expect(scale.ticks.allSatisfy { $0 == $0.rounded() && (1...Double(count)).contains($0) })
    #expect(!scale.ticks.isEmpty && scale.ticks.count <= 11)
    #expect(count == 1 ? scale(1) == 50 : scale(Double(count)) == 100)
  }

  @Test("a long curve keeps its ends and its spikes")
  func thinning() {
    var points = (0..<10_000).map { (epoch: Double($0), value: 1 / Double($0 + 1)) }
    points[5678].value = 9
    points[4321].value = -9
    let thin = LineChart.thinned(points, to: 1000)
    #expect(thin.count <= 1000 && thin.first?.epoch == 0 && thin.last?.epoch == 9999)
    #expect(thin.contains { $0.value == 9 } && thin.contains { $0.value == -9 })
    #expect(zip(thin, thin.dropFirst()).allSatisfy { $0.epoch < $1.epoch })
    #expect(LineChart.thinned(Array(points.prefix(1000)), to: 1000).count == 1000)
  }
}
