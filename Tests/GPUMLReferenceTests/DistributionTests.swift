import GPUMLGraph
import GPUMLReference
import Testing

/// What is drawn has the distribution that is named; the seed is 11.
@Suite("Distributions")
struct DistributionTests {
  private static let count = 20_000

  private static func draw(
    _ tensor: Tensor, counter: UInt64 = 0
  ) throws -> [Double] {
    let state = ReferenceState(seed: 11, randomCounter: counter)
    let graph = try Graph(outputs: [Graph.Output("y", tensor)])
    return try #require(try ReferenceEvaluator.run(graph, state: state).outputs["y"]).values
  }

  private static func moments(_ values: [Double]) -> (mean: Double, variance: Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count))
  }

  /// How far counts are from those expected; about as large as there are degrees of freedom.
  private static func chiSquare(_ found: [Int], _ expected: [Double]) -> Double {
    zip(found, expected).reduce(0) { sum, pair in
      sum + (Double(pair.0) - pair.1) * (Double(pair.0) - pair.1) / pair.1
    }
  }

  /// A bound that chance exceeds once in some ten thousand times: Wilson and Hilferty's cube.
  private static func limit(_ freedom: Int) -> Double {
    let term = 2 / (9 * Double(freedom))
    let root = 1 - term + 3.7 * term.squareRoot()
    return Double(freedom) * root * root * root
  }

  private static func counts(_ values: [Double], below size: Int) -> [Int] {
    values.reduce(into: [Int](repeating: 0, count: size)) { $0[Int($1)] += 1 }
  }

  @Test("mean and variance of truncated normal numbers are those of theory")
  func truncatedNormal() throws {
    // Of the standard normal distribution within bounds (Johnson, Kotz and Balakrishnan 1994).
    let cases: [(low: Double, high: Double, mean: Double, variance: Double)] = [
      (-2, 2, 0, 0.7737413), (0, .infinity, 0.7978846, 0.3633802), (-0.5, 1, 0.2066312, 0.1727733),
    ]
    for (place, item) in cases.enumerated() {
      let values = try Self.draw(
        .truncatedNormal(
          shape: [Dim(Self.count)], mean: 3, deviation: 2, low: 3 + 2 * item.low,
          high: 3 + 2 * item.high, stream: place))
      #expect(values.allSatisfy { $0 >= 3 + 2 * item.low && $0 <= 3 + 2 * item.high })
      let found = Self.moments(values)
      let error = 4 * (item.variance / Double(Self.count)).squareRoot()
      #expect(abs((found.mean - 3) / 2 - item.mean) < error, "\(item): \(found)")
      #expect(abs(found.variance / 4 / item.variance - 1) < 0.05, "\(item): \(found)")
    }
  }

  @Test("exponential numbers fall evenly into bins of equal probability")
  func exponential() throws {
    let values = try Self.draw(.exponential(shape: [Dim(Self.count)], rate: 2, stream: 3))
    let bins = values.map { Double(Int(20 * (1 - Double.exponential(-2 * $0)))) }
    let share = [Double](repeating: Double(Self.count) / 20, count: 20)
    #expect(Self.chiSquare(Self.counts(bins, below: 20), share) < Self.limit(19))
    let found = Self.moments(values)
    #expect(abs(found.mean - 0.5) < 0.015 && abs(found.variance - 0.25) < 0.015)
  }

  @Test("whole numbers of a range are equally frequent")
  func integers() throws {
    let values = try Self.draw(.integers(shape: [Dim(Self.count)], in: -3..<14, stream: 4))
    let share = [Double](repeating: Double(Self.count) / 17, count: 17)
    let found = Self.counts(values.map { $0 + 3 }, below: 17)
    #expect(Self.chiSquare(found, share) < Self.limit(16), "\(found)")
  }

  @Test("truth is as frequent as its probability says")
  func bernoulli() throws {
    for probability in [0, 0.125, 0.75, 1] {
      let values = try Self.draw(
        .bernoulli(shape: [Dim(Self.count)], probability: probability, stream: 5))
      let deviation = (probability * (1 - probability) / Double(Self.count)).squareRoot()
      #expect(abs(Self.moments(values).mean - probability) <= 4 * deviation)
    }
  }

  @Test("classes are as frequent as the softmax of their logits")
  func categorical() throws {
    let logits = try Tensor.constant(HostTensor([0, 1, -.infinity, -1, 2] as [Float]))
    let values = try Self.draw(
      logits.expanded(to: [Dim(Self.count), 5]).categorical(stream: 6))
    let weights = [0, 1, -1, 2].map { Double.exponential($0) }
    let expected = weights.map { $0 / weights.reduce(0, +) * Double(Self.count) }
    var found = Self.counts(values, below: 5)
    #expect(found.remove(at: 2) == 0)
    #expect(Self.chiSquare(found, expected) < Self.limit(3), "\(found) \(expected)")
  }

  @Test("every order of a permutation is equally frequent, and each step draws another")
  func permutation() throws {
    let tensor = try Tensor.permutation(count: 4, stream: 7)
    var orders: [[Double]: Int] = [:]
    for step in 0..<UInt64(4800) {
      let order = try Self.draw(tensor, counter: step)
      #expect(order.sorted() == [0, 1, 2, 3])
      orders[order, default: 0] += 1
    }
    #expect(orders.count == 24)
    let found = Array(orders.values)
    #expect(Self.chiSquare(found, [Double](repeating: 200, count: 24)) < Self.limit(23))
  }
}
