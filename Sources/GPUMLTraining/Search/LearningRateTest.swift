/// What a learning-rate range test found: the loss of steps whose rate rises from one to the next.
///
/// - SeeAlso: Smith 2015, arXiv:1506.01186, section 3.3.
public struct LearningRateTest: Sendable, Equatable {
  /// One step.
  public struct Point: Sendable, Equatable {
    /// The learning rate.
    public let rate: Double
    /// The loss before the step's update.
    public let loss: Double
    /// The mean of the losses nearby, the nearer the more.
    public let smoothedLoss: Double
  }

  /// How far on either side losses are averaged.
  private static let reach = 8

  /// The steps, in the order of their rates.
  public let points: [Point]
  /// The rate at which the loss fell fastest, over equal ratios of rates: large enough to learn fast,
  /// and well below where the loss rises. Nil if there were too few steps or it never fell.
  public let suggestedRate: Double?

  /// Smooths losses and chooses a rate.
  ///
  /// - Parameter steps: Rates above 0, rising by equal ratios, and finite losses.
  package init(_ steps: [(rate: Double, loss: Double)]) {
    let reach = LearningRateTest.reach
    let smoothed = steps.indices.map { place in
      var (sum, weights) = (0.0, 0.0)
      for other in max(0, place - reach)...min(steps.count - 1, place + reach) {
        let weight = Double(reach + 1 - abs(other - place))
        sum += weight * steps[other].loss
        weights += weight
      }
      return sum / weights
    }
    points = zip(steps, smoothed).map {
      Point(rate: $0.rate, loss: $0.loss, smoothedLoss: $1)
    }
    suggestedRate = LearningRateTest.steepest(smoothed).map { steps[$0].rate }
  }

  /// The place before the lowest loss around which it falls fastest.
  private static func steepest(_ losses: [Double]) -> Int? {
    let half = reach / 2
    guard let lowest = losses.indices.min(by: { losses[$0] < losses[$1] }), lowest > half,
      losses.count > 4 * half
    else { return nil }
    func slope(_ place: Int) -> Double { losses[place + half] - losses[place - half] }
    let places = half..<min(lowest, losses.count - half)
    guard let best = places.min(by: { slope($0) < slope($1) }), slope(best) < 0 else { return nil }
    return best
  }
}
