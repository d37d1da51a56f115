import GPUMLDevice
import GPUMLReference
import Synchronization
import Testing

@testable import GPUMLRuntime

/// Answers jobs without a device, and remembers them.
private final class PlayedRunner: SelfTestRunner {
  struct Ended: Error {}

  private let jobs = Mutex<[SelfTestJob]>([])
  private let answer: @Sendable (SelfTestJob) throws -> SelfTestResult

  init(_ answer: @escaping @Sendable (SelfTestJob) throws -> SelfTestResult) {
    self.answer = answer
  }

  var seen: [SelfTestJob] { jobs.withLock { $0 } }

  func run(_ job: SelfTestJob) async throws -> SelfTestResult {
    jobs.withLock { $0.append(job) }
    return try answer(job)
  }
}

extension SelfTestJob {
  /// All is well.
  fileprivate var passed: SelfTestResult {
    var result = SelfTestResult()
    result.trials = suspicion == nil ? subjects.count : 0
    return result
  }

  /// One subject is a suspect at first, and fails by itself.
  fileprivate func failing(_ name: String) -> SelfTestResult {
    var result = passed
    if !subjects.contains(name) { return result }
    if suspicion == nil {
      result.suspects = [SelfTestSuspect(subject: name, detail: "\(name) is wrong")]
    } else {
      result.failures = [SelfTestFailure(name, self, "\(name) is wrong", variant(of: name))]
    }
    return result
  }
}

@Suite("Order and time of a self-test")
struct SelfTestQueueTests {
  private func report(
    _ names: [String]? = nil, trials: Int = 2, limit: Duration? = nil,
    on runners: [PlayedRunner], family: KernelFamily = .cpu
  ) async -> SelfTestReport {
    var settings = SelfTest.Settings()
    if let names { settings.subjects = TrialTable.all.filter { names.contains($0.name) } }
    (settings.trials, settings.limit) = (trials, limit)
    return await SelfTest(settings, family: family).run(on: runners)
  }

  /// All trials of the whole table with two of each.
  private let allTrials = 2 * 2 * TrialTable.all.count + 2 * (3 + 1)

  @Test("what runs use comes first, primitives before what is composed of them")
  func order() async throws {
    let runner = PlayedRunner { $0.passed }
    let report = await report(on: [runner])
    #expect(report.trials == allTrials && report.skipped == 0 && report.isComplete)
    #expect(report.untried(.cpu).isEmpty && report.untried(.gpu).isEmpty)
    let jobs = runner.seen
    #expect(jobs.allSatisfy { $0.seconds == nil && $0.subjects.count <= 12 })
    var tried: [String] = []
    for job in jobs.prefix(while: { $0.form == .plain }) {
      #expect(job.family == .cpu && job.place == 0)
      tried += job.subjects
    }
    #expect(tried == TrialTable.primitives.map(\.name))
    let fallback = try #require(jobs.firstIndex { $0.family == .gpu })
    #expect(jobs[..<fallback].reduce(0) { $0 + $1.subjects.count } == TrialTable.all.count + 3)
    #expect(jobs[fallback...].first { $0.place == 1 }?.family == .cpu)
  }

  @Test("without time nothing is tried, and that is no success")
  func noTime() async {
    let runner = PlayedRunner { $0.passed }
    let report = await report(limit: .zero, on: [runner])
    #expect(runner.seen.isEmpty && report.trials == 0 && report.skipped == allTrials)
    #expect(!report.isComplete && report.isHealthy)
    #expect(report.untried(.cpu).count == TrialTable.all.count)
  }

  @Test("every trial is either run or told to be left out, however far the time goes")
  func shortOfTime() async {
    let limit = Duration.milliseconds(300)
    let runners = (0..<2).map { _ in
      PlayedRunner { job in
        let seconds = try #require(job.seconds)
        #expect(seconds <= 0.3)
        // As a process is ended when its time is over.
        let takes = 0.002 * Double(job.subjects.count)
        if takes > seconds { throw SelfTestOutOfTime() }
        let end = ContinuousClock.now + .seconds(takes)
        while ContinuousClock.now < end {}
        return job.passed
      }
    }
    let report = await report(trials: 2, limit: limit, on: runners)
    #expect(report.trials + report.skipped == allTrials)
    #expect(report.isHealthy)
  }

