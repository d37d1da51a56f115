import ArgumentParser
import FoundationEssentials
import GPUML
import Glibc

/// `gpuml doctor-worker`: runs trials for `gpuml doctor` in a process of its own, so that a driver
/// that crashes or hangs takes nothing but the trial with it.
///
/// Jobs come from standard input, a line each, and results go back over it: it is a socket. An empty
/// line says that a step of a job is done.
struct DoctorWorker: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs trials for gpuml doctor.", shouldDisplay: false)

  @Option var device: String
  @Option var memoryLimit: ByteCount?

  func run() async throws {
    let choice = try Device.select(for: .training, request: DeviceRequest(device))
    let limit = memoryLimit?.bytes
    let worker = try SelfTestWorker(options: PlanOptions.ofEnvironment) {
      _ = DoctorWorker.send([])
    } open: {
      try DeviceContext(device: choice.device, memoryLimit: limit)
    }
    while let line = readLine() {
      let job = try JSONDecoder().decode(SelfTestJob.self, from: Data(line.utf8))
      let result = try await worker.run(job)
      guard DoctorWorker.send([UInt8](try JSONEncoder().encode(result))) else { return }
    }
  }

  /// Sends a line, an empty one as a sign of life; false if nobody listens any more.
  private static func send(_ text: [UInt8]) -> Bool {
    let line = text + [10]
    var sent = 0
    while sent < line.count {
      let count = line[sent...].withUnsafeBytes { write(STDIN_FILENO, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return false }
      sent += count
    }
    return true
  }
}
