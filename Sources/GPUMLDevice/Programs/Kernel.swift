import COpenCL
import Synchronization

/// A kernel with its arguments.
///
/// Two launches with different arguments want two kernels, even of one program: setting an argument
/// changes what a later launch sees. A lock keeps one kernel's calls apart, because OpenCL allows
/// every call from every thread but `clSetKernelArg` on one kernel.
package final class Kernel: @unchecked Sendable {  // the handle is only used under the lock
  private struct State: Sendable {
    var buffers: [Int: Buffer] = [:]
    var work = KernelWork()
  }

  package let name: String
  private let handle: cl_kernel
  /// The buffers that arguments refer to, kept alive as long as a launch may use them.
  private let state = Mutex<State>(State())
  /// Keeps the program alive.
  private let program: Program

  init(_ name: String, of program: Program) throws {
    var code: cl_int = 0
    let kernel = clCreateKernel(program.handle, name, &code)
    handle = try created(kernel, code, "clCreateKernel", "kernel \(name) of \(program.label)")
    self.name = name
    self.program = program
  }

  deinit { clReleaseKernel(handle) }

  /// Binds a buffer to an argument; the kernel keeps it alive until another is bound.
  package func setArgument(_ index: Int, buffer: Buffer) throws {
    try state.withLock { state in
      var memory: cl_mem? = buffer.handle
      try set(index, MemoryLayout<cl_mem?>.size, &memory)
      state.buffers[index] = buffer
    }
  }

  /// Sets a number, a vector or a structure with the layout that OpenCL C gives it.
  package func setArgument<T: BitwiseCopyable>(_ index: Int, value: T) throws {
    try state.withLock { _ in
      try withUnsafeBytes(of: value) { try set(index, $0.count, $0.baseAddress) }
    }
  }

  /// Gives an argument of the `local` address space its size.
  package func setLocalArgument(_ index: Int, byteCount: Int) throws {
    guard byteCount > 0 else {
      throw DeviceError.invalidValue(
        operation: name, reason: "\(byteCount) bytes of local memory")
    }
    try state.withLock { _ in try set(index, byteCount, nil) }
  }

  private func set(_ index: Int, _ size: Int, _ value: UnsafeRawPointer?) throws {
    guard let position = cl_uint(exactly: index) else {
      throw DeviceError.invalidValue(operation: name, reason: "argument \(index)")
    }
    try check(
      clSetKernelArg(handle, position, size, value), "clSetKernelArg",
      "argument \(index) of kernel \(name)")
  }

  /// Records a launch with the arguments as they are now, for the buffer's only queue.
  func record(
    in buffer: gpuml_command_buffer, _ functions: CommandBufferFunctions, _ dimensions: UInt32,
    _ global: UnsafePointer<Int>, _ local: UnsafePointer<Int>?
  ) -> Int32 {
    state.withLock { _ in
      var point: cl_uint = 0
      return functions.command(
        buffer, nil, nil, handle, dimensions, nil, global, local, 0, nil, &point, nil)
    }
  }

  /// Enqueues a launch with the arguments as they are now.
  func launch(
    _ queue: Queue, _ dimensions: UInt32, _ global: UnsafePointer<Int>,
    _ local: UnsafePointer<Int>?, _ eventCount: cl_uint, _ events: UnsafePointer<cl_event?>?,
    _ wantsEvent: Bool, _ event: inout cl_event?
  ) -> Int32 {
    state.withLock { _ in
      withOptionalPointer(to: &event, wantsEvent) { event in
        queue.inTurn {
          clEnqueueNDRangeKernel(
            queue.handle, handle, dimensions, nil, global, local, eventCount, events, event)
        }
      }
    }
  }

  /// Runs a launch in groups of one work-item, shared by a team.
  func launch(by team: ThreadTeam, global: WorkSize) -> SharedRun {
    state.withLock { team.run(handle, global: global, work: &$0.work) }
  }
}
