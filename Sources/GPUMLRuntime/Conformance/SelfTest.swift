import GPUMLDevice
import GPUMLReference

/// Tries the table of trials on a device and finds out which kernels fail there: what `gpuml doctor`
/// does.
package struct SelfTest: Sendable {
  /// What is tried, and for how long.
  package struct Settings: Sendable {
    /// Of shapes, attributes and elements.
    package var seed: UInt64 = 1
    /// The trials of a subject with each family.
    package var trials = 4
    /// What is tried.
    package var subjects = TrialTable.all
    /// Whether the device has matrix units, which are tried too.
    package var hasMatrixUnits = false
    /// Only the first trials of the device's own family are run beyond it; nil for no limit.
    package var limit: Duration? = .seconds(55)

    package init() {}
  }

  /// How far a test has come.
  package struct Progress: Sendable {
    package let done: Int
    package let total: Int
    /// What was tried last.
    package let family: KernelFamily
  }

  /// So many subjects to a program that compiling pays, and progress shows.
  private static let subjectsInJob = 12

  private let settings: Settings
  private let family: KernelFamily
  private let onProgress: @Sendable (Progress) -> Void

  /// - Parameter family: That of plans on the device.
  package init(
    _ settings: Settings = Settings(), family: KernelFamily,
    onProgress: @escaping @Sendable (Progress) -> Void = { _ in }
  ) {
    self.settings = settings
    self.family = family
    self.onProgress = onProgress
  }

  /// Runs all trials, each runner one job at a time.
  package func run(on runners: [any SelfTestRunner]) async -> SelfTestReport {
    let start = ContinuousClock.now
    let queue = SelfTestQueue(
      jobs, report: SelfTestReport(family: family, subjects: settings.subjects),
      deadline: settings.limit.map { start + $0 }, onProgress: onProgress)
    await withTaskGroup(of: Void.self) { group in
      for runner in runners {
        group.addTask {
          while let job = await queue.next() {
            let begin = ContinuousClock.now
            do {
              let result = try await runner.run(job)
              await queue.finish(job, result, took: ContinuousClock.now - begin)
            } catch {
              await queue.lose(job, "\(error)")
            }
          }
        }
      }
    }
    return await queue.finalReport(seconds: (ContinuousClock.now - start) / .seconds(1))
  }

  /// The most important first: what runs use, then what they may fall back to, then more of both.
  private var jobs: [SelfTestJob] {
    let names = settings.subjects.map(\.name)
    let packed = names.filter { KernelVariant.packed.contains($0) }
    return (0..<settings.trials).flatMap { place in
      [family, family.other].flatMap { other in
        // Products decide most of what is computed, and a random one may be tiny.
        let places = other == family ? [0, 1, 2].map { place + $0 * settings.trials } : [place]
        return jobs(names, other, .plain, place: place)
          + places.flatMap { jobs(packed, other, .packed, place: $0) }
          + (other == .gpu && settings.hasMatrixUnits
            ? places.flatMap { jobs(packed, other, .matrix, place: $0) } : [])
      }
    }
  }

  private func jobs(
    _ names: [String], _ family: KernelFamily, _ form: KernelVariant.Form, place: Int
  ) -> [SelfTestJob] {
    stride(from: 0, to: names.count, by: SelfTest.subjectsInJob).map { first in
      let share = names[first..<min(first + SelfTest.subjectsInJob, names.count)]
      return SelfTestJob(
        subjects: Array(share), family: family, form: form, place: place, seed: settings.seed)
    }
  }
}

/// The jobs that are left, and what came of the others.
private actor SelfTestQueue {
  /// On a device that fails everywhere it is of no use to look for the one kernel that does.
  private static let mostSearches = 24

  private var jobs: [SelfTestJob]
  private var report: SelfTestReport
  /// How many jobs are run even when time is short.
  private var required: Int
  private let deadline: ContinuousClock.Instant?
  private let total: Int
  private var done = 0
  /// The time of the longest job so far, which another may take as well.
  private var longest = Duration.zero
  private let onProgress: @Sendable (SelfTest.Progress) -> Void

  init(
    _ jobs: [SelfTestJob], report: SelfTestReport,
    deadline: ContinuousClock.Instant?, onProgress: @escaping @Sendable (SelfTest.Progress) -> Void
  ) {
    // Taken from the end.
    self.jobs = jobs.reversed()
    self.report = report
    required = jobs.prefix { $0.place == 0 && $0.family == report.family }.count
    self.deadline = deadline
    self.onProgress = onProgress
    total = jobs.reduce(0) { $0 + $1.subjects.count }
  }

  /// The next job, without what is known to fail: that would run with the other family, which has
  /// trials of its own.
  func next() -> SelfTestJob? {
    while var job = jobs.popLast() {
      required -= 1
      if required < 0, let deadline, ContinuousClock.now + longest > deadline {
        report.skipped += job.subjects.count
        continue
      }
      job.disabled = report.failing.filter { $0.family == job.family }
      job.searches = report.failures.count < SelfTestQueue.mostSearches
      let (left, disabled) = (job.subjects, job.disabled)
      job.subjects = left.filter {
        !disabled.contains(KernelVariant($0, job.family))
          && !disabled.contains(job.variant(of: $0))
      }
      done += left.count - job.subjects.count
      if !job.subjects.isEmpty { return job }
    }
    return nil
  }

  func finish(_ job: SelfTestJob, _ result: SelfTestResult, took: Duration = .zero) {
    longest = max(longest, took)
    // Another runner may have found the same meanwhile.
    let failing = report.failing
    report.add(result.failures.filter { $0.variant.map { !failing.contains($0) } ?? true })
    report.add(job, trials: result.trials)
    done += job.subjects.count
    onProgress(SelfTest.Progress(done: done, total: total, family: job.family))
  }

  /// A job without a result is tried again subject by subject.
  func lose(_ job: SelfTestJob, _ reason: String) {
    guard let name = job.subjects.first, job.subjects.count == 1 else {
      required = max(required, 0) + job.subjects.count
      for name in job.subjects.reversed() {
        var single = job
        single.subjects = [name]
        jobs.append(single)
      }
      return
    }
    let isPrimitive = report.isPrimitive(name)
    finish(
      job,
      SelfTestResult(
        failures: [
          SelfTestFailure(
            name, job, "\(name).\(job.place): \(reason)", isPrimitive ? job.variant(of: name) : nil)
        ], trials: 1))
  }

  func finalReport(seconds: Double) -> SelfTestReport {
    report.seconds = seconds
    return report
  }
}
