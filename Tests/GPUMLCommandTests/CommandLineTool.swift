import Foundation
import GPUMLFormats
import Testing

/// The executable `gpuml`, as it was built beside these tests.
enum CommandLineTool {
  /// What a run of it left.
  struct Outcome: Sendable {
    let code: Int32
    let output: String
    let errors: String

    /// The lines of standard output.
    var lines: [String] { output.split(separator: "\n").map(String.init) }
    /// The lines of standard error.
    var errorLines: [String] { errors.split(separator: "\n").map(String.init) }

    /// The lines of standard output as JSON objects.
    func objects() throws -> [StrictJSON.Value] { try lines.map { try StrictJSON.parse($0) } }
  }

  /// The tests are an executable in the folder of all products.
  static let path: String = {
    let tests = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return URL(fileURLWithPath: tests ?? "").deletingLastPathComponent()
      .appendingPathComponent("gpuml").path
  }()

  /// Runs the command in a folder until it ends.
  ///
  /// - Parameters:
  ///   - input: What it reads from standard input.
  ///   - pipe: What standard input is connected to instead.
  ///   - environment: Variables set beside those of the tests.
  ///   - output: The file that standard output is connected to; nil for one whose text is told.
  ///   - during: Called when it has started.
  static func run(
    _ arguments: [String], in folder: String, input: String = "",
    from pipe: FileHandle? = nil, environment: [String: String] = [:], output: String? = nil,
    during: @Sendable (Process) async throws -> Void = { _ in }
  ) async throws -> Outcome {
    let name = folder + "/." + UUID().uuidString
    let files = ["in", "out", "err"].map { "\(name).\($0)" }
    defer { for file in files { try? FileManager.default.removeItem(atPath: file) } }
    try input.write(toFile: files[0], atomically: false, encoding: .utf8)
    for file in files.dropFirst() { try Data().write(to: URL(fileURLWithPath: file)) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    var variables = ProcessInfo.processInfo.environment
    variables["GPUML_DEVICE"] = nil
    process.environment = variables.merging(environment) { $1 }
    let places = files.map { URL(fileURLWithPath: $0) }
    process.standardInput = try pipe ?? FileHandle(forReadingFrom: places[0])
    let outputPlace = output.map { URL(fileURLWithPath: $0) } ?? places[1]
    process.standardOutput = try FileHandle(forWritingTo: outputPlace)
    process.standardError = try FileHandle(forWritingTo: places[2])
    let ended = AsyncStream<Void> { continuation in
      process.terminationHandler = { _ in continuation.finish() }
    }
    try process.run()
    try await during(process)
    for await _ in ended {}
    return Outcome(
      code: process.terminationReason == .exit
        ? process.terminationStatus : 128 + process.terminationStatus,
      output: try String(contentsOfFile: files[1], encoding: .utf8),
      errors: try String(contentsOfFile: files[2], encoding: .utf8))
  }
}

/// Runs that several tests use, made once and removed when the tests end.
enum SharedRuns {
  static let folder: String = {
    let path = NSTemporaryDirectory() + "gpuml-command-" + UUID().uuidString
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    atexit { try? FileManager.default.removeItem(atPath: SharedRuns.folder) }
    return path
  }()

  /// A run on the digits.
  static let digits = Task { () async throws -> (path: String, outcome: CommandLineTool.Outcome) in
    let outcome = try await CommandLineTool.run(
      ["train", "--epochs", "2", "--output", "digits"], in: folder)
    return (folder + "/digits", outcome)
  }

  /// A run on a table with the columns `width`, `height`, `colour` and the label `kind`.
  static let table = Task { () async throws -> (path: String, outcome: CommandLineTool.Outcome) in
    try Samples.table(rows: 120).write(
      toFile: folder + "/table.csv", atomically: true, encoding: .utf8)
    let outcome = try await CommandLineTool.run(
      [
        "train", "--data", "table.csv", "--target", "kind", "--model", "mlp:16", "--epochs", "20",
        "--lr", "0.02", "--output", "table",
      ], in: folder)
    return (folder + "/table", outcome)
  }
}

/// Made-up files.
enum Samples {
  /// Rows whose kind follows from the width.
  static func table(rows: Int, isLabelled: Bool = true) -> String {
    let header = "width,height,colour" + (isLabelled ? ",kind" : "")
    let lines = (0..<rows).map { row in
      let width = Double(row % 40) - 20
      let label = isLabelled ? (width < 0 ? ",narrow" : ",\"wide, really\"") : ""
      return "\(width),\(row % 7),\(["red", "green"][row % 2])\(label)"
    }
    return ([header] + lines).joined(separator: "\n") + "\n"
  }

  /// So many images of 8 × 8 as an IDX file.
  static func idx(count: Int) -> Data {
    Data([0, 0, 8, 3] + [UInt32(count), 8, 8].flatMap { bigEndian($0) } + pixels(count))
  }

  /// So many rows of 64 floats as an NPY file.
  static func npy(count: Int, width: Int = 64) -> Data {
    var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(count), \(width)), }"
    header += String(repeating: " ", count: 117 - header.count) + "\n"
    let values = (0..<count * width).flatMap { index in
      let bits = Float(index % 17).bitPattern
      return [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: bits >> $0) }
    }
    return Data([0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(header.utf8) + values)
  }

  /// So many rows of 64 whole numbers as CSV.
  static func csv(count: Int, header: Bool) -> String {
    let lines = (0..<count).map { row in
      pixels(count)[row * 64..<(row + 1) * 64].map(String.init).joined(separator: ",")
    }
    let names = (0..<64).map { "pixel \($0)" }.joined(separator: ",")
    return ((header ? [names] : []) + lines).joined(separator: "\n") + "\n"
  }

  private static func pixels(_ count: Int) -> [UInt8] {
    (0..<count * 64).map { UInt8($0 % 17) }
  }

  private static func bigEndian(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }
}
