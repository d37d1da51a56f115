import ArgumentParser
import FoundationEssentials
import GPUML
import GPUMLSystem

/// `gpuml bench startup`
struct BenchStartup: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "startup",
    abstract: "Measures whole processes: a first training, and later ones.",
    discussion: """
      'gpuml train' runs on the built-in digits in a process of its own, first with all caches of \
      kernels empty, gpuml's and the driver's, then again and again with what the first one left.
      """)

  @Option(help: "How often the training runs again.")
  var rounds = 5

  @OptionGroup(title: "Device") var device: DeviceOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  /// Longer than a first training takes on a slow machine, in seconds.
  private static let patience = 600.0

  mutating func validate() throws {
    if !(1...1000 ~= rounds) { throw ValidationError("--rounds: \(rounds) is not from 1 to 1000") }
  }

  func execute() async throws {
    let choice = try device.choose(.training)
    output.warn(choice.warning)
    output.note(choice.reason)
    let folder = FileManager.default.temporaryDirectory.path + "/gpuml-startup-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw SystemError.cannotCreate(path: folder, reason: "\(error)")
    }
    let cold = try run(in: folder)
    let warm = try (0..<rounds).map { _ in try run(in: folder) }.sorted()
    let median = warm[warm.count / 2]
    if output.json {
      var line = JSONLine()
      line.add("bench", "startup")
      line.add("device", choice.device.name)
      line.add("cold_ms", cold * 1000)
      line.add("median_ms", median * 1000)
      line.add("min_ms", warm[0] * 1000)
      line.add("rounds", rounds)
      try line.print()
    } else {
      try Console.standardOutput(
        "train on digits: \(cold.fixed(2)) s with empty caches, then \(median.fixed(2)) s (least "
          + "\(warm[0].fixed(2)))")
    }
  }

  /// Runs a training with the caches in a folder, and returns its seconds.
  private func run(in folder: String) throws -> Double {
    var arguments = ["train", "--quiet", "--force", "--output", folder + "/run"]
    if let name = device.device { arguments += ["--device", name] }
    if let limit = device.memoryLimit { arguments += ["--memory-limit", "\(limit.bytes)"] }
    // Each driver keeps compiled kernels somewhere else.
    let caches = [
      "GPUML_CACHE", "POCL_CACHE_DIR", "CUDA_CACHE_PATH", "MESA_SHADER_CACHE_DIR",
      "XDG_CACHE_HOME",
    ].reduce(into: [:]) { $0[$1] = "\(folder)/\($1.lowercased())" }
    for path in caches.values {
      try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    let start = ContinuousClock.now
    let process = try ChildProcess(
      "/proc/self/exe", arguments, environment: caches, isQuiet: !output.verbose)
    var answer: ChildProcess.Answer
    repeat { answer = process.receive(within: BenchStartup.patience) } while answer.isLine
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    guard answer == .ended("exit code 0") else {
      throw CommandError.failedProcess("gpuml train", "\(answer.text)")
    }
    return seconds
  }
}

extension ChildProcess.Answer {
  fileprivate var isLine: Bool { if case .line = self { true } else { false } }

  fileprivate var text: String {
    switch self {
    case .line(let line): line
    case .ended(let how): how
    case .late: "it does not end"
    }
  }
}
