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

  /// Longer than a job takes on a busy machine, in seconds.
  private static let patience = 180

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
    try child.withLock { child in
      let process = try child ?? start()
      child = process
      process.send(String(decoding: try JSONEncoder().encode(job), as: UTF8.self))
      switch process.receive(within: WorkerProcess.patience) {
      case .line(let line):
        return try JSONDecoder().decode(SelfTestResult.self, from: Data(line.utf8))
      case .ended(let how):
        child = nil
        throw Lost(description: "it ends the process: \(how)")
      case .late:
        process.end()
        child = nil
        throw Lost(description: "no result within \(WorkerProcess.patience) s")
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
