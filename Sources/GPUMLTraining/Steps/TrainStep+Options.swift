extension TrainStep {
  /// What a step does besides its loss and its optimizer; by default nothing.
  public struct Options: Sendable, Hashable {
    /// The largest Euclidean norm of all gradients together, above 0: what is larger is scaled down.
    /// Pascanu et al. 2013, arXiv:1211.5063.
    public var clipNorm: Double?
    /// What the loss of an example counts, for each class; at least 0. The loss of a batch is the
    /// weighted sum divided by the number of examples.
    public var classWeights: [Double]?
    /// The share of the target that all classes divide among them, in 0..<1.
    /// Szegedy et al. 2015, arXiv:1512.00567.
    public var labelSmoothing = 0.0
    /// How much of the moving averages of the parameters stays from step to step, in 0..<1; nil for
    /// no averages. Polyak and Juditsky 1992, SIAM J. Control Optim. 30(4).
    public var averageDecay: Double?
    /// Patterns of the names of parameters that stay as they are, such as `layers.0.*`; see
    /// `NamePattern`.
    public var frozen: [String] = []
    /// Whether gradients of several batches can be added up before an update.
    public var accumulates = false

    /// Nothing besides.
    public init() {}

    /// Whether what is minimised differs from the plain loss.
    var changesLoss: Bool { classWeights != nil || labelSmoothing != 0 }

    /// Checks every value.
    func validate() throws(TrainingError) {
      if let clipNorm, !(clipNorm > 0 && Float(clipNorm) > 0 && Float(clipNorm).isFinite) {
        throw .invalidConfiguration(
          key: "clip-norm", reason: "\(clipNorm) is not a number above 0 that fits a float")
      }
      guard labelSmoothing >= 0, labelSmoothing < 1 else {
        throw .invalidConfiguration(
          key: "label-smoothing", reason: "\(labelSmoothing) is not in 0..<1")
      }
      if let averageDecay, !(averageDecay >= 0 && averageDecay < 1) {
        throw .invalidConfiguration(key: "ema", reason: "\(averageDecay) is not in 0..<1")
      }
      guard let classWeights else { return }
      guard classWeights.allSatisfy({ $0 >= 0 && Float($0).isFinite }),
        classWeights.contains(where: { Float($0) > 0 })
      else {
        throw .invalidConfiguration(
          key: "class-weights", reason: "must be numbers from 0 on, and one of them above")
      }
    }

    /// Checks that what is asked for makes sense for classes or for numbers.
    func check(isClassifying: Bool) throws(TrainingError) {
      if isClassifying { return }
      for (key, isSet) in [
        ("class-weights", classWeights != nil), ("label-smoothing", labelSmoothing != 0),
      ] where isSet {
        throw .invalidConfiguration(key: key, reason: "is for classes, and numbers are predicted")
      }
    }
  }
}
