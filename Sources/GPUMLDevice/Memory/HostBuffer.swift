import COpenCL
import Dispatch
import Glibc
import Synchronization

/// Page-aligned host memory for copies that run while the caller goes on.
///
/// While a copy to or from it is pending its contents belong to the device: wait for the copy's
/// event before reading or changing them. The memory itself outlives pending copies in any case.
package final class HostBuffer: @unchecked Sendable {  // callers order access by events
  package let byteCount: Int
  private let base: UnsafeMutableRawPointer
  private let pending = Mutex<[Pending]>([])

  /// A command under way, and an array that it reads.
  private struct Pending {
    let event: Event
    let array: HeldArray?
  }

  /// Zeroed memory.
  ///
  /// - Throws: `DeviceError.outOfMemory` if the operating system has none.
  package init(byteCount: Int) throws {
    guard byteCount >= 0 else {
      throw DeviceError.invalidValue(operation: "host buffer", reason: "\(byteCount) bytes")
    }
    var memory: UnsafeMutableRawPointer?
    guard posix_memalign(&memory, 4096, max(1, byteCount)) == 0, let memory else {
      throw DeviceError.outOfMemory(
        label: "a host buffer", bytes: byteCount, reason: "the host has no memory left")
    }
    memset(memory, 0, byteCount)
    base = memory
    self.byteCount = byteCount
  }

  deinit {
    let commands = pending.withLock { $0 }.filter { !$0.event.hasEnded }
    let memory = Handle(pointer: OpaquePointer(base))
    if commands.isEmpty {
      free(UnsafeMutableRawPointer(memory.pointer))
      return
    }
    DispatchQueue.global(qos: .utility).async {
      for command in commands { try? command.event.wait() }
      free(UnsafeMutableRawPointer(memory.pointer))
    }
  }

  /// Copies values in, at an offset in bytes.
  package func copyIn<T: BitwiseCopyable>(_ values: [T], at offset: Int = 0) throws {
    try values.withUnsafeBytes { bytes in
      let target = try pointer(at: offset, bytes.count, of: "copy into")
      if let source = bytes.baseAddress { memcpy(target, source, bytes.count) }
    }
  }

  /// Copies values out, from an offset in bytes.
  package func array<T: BitwiseCopyable>(
    of type: T.Type = T.self, count: Int, at offset: Int = 0
  ) throws -> [T] {
    let bytes = try GPUMLDevice.byteCount(of: count, MemoryLayout<T>.stride, of: "host buffer")
    let source = try pointer(at: offset, bytes, of: "copy out of")
    return [T](unsafeUninitializedCapacity: count) { storage, initialized in
      if let target = storage.baseAddress { memcpy(target, source, bytes) }
      initialized = count
    }
  }

  func pointer(
    at offset: Int, _ byteCount: Int, of operation: String
  ) throws -> UnsafeMutableRawPointer {
    try checkRange(offset, byteCount, within: self.byteCount, of: "\(operation) a host buffer")
    return base + offset
  }

  /// Lets the memory, and an array besides, live until a command, such as a copy or one behind it,
  /// has ended; forgets commands that have.
  package func keep(until event: Event, holding array: HeldArray? = nil) {
    pending.withLock { commands in
      commands.removeAll(where: \.event.hasEnded)
      commands.append(Pending(event: event, array: array))
    }
  }
}
