/// Which device a user asks for.
public enum DeviceRequest: Sendable, Hashable {
  /// Whatever suits the use best.
  case auto
  /// The host's processor.
  case cpu
  /// Any GPU; without one, a CPU device stands in.
  case gpu
  /// The GPU with this number; nothing stands in for it.
  case gpuNumber(Int)
  /// The device at this place in the OpenCL loader's order.
  case openCL(platform: Int, device: Int)
  /// The only device whose name holds this text, in any case.
  case named(String)

  /// Reads `auto`, `cpu`, `gpu`, `gpu:1`, `opencl:0:1` or a part of a device's name.
  ///
  /// - Throws: `DeviceError.noSuchDevice` for a number that is none and for an empty text.
  public init(_ text: String) throws {
    let parts = text.lowercased().split(separator: ":", omittingEmptySubsequences: false)
    switch parts.first {
    case "auto" where parts.count == 1: self = .auto
    case "cpu" where parts.count == 1: self = .cpu
    case "gpu" where parts.count == 1: self = .gpu
    case "gpu" where parts.count == 2:
      self = .gpuNumber(try DeviceRequest.number(parts[1], in: text))
    case "opencl" where parts.count == 3:
      self = .openCL(
        platform: try DeviceRequest.number(parts[1], in: text),
        device: try DeviceRequest.number(parts[2], in: text))
    case "auto" where parts.count > 1, "cpu" where parts.count > 1, "gpu" where parts.count > 1,
      "opencl":
      throw DeviceRequest.malformed(text)
    default:
      guard text.contains(where: { !$0.isWhitespace }) else {
        throw DeviceRequest.malformed(text)
      }
      self = .named(text)
    }
  }

  private static func number(_ text: Substring, in whole: String) throws -> Int {
    guard let number = Int(text), number >= 0, text.allSatisfy(\.isNumber) else {
      throw malformed(whole)
    }
    return number
  }

  private static func malformed(_ text: String) -> DeviceError {
    .noSuchDevice(
      request: text,
      reason: "a device is auto, cpu, gpu, gpu:NUMBER, opencl:PLATFORM:DEVICE or part of its name")
  }
}

extension DeviceRequest: CustomStringConvertible {
  /// The text that reads as this request.
  public var description: String {
    switch self {
    case .auto: "auto"
    case .cpu: "cpu"
    case .gpu: "gpu"
    case .gpuNumber(let number): "gpu:\(number)"
    case .openCL(let platform, let device): "opencl:\(platform):\(device)"
    case .named(let text): text
    }
  }
}
