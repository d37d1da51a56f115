import GPUMLDevice

/// The trials that are left, and what came of the others.
actor SelfTestQueue {
  /// On a device that fails everywhere it is of no use to look for the one kernel that does.
  private static let mostSearches = 24
  /// So many subjects to a program that compiling pays, and progress shows.
  private static let mostSubjects = 12

  /// Trials that failed beside one another, each of which is tried by itself.
  private struct Suspects {
    let job: SelfTestJob
    let first: SelfTestSuspect
    var open: Int
    var isAnyFound = false
  }

  /// In the order in which they are tried; a job takes a few subjects of the first.
  private var passes: [SelfTestJob]
  private var report: SelfTestReport
  private var suspects: [Suspects] = []
  private let deadline: ContinuousClock.Instant?
  private var total: Int
  private var done = 0
  /// What jobs have taken so far.
  private var spent = (seconds: 0.0, trials: 0)
  private let onProgress: @Sendable (SelfTest.Progress) -> Void

  init(
    _ passes: [SelfTestJob], report: SelfTestReport, deadline: ContinuousClock.Instant?,
    onProgress: @escaping @Sendable (SelfTest.Progress) -> Void
  ) {
    self.passes = passes
    self.report = report
    self.deadline = deadline
    self.onProgress = onProgress
    total = passes.reduce(0) { $0 + $1.subjects.count }
  }

  /// The next job, without what is known to fail: that would run with the other family, which has
  /// trials of its own.
  func next() -> SelfTestJob? {
    while !passes.isEmpty {
      let pass = passes.removeFirst()
      let seconds = deadline.map { ($0 - ContinuousClock.now) / .seconds(1) }
      let count = subjects(of: pass, within: seconds)
      if count == 0 {
        leaveOut(pass)
        continue
      }
      var job = pass
      job.subjects = Array(pass.subjects.prefix(count))
      if count < pass.subjects.count {
        var rest = pass
        rest.subjects.removeFirst(count)
        passes.insert(rest, at: 0)
      }
      job.seconds = seconds
      job.disabled = report.failing.filter { $0.family == job.family }
      job.searches = report.failures.count < SelfTestQueue.mostSearches
      let asked = job.subjects
      job.subjects = asked.filter { isOpen($0, job) }
      if !job.subjects.isEmpty {
        done += asked.count - job.subjects.count
        return job
      }
      if job.suspicion == nil { done += asked.count } else { settle(job, isFound: true) }
    }
    return nil
  }

  /// How many subjects of a pass a job takes: fewer towards the end, when a job that is too long
  /// would have no result.
  private func subjects(of pass: SelfTestJob, within seconds: Double?) -> Int {
    let most = min(pass.subjects.count, SelfTestQueue.mostSubjects)
    guard let seconds else { return most }
    if seconds <= 0 { return 0 }
    guard spent.trials > 0 else { return most }
    let pace = spent.seconds / Double(spent.trials)
    let fitting = Int(min(seconds / (2 * pace), Double(most)))
    // What runs use is tried as long as there is any time.
    return pass.isEssential(to: report.family) ? max(1, fitting) : fitting
  }

  /// Whether a subject is still to be tried in a job.
  private func isOpen(_ name: String, _ job: SelfTestJob) -> Bool {
    let variants = [KernelVariant(name, job.family), job.variant(of: name)]
    if variants.contains(where: job.disabled.contains) { return false }
    // A stand-in may have been tried ahead of the others.
    return job.place > 0 || job.suspicion != nil || !report.hasTried(name, job)
  }

  func finish(_ job: SelfTestJob, _ result: SelfTestResult, took: Duration) {
    if job.suspicion == nil {
      spent.seconds += took / .seconds(1)
      spent.trials += job.subjects.count
    }
    add(job, result)
  }

  private func add(_ job: SelfTestJob, _ result: SelfTestResult) {
    // Another runner may have found the same meanwhile.
    let failing = report.failing
    let failures = result.failures.filter { $0.variant.map { !failing.contains($0) } ?? true }
    report.add(failures)
    report.add(job, trials: result.trials)
    examine(result.suspects, of: job)
    for variant in failures.compactMap(\.variant) { tryFallback(for: variant, job) }
    if job.suspicion == nil {
      done += job.subjects.count
    } else {
      settle(job, isFound: !result.failures.isEmpty)
    }
    onProgress(SelfTest.Progress(done: done, total: total, family: job.family))
  }

  /// Has each trial that failed beside others tried by itself, before anything else.
  private func examine(_ found: [SelfTestSuspect], of job: SelfTestJob) {
    guard let first = found.first else { return }
    suspects.append(Suspects(job: job, first: first, open: found.count))
    passes.insert(
      contentsOf: found.map { suspect in
        var single = job
        single.subjects = [suspect.subject]
        single.suspicion = SelfTestJob.Suspicion(group: suspects.count - 1, detail: suspect.detail)
        return single
      }, at: 0)
  }

  /// Takes note that a suspect has been looked at.
  private func settle(_ job: SelfTestJob, isFound: Bool) {
    guard let group = job.suspicion?.group else { return }
    suspects[group].open -= 1
    if isFound { suspects[group].isAnyFound = true }
    let suspects = suspects[group]
    if suspects.open > 0 || suspects.isAnyFound { return }
    // Each passes by itself: something is wrong with several in one graph.
    let detail = "only beside other trials: \(suspects.first.detail)"
    report.add([SelfTestFailure(suspects.first.subject, suspects.job, detail, nil)])
  }

  /// Has what stands in for a failing primitive tried at once: later runs depend on it.
  private func tryFallback(for variant: KernelVariant, _ job: SelfTestJob) {
    guard variant.form == .plain, variant.family == report.family,
      report.isPrimitive(variant.primitive)
    else { return }
    let fallback = SelfTestJob(
      subjects: [variant.primitive], family: variant.family.other, form: .plain, place: 0,
      seed: job.seed)
    if report.hasTried(variant.primitive, fallback) { return }
    total += 1
    passes.insert(fallback, at: 0)
  }

  /// A job without a result is tried again subject by subject.
  func lose(_ job: SelfTestJob, _ reason: String) {
    guard let name = job.subjects.first, job.subjects.count == 1 else {
      passes.insert(
        contentsOf: job.subjects.map { name in
          var single = job
          single.subjects = [name]
          return single
        }, at: 0)
      return
    }
    let variant = report.isPrimitive(name) ? job.variant(of: name) : nil
    let failure = SelfTestFailure(name, job, "\(name).\(job.place): \(reason)", variant)
    add(job, SelfTestResult(failures: [failure], trials: job.suspicion == nil ? 1 : 0))
  }

  /// Takes note that a job was not run, or not to its end, for want of time.
  func leaveOut(_ job: SelfTestJob) {
    guard let suspicion = job.suspicion, let name = job.subjects.first else {
      report.skipped += job.subjects.count
      return
    }
    let detail = "\(suspicion.detail); beside other trials, and no time was left to try it alone"
    report.add([SelfTestFailure(name, job, detail, nil)])
    settle(job, isFound: true)
  }

  func finalReport(seconds: Double) -> SelfTestReport {
    report.seconds = seconds
    return report
  }
}