  @Test("a primitive whose time runs out is neither well nor wrong")
  func outOfTime() async {
    let runner = PlayedRunner { job in
      if job.subjects.contains("exp"), job.family == .cpu { throw SelfTestOutOfTime() }
      return job.passed
    }
    let report = await report(["exp", "promotion"], trials: 1, on: [runner])
    #expect(report.isHealthy && !report.isComplete && report.skipped == 1)
    #expect(report.untried(.cpu).map(\.name) == ["exp"] && report.untried(.gpu).isEmpty)
    #expect(report.primitives(.cpu) == 0 && report.primitives(.gpu) == 1)
    #expect(report.compositions(.cpu) == 1)
  }

  @Test("what fails beside others is tried by itself, then what stands in for it")
  func suspect() async throws {
    let runner = PlayedRunner { $0.family == .cpu ? $0.failing("log") : $0.passed }
    let report = await report(["add", "exp", "log", "promotion"], on: [runner])
    #expect(report.failing == [KernelVariant("log", .cpu)] && report.failures.count == 1)
    #expect(report.isComplete && report.untried(.gpu).isEmpty)
    let jobs = runner.seen
    #expect(jobs[1].subjects == ["log"] && jobs[1].suspicion != nil)
    #expect(jobs[2].subjects == ["log"] && jobs[2].family == .gpu && jobs[2].place == 0)
    // It is not tried again: not here with the kernels that are wrong, nor there twice.
    #expect(!jobs[3...].contains { $0.subjects.contains("log") && $0.place == 0 })
    #expect(!jobs[3...].contains { $0.subjects.contains("log") && $0.family == .cpu })
    #expect(report.trials == 4 + 4 + 3 + 4)
  }

  @Test("what passes by itself is told as a failure of several together")
  func onlyTogether() async throws {
    let runner = PlayedRunner { job in
      var result = job.passed
      if job.subjects.count > 1, job.family == .cpu {
        result.suspects = job.subjects.map { SelfTestSuspect(subject: $0, detail: "spoilt") }
      }
      return result
    }
    let report = await report(["add", "exp"], trials: 1, on: [runner])
    let failure = try #require(report.failures.first)
    #expect(report.failures.count == 1 && failure.variant == nil)
    #expect(failure.detail == "only beside other trials: spoilt")
  }

  @Test("a suspect that time does not allow to examine is told as a failure")
  func unexamined() async throws {
    let runner = PlayedRunner { job in
      if job.suspicion != nil { throw SelfTestOutOfTime() }
      return job.failing("exp")
    }
    let report = await report(["add", "exp"], trials: 1, on: [runner])
    #expect(report.failures.count == 2 && report.failing.isEmpty && !report.isHealthy)
    let failure = try #require(report.failures.first)
    #expect(failure.subject == "exp" && failure.detail.hasPrefix("exp is wrong; beside other"))
  }

  @Test("a runner that is lost costs the one trial that ends it")
  func lostRunner() async throws {
    let runner = PlayedRunner { job in
      if job.subjects.contains("log"), job.family == .cpu { throw PlayedRunner.Ended() }
      return job.passed
    }
    let report = await report(["add", "exp", "log"], on: [runner], family: .gpu)
    #expect(report.failing == [KernelVariant("log", .cpu)])
    #expect(report.failures.count == 1 && report.trials == 11, "\(report)")
  }

  @Test("a suspect that ends its runner is told once")
  func lostSuspect() async throws {
    let runner = PlayedRunner { job in
      if job.suspicion != nil { throw PlayedRunner.Ended() }
      return job.family == .cpu ? job.failing("exp") : job.passed
    }
    let report = await report(["add", "exp"], trials: 1, on: [runner])
    #expect(report.failures.count == 1 && report.failing == [KernelVariant("exp", .cpu)])
  }
}
