import GPUMLDevice
import GPUMLGraph
import GPUMLReference

/// Runs the jobs of a self-test in this process.
///
/// A trial that fails beside others is a suspect: one bad kernel may spoil what runs beside it. To
/// examine it, it is run by itself on a context of its own. Which kernel is to blame shows by
/// disabling: with the right one left to the other family the trial passes.
package actor SelfTestWorker: SelfTestRunner {
  private let options: PlanOptions
  private let open: @Sendable () throws -> DeviceContext
  private let onStep: @Sendable () -> Void
  private let context: DeviceContext
  private let subjects: [String: TrialSubject]
  /// The present one, so that trials of one kind share compiled kernels.
  private var current: (options: PlanOptions, seed: UInt64, conformance: Conformance)?

  /// - Parameters:
  ///   - options: What plans may do; families and disabled variants are set as they are tried.
  ///   - subjects: What jobs name.
  ///   - onStep: Called when part of a job is done and more is to come.
  ///   - open: Opens the device, each time anew.
  /// - Throws: `DeviceError` if it cannot be opened.
  package init(
    options: PlanOptions = PlanOptions(), subjects: [TrialSubject] = TrialTable.all,
    onStep: @escaping @Sendable () -> Void = {},
    open: @escaping @Sendable () throws -> DeviceContext
  ) throws {
    self.subjects = Dictionary(
      subjects.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    self.open = open
    self.onStep = onStep
    let context = try open()
    self.context = context
    var options = options
    // Tiles that runs would use.
    if options.tuning.isEmpty { options.tuning = TuningRecord.tuning(on: context) }
    self.options = options
  }

  package func run(_ job: SelfTestJob) async throws -> SelfTestResult {
    let deadline = job.seconds.map { ContinuousClock.now + .seconds($0) }
    var result = SelfTestResult()
    var cases: [TrialCase] = []
    for name in job.subjects {
      guard let subject = subjects[name] else { continue }
      do {
        cases.append(
          try TrialCase(
            subject, place: job.place, seed: job.seed, differentiates: job.differentiates))
      } catch {
        result.failures.append(
          SelfTestFailure(name, job, "trial \(job.place) cannot be made: \(error)", nil))
      }
    }
    if job.suspicion != nil {
      for item in cases {
        if let failure = try await examine(item, job, until: deadline) {
          result.failures.append(failure)
        }
      }
      return result
    }
    result.trials = cases.count
    let failures = await failures(cases, job)
    result.suspects = cases.compactMap { item in
      failures.first { $0.subject == item.subject.name }.map {
        SelfTestSuspect(subject: $0.subject, detail: $0.description)
      }
    }
    return result
  }

  /// Runs trials in one graph.
  private func failures(_ cases: [TrialCase], _ job: SelfTestJob) async -> [Conformance.Failure] {
    if cases.isEmpty { return [] }
    let wanted = options(job, job.disabled)
    do {
      if let current, current.seed == job.seed, current.options.family == wanted.family,
        current.options.disabled == wanted.disabled,
        current.options.packsSmallProducts == wanted.packsSmallProducts,
        current.options.matrixUnits == wanted.matrixUnits
      {
        return await current.conformance.failures(cases)
      }
      let conformance = try Conformance(context, seed: job.seed, options: wanted)
      current = (wanted, job.seed, conformance)
      return await conformance.failures(cases)
    } catch {
      return cases.map { Conformance.Failure(subject: $0.subject.name, description: "\(error)") }
    }
  }

  /// Runs a trial that failed by itself, and finds what is to blame if it fails again.
  private func examine(
    _ item: TrialCase, _ job: SelfTestJob, until deadline: ContinuousClock.Instant?
  ) async throws -> SelfTestFailure? {
    let start = ContinuousClock.now
    guard let failure = try await failure(of: item, job, job.disabled) else { return nil }
    let took = ContinuousClock.now - start
    let candidates = try SelfTestWorker.candidates(item, job).filter { !job.disabled.contains($0) }
    if candidates.count > 1, job.searches {
      for candidate in candidates {
        // Rather a result that blames nothing else than none.
        if let deadline, ContinuousClock.now + took * 2 > deadline { break }
        if try await self.failure(of: item, job, job.disabled.union([candidate])) == nil {
          return SelfTestFailure(item.subject.name, job, failure, candidate)
        }
      }
    }
    // Nothing else takes part, or no one of them alone is at fault: then it is the subject's own.
    let isClear = item.subject.isPrimitive || candidates.count == 1
    return SelfTestFailure(item.subject.name, job, failure, isClear ? candidates.first : nil)
  }

  /// What is wrong with a trial that runs alone on a context of its own; nil if nothing is.
  private func failure(
    of item: TrialCase, _ job: SelfTestJob, _ disabled: Set<KernelVariant>
  ) async throws -> String? {
    onStep()
    let conformance = try Conformance(
      open(), seed: job.seed, options: options(job, disabled))
    return await conformance.failures([item]).first?.description
  }

  private func options(_ job: SelfTestJob, _ disabled: Set<KernelVariant>) -> PlanOptions {
    var options = options
    options.family = job.family
    options.packsSmallProducts = job.form != .plain
    // Else it is not the tiles that are tried.
    if job.form == .packed { options.matrixUnits = .off }
    options.disabled = disabled
    return options
  }

  /// The variants that take part in a trial, the subject's own first.
  private static func candidates(_ item: TrialCase, _ job: SelfTestJob) throws -> [KernelVariant] {
    let graph = try Planner.rewritten(Graph(outputs: item.outputs))
    var names = item.subject.isPrimitive ? [item.subject.name] : []
    for node in graph.nodes where !names.contains(node.primitive.name) {
      let primitive = node.primitive
      if primitive is any KernelLowering || primitive is any ElementwiseLowering
        || primitive is any UpdateLowering || primitive is any RandomLowering
      {
        names.append(primitive.name)
      }
    }
    return names.map(job.variant)
  }
}
