import GPUMLSystem

/// What can go wrong between gpuml and an OpenCL device.
public enum DeviceError: Error, Sendable, Equatable {
  /// No OpenCL device at all, or none of the kind that is required.
  case noDevice(reason: String)
  /// A request that fits no device, or more than one.
  case noSuchDevice(request: String, reason: String)
  /// An OpenCL call returned an error code.
  case callFailed(call: String, code: Int32, subject: String)
  /// A command failed on the device after it had been enqueued.
  case executionFailed(command: String, code: Int32)
  /// A kernel source did not compile; `kernel` is the part of the source with the first error, where
  /// the compiler tells it, and `log` is the compiler's.
  case buildFailed(label: String, kernel: String?, log: String)
  /// A buffer does not fit in the device's memory or in the budget.
  case outOfMemory(label: String, bytes: Int, reason: String)
  /// An argument is out of range.
  case invalidValue(operation: String, reason: String)
}

extension DeviceError {
  /// Whether the device's memory is exhausted (exit code 75 of the command).
  public var isOutOfMemory: Bool {
    switch self {
    case .outOfMemory: true
    case .callFailed(_, let code, _), .executionFailed(_, let code):
      StatusCode.outOfMemory.contains(code)
    default: false
    }
  }

  /// Whether there is no such device (exit code 69 of the command).
  public var isNoDevice: Bool {
    switch self {
    case .noDevice, .noSuchDevice: true
    case .callFailed(_, let code, _): StatusCode.noDevice.contains(code)
    default: false
    }
  }

  /// The compiler's whole log, for a build that failed.
  public var buildLog: String? {
    if case .buildFailed(_, _, let log) = self { log } else { nil }
  }
}

extension DeviceError: CustomStringConvertible {
  /// One line that names the call or the object, the code and the reason.
  public var description: String {
    switch self {
    case .noDevice(let reason): reason
    case .noSuchDevice(let request, let reason):
      "device '\(request.excerpt(limit: 80))': \(reason)"
    case .callFailed(let call, let code, let subject):
      "\(call) failed with \(StatusCode.describe(code))" + (subject.isEmpty ? "" : " (\(subject))")
    case .executionFailed(let command, let code):
      "\(command) failed on the device with \(StatusCode.describe(code))"
    case .buildFailed(let label, let kernel, let log):
      "kernel source \(label)" + (kernel.map { ", kernel \($0)" } ?? "")
        + " does not build: \(DeviceError.firstError(of: log))"
    case .outOfMemory(let label, let bytes, let reason):
      "\(label) needs \(bytes) bytes of device memory: \(reason)"
    case .invalidValue(let operation, let reason): "\(operation): \(reason)"
    }
  }

  /// The line of a compiler's log that names the first error.
  private static func firstError(of log: String) -> String {
    firstErrorLine(of: log).map { String($0).escapingControlCharacters() }
      ?? "the compiler left no log"
  }

  private static func firstErrorLine(of log: String) -> Substring? {
    let lines = log.split(whereSeparator: \.isNewline)
    return lines.first { $0.contains("error") } ?? lines.first
  }

  /// The part of a source in which a compiler's log has its first error.
  ///
  /// Parts begin with `#line 1 "NAME"`, which compilers repeat as NAME:LINE:COLUMN.
  static func failedPart(of source: String, log: String) -> String? {
    guard let error = firstErrorLine(of: log) else { return nil }
    let begin = "#line 1 \""
    for line in source.split(whereSeparator: \.isNewline) where line.hasPrefix(begin) {
      let name = line.dropFirst(begin.count).prefix { $0 != "\"" }
      if !name.isEmpty && error.contains("\(name):") { return String(name) }
    }
    return nil
  }
}
