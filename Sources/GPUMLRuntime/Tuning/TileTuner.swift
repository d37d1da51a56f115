import GPUMLDevice
import GPUMLGraph

/// Searches better parameters for the matrix products of a device: what `gpuml tune-kernels` does.
///
/// Every candidate is held against the reference before it is timed. The best are timed again by
/// turns with the shipped parameters, which stay unless they are beaten clearly.
package struct TileTuner: Sendable {
  /// What is tuned, and with how much care.
  package struct Settings: Sendable {
    /// The classes of shapes.
    package var shapes = MatMulShapeClass.all
    /// How long each measurement takes about.
    package var seconds = 0.1
    /// How often the best are measured by turns.
    package var rounds = 4
    /// Divides the sizes that are measured, to try the search itself.
    package var reduction = 1

    package init() {}
  }

  /// How far the search has come.
  package struct Progress: Sendable {
    package let subject: TuningSubject
    /// The number of this class, from 0, and of all.
    package let place: Int, count: Int
    /// How many candidates have been tried.
    package let candidates: Int
  }

  /// What came of a class.
  package struct Outcome: Sendable {
    package let key: TuningKey
    /// Such as "large nt", or "large nt of tf32".
    package let name: String
    /// The product that was timed: rows, columns, depth.
    package let size: [Int]
    /// How many candidates were tried, the shipped one among them.
    package internal(set) var candidates = 0
    /// Those that did not build, or computed something else, and how.
    package internal(set) var rejected: [String] = []
    /// Operations a second of the shipped parameters; nil if those are wrong.
    package internal(set) var shippedRate: Double?
    /// Operations a second of the best, measured by turns with the shipped ones.
    package internal(set) var rate: Double?
    /// The winner; nil if the shipped parameters stay.
    package internal(set) var winner: [String: Int]?
  }

  /// By how much a winner must be faster, so that noise decides nothing.
  private static let margin = 1.03
  /// How many of the best are measured by turns.
  private static let finalists = 3

  private let context: DeviceContext
  private let settings: Settings
  private let onProgress: @Sendable (Progress) -> Void

  package init(
    _ context: DeviceContext, _ settings: Settings = Settings(),
    onProgress: @escaping @Sendable (Progress) -> Void = { _ in }
  ) {
    self.context = context
    self.settings = settings
    self.onProgress = onProgress
  }

  /// Tunes each class, and records winners as soon as a class is done.
  ///
  /// - Parameters:
  ///   - record: Where winners are kept; what it holds of other classes stays.
  ///   - each: Called with what came of a class, if its kernels have parameters on the device.
  /// - Throws: What the device throws; `SystemError` if the record cannot be written.
  package func run(
    keepingIn record: TuningRecord?, each: (Outcome) throws -> Void
  ) async throws {
    var tuning = record?.read().tuning ?? Tuning()
    let subjects = TuningSubject.all(settings.shapes, on: context)
    for place in subjects.indices {
      try Task.checkCancellation()
      guard let outcome = try await tune(subjects, place) else { continue }
      tuning[outcome.key] = outcome.winner
      try record?.write(tuning)
      try each(outcome)
    }
  }

  /// A candidate that is right, and its fastest run.
  private struct Candidate {
    let values: [String: Int]
    let seconds: Double
  }

  private func tune(_ subjects: [TuningSubject], _ place: Int) async throws -> Outcome? {
    let subject = subjects[place]
    let shapes = subject.shapes
    let family = context.kernelFamily
    guard let space = TuningSpace(subject, family, context.device) else { return nil }
    let size = TileTuner.size(shapes.size, isGPU: context.device.isGPU).map {
      max(1, $0 / settings.reduction)
    }
    // Edges of tiles in every direction, in lines that no vector divides; then what is timed.
    let edges = try TuningTrial(
      subject, rows: 131, columns: shapes.size == .thin ? 29 : 137, depth: 71, mostCompared: 131)
    let timed = try TuningTrial(
      subject, rows: size[0], columns: size[1], depth: size[2], mostCompared: 24)
    guard try timed.hasTiles(on: context, options: options(space.shipped, subject)) else {
      return nil
    }
    var outcome = Outcome(key: subject.key(family), name: subject.name, size: size)
    var tried: Set<[String: Int]> = []
    var right: [Candidate] = []
    func attempt(_ values: [String: Int]) async throws {
      if !tried.insert(values).inserted { return }
      outcome.candidates += 1
      onProgress(
        Progress(
          subject: subject, place: place, count: subjects.count,
          candidates: outcome.candidates))
      do {
        var small = options(values, subject)
        small.packsSmallProducts = true
        _ = try await edges.run(context, options: small)
        let execution = try await timed.run(context, options: options(values, subject))
        let times = try await TileTuner.times(execution, settings.seconds)
        right.append(Candidate(values: values, seconds: times.minimum))
      } catch let error where !(error is CancellationError) {
        outcome.rejected.append("\(Tuning.text(values)): \(error)")
      }
    }
    try await attempt(space.shipped)
    for axis in space.axes {
      let best = right.min { $0.seconds < $1.seconds }?.values ?? space.shipped
      for change in axis {
        try Task.checkCancellation()
        if let values = space.changing(best, by: change) { try await attempt(values) }
      }
    }
    try await decide(&outcome, right, space.shipped, subject, timed)
    return outcome
  }

  /// Measures the best by turns with the shipped parameters.
  private func decide(
    _ outcome: inout Outcome, _ right: [Candidate], _ shipped: [String: Int],
    _ subject: TuningSubject, _ timed: TuningTrial
  ) async throws {
    let best = right.sorted { $0.seconds < $1.seconds }.map(\.values)
    let isShippedRight = best.contains(shipped)
    let finalists =
      (isShippedRight ? [shipped] : [])
      + best.filter { $0 != shipped }.prefix(TileTuner.finalists)
    var measured: [(values: [String: Int], execution: Execution, times: MeasuredTimes?)] = []
    for values in finalists {
      let execution = try await timed.run(context, options: options(values, subject))
      measured.append((values, execution, nil))
    }
    for _ in 0..<max(1, settings.rounds) {
      for place in measured.indices {
        let times = try await TileTuner.times(measured[place].execution, settings.seconds)
        measured[place].times = measured[place].times.map { $0.joined(times) } ?? times
      }
    }
    func rate(_ place: Int) -> Double { timed.operations / (measured[place].times?.median ?? 1) }
    guard let first = measured.indices.max(by: { rate($0) < rate($1) }) else { return }
    outcome.rate = rate(first)
    if isShippedRight { outcome.shippedRate = rate(0) }
    if let shippedRate = outcome.shippedRate, rate(first) < shippedRate * TileTuner.margin {
      outcome.rate = shippedRate
      return
    }
    outcome.winner = measured[first].values
  }

  /// The options of plans with a candidate.
  private func options(_ values: [String: Int], _ subject: TuningSubject) -> PlanOptions {
    var options = PlanOptions.ofEnvironment
    options.disabled = VariantRecord.disabled(on: context)
    // What checks a candidate may be of another class than what it is for.
    for size in MatMulShapeClass.Size.allCases {
      let other = MatMulShapeClass(
        size, transposesLeft: subject.shapes.transposesLeft,
        transposesRight: subject.shapes.transposesRight)
      options.tuning[TuningSubject(other, subject.operand).key(context.kernelFamily)] = values
    }
    if subject.operand == nil { options.matrixUnits = .off }
    return options
  }

  private static func times(_ execution: Execution, _ seconds: Double) async throws
    -> MeasuredTimes
  {
    try await MeasuredTimes(seconds: seconds) { try await execution.enqueueLaunches().waitAsync() }
  }

  /// The rows, columns and terms of the product that stands for a class.
  private static func size(_ size: MatMulShapeClass.Size, isGPU: Bool) -> [Int] {
    switch size {
    case .small: [192, 192, 512]
    case .medium: [512, 512, 512]
    case .large: isGPU ? [2048, 2048, 1024] : [1024, 1024, 1024]
    case .thin: [4096, 24, 512]
    case .flat: [24, 4096, 512]
    }
  }
}
