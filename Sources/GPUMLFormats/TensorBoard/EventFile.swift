#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import GPUMLSystem

/// A file of numbers over steps that TensorBoard shows.
///
/// It is a TFRecord file of `Event` messages (tensorboard/compat/proto/event.proto) and grows while
/// TensorBoard reads it.
package final class EventFile: Sendable {
  /// What the names of such files begin with.
  package static let namePrefix = "events.out.tfevents."

  private let file: AppendedFile

  /// Makes a file of its own in a folder.
  ///
  /// - Throws: `FormatError.cannotCreate` or `writeFailed`.
  package init(in folder: String) throws(FormatError) {
    let now = Date().timeIntervalSince1970
    let seconds = String(Int(now))
    let padded = String(repeating: "0", count: max(0, 10 - seconds.count)) + seconds
    let process = ProcessInfo.processInfo.processIdentifier
    let unique = String(UInt32.random(in: 0 ... .max), radix: 16)
    do throws(SystemError) {
      file = try AppendedFile(
        creating: "\(folder)/\(EventFile.namePrefix)\(padded).\(HostName.text).\(process).\(unique)"
      )
      try file.append(EventFile.record(EventFile.version(at: now)))
    } catch {
      throw FormatError(error)
    }
  }

  /// Takes back what other files of the folder tell of a step and later ones: a run that was killed
  /// does some of its steps again.
  ///
  /// - Throws: `FormatError.writeFailed`.
  package func restart(at step: Int) throws(FormatError) {
    try write(EventFile.start(step: step, at: Date().timeIntervalSince1970))
  }

  /// Adds numbers of a step, each under its tag; those that are not finite as well.
  ///
  /// - Throws: `FormatError.writeFailed`.
  package func add(
    _ scalars: [(tag: String, value: Double)], step: Int
  ) throws(FormatError) {
    try write(EventFile.event(scalars, step: step, at: Date().timeIntervalSince1970))
  }

  private func write(_ event: [UInt8]) throws(FormatError) {
    do throws(SystemError) {
      try file.append(EventFile.record(event))
    } catch {
      throw FormatError(error)
    }
  }

  /// Length, its checksum, data, their checksum.
  static func record(_ data: [UInt8]) -> [UInt8] {
    let length = ByteCoding.encode([UInt64(data.count)], order: .littleEndian)
    return length + ByteCoding.encode([CRC32C.masked(length)], order: .littleEndian)
      + data + ByteCoding.encode([CRC32C.masked(data)], order: .littleEndian)
  }

  static func version(at time: Double) -> [UInt8] {
    var message = ProtobufMessage()
    message.add(1, double: time)
    message.add(3, bytes: Array("brain.Event:2".utf8))
    return message.bytes
  }

  /// A `SessionLog` of the status `START`, from whose step on TensorBoard forgets what it has read.
  static func start(step: Int, at time: Double) -> [UInt8] {
    var log = ProtobufMessage()
    log.add(1, integer: 1)
    var event = ProtobufMessage()
    event.add(1, double: time)
    event.add(2, integer: step)
    event.add(7, bytes: log.bytes)
    return event.bytes
  }

  static func event(
    _ scalars: [(tag: String, value: Double)], step: Int, at time: Double
  ) -> [UInt8] {
    var summary = ProtobufMessage()
    for (tag, value) in scalars {
      var scalar = ProtobufMessage()
      scalar.add(1, bytes: Array(tag.utf8))
      scalar.add(2, float: Float(value))
      summary.add(1, bytes: scalar.bytes)
    }
    var event = ProtobufMessage()
    event.add(1, double: time)
    event.add(2, integer: step)
    event.add(5, bytes: summary.bytes)
    return event.bytes
  }
}

/// The few kinds of fields of protobuf messages that events have.
private struct ProtobufMessage {
  private(set) var bytes: [UInt8] = []

  private enum WireType: Int {
    case variable = 0
    case eightBytes = 1
    case delimited = 2
    case fourBytes = 5
  }

  mutating func add(_ field: Int, integer value: Int) {
    key(field, .variable)
    variable(UInt64(bitPattern: Int64(value)))
  }

  mutating func add(_ field: Int, double value: Double) {
    key(field, .eightBytes)
    bytes += ByteCoding.encode([value], order: .littleEndian)
  }

  mutating func add(_ field: Int, float value: Float) {
    key(field, .fourBytes)
    bytes += ByteCoding.encode([value], order: .littleEndian)
  }

  mutating func add(_ field: Int, bytes value: [UInt8]) {
    key(field, .delimited)
    variable(UInt64(value.count))
    bytes += value
  }

  private mutating func key(_ field: Int, _ type: WireType) {
    variable(UInt64(field << 3 | type.rawValue))
  }

  /// Seven bits a byte, the lowest first.
  private mutating func variable(_ value: UInt64) {
    var value = value
    while value >= 0x80 {
      bytes.append(UInt8(value & 0x7F) | 0x80)
      value >>= 7
    }
    bytes.append(UInt8(value))
  }
}
