import Dispatch
import FoundationEssentials
import GPUML
import GPUMLSystem
import Synchronization

/// Runs jobs in a process that is started again when it ends.
final class WorkerProcess: SelfTestRunner {
  /// A job without a result.
  struct Lost: Error, CustomStringConvertible {
    let description: String
  }

  /// Longer than a step of a job takes on a busy machine, in seconds.
  private static let patience = 180.0
  /// The same where the whole test has to end in time: several trials get less, because they are
  /// tried one by one after that.
  private static let shortPatience = (several: 15.0, one: 25.0)
  /// How often a process that does not answer is looked at.
  private static let look = 2.5

  private let arguments: [String]
  private let isQuiet: Bool
  private let child = Mutex<ChildProcess?>(nil)
  private let queue = DispatchQueue(label: "gpuml.doctor")

  /// - Parameters:
  ///   - device: What the process is to open.
  ///   - memoryLimit: In bytes.
  ///   - isQuiet: Whether what drivers print goes nowhere.
  init(_ device: Device, memoryLimit: Int?, isQuiet: Bool) {
    arguments =
      ["doctor-worker", "--device", device.openCLLabel]
      + (memoryLimit.map { ["--memory-limit", String($0)] } ?? [])
    self.isQuiet = isQuiet
  }

  func run(_ job: SelfTestJob) async throws -> SelfTestResult {
    try await withCheckedThrowingContinuation { continuation in
      // Waiting blocks, so it is done on a thread of its own.
      queue.async { [self] in continuation.resume(with: Result { try answer(job) }) }
    }
  }

  private func answer(_ job: SelfTestJob) throws -> SelfTestResult {
    let deadline = job.seconds.map { ContinuousClock.now + .seconds($0) }
    let short = WorkerProcess.shortPatience
    let patience =
      deadline == nil
      ? WorkerProcess.patience : job.subjects.count > 1 ? short.several : short.one
    return try child.withLock { child in
      let process = try child ?? start()
      child = process
      process.send(String(decoding: try JSONEncoder().encode(job), as: UTF8.self))
      var waited = 0.0
      var before = process.activity
      while true {
        let left = deadline.map { ($0 - ContinuousClock.now) / .seconds(1) } ?? .infinity
        let wait = min(WorkerProcess.look, left)
        switch process.receive(within: wait) {
        // A step is done.
        case .line(""): waited = 0
        case .line(let line):
          return try JSONDecoder().decode(SelfTestResult.self, from: Data(line.utf8))
        case .ended(let how):
          child = nil
          throw Lost(description: "it ends the process: \(how)")
        case .late:
          waited += before.flatMap { process.activity?.patience(since: $0, over: wait) } ?? wait
          let isOver = left <= wait
          if !isOver, waited < patience { break }
          process.end()
          child = nil
          if isOver { throw SelfTestOutOfTime() }
          throw Lost(description: "no result within \(Int(patience)) s")
        }
        before = process.activity
      }
    }
  }

  private func start() throws -> ChildProcess {
    // A crash is told by its signal; the trace of a driver's would say nothing.
    try ChildProcess(
      "/proc/self/exe", arguments, environment: ["SWIFT_BACKTRACE": "enable=no"],
      isQuiet: isQuiet)
  }
}
