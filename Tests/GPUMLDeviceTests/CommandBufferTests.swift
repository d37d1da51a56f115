import Testing

@testable import GPUMLDevice

@Suite("Command buffers")
struct CommandBufferTests {
  @Test("only the provisional versions 0.9 of the extension are used")
  func versions() {
    func version(_ major: UInt32, _ minor: UInt32, _ patch: UInt32) -> UInt32 {
      major << 22 | minor << 12 | patch
    }
    #expect(CommandBufferFunctions.isKnown(version: version(0, 9, 0)))
    #expect(CommandBufferFunctions.isKnown(version: version(0, 9, 7)))
    for other in [version(0, 8, 0), version(0, 10, 0), version(1, 0, 0), version(1, 9, 0)] {
      #expect(!CommandBufferFunctions.isKnown(version: other))
    }
    #expect(!CommandBufferFunctions.isKnown(version: nil))
  }

  @Test("recorded launches run in their order, again and again, on every device that records them")
  func replay() throws {
    for device in try testDevices() {
      let context = try DeviceContext(device: device, cacheFolder: "", environment: [:])
      guard let functions = context.commandBuffers else {
        let offers = device.extensions.contains("cl_khr_command_buffer")
        #expect(!offers || !device.isCPU || device.isTeam, "\(device)")
        continue
      }
      let queue = context.computeQueue
      let program = try context.programs.program(source: TestSource.add, options: "", label: "add")
      let a = try context.pool.allocate(8 * 4, label: "a")
      try queue.write((0..<8).map(Float.init), to: a)
      // Twice itself, then reversed within each half: four times so.
      let (add, reverse) = (try program.kernel("add"), try program.kernel("reverse"))
      for index in 0..<3 { try add.setArgument(index, buffer: a) }
      try reverse.setArgument(0, buffer: a)
      try reverse.setLocalArgument(1, byteCount: 4 * 4)
      let buffer = try CommandBuffer(
        [
          (add, WorkSize(8), nil), (reverse, WorkSize(8), WorkSize(4)),
          (add, WorkSize(0), nil), (add, WorkSize(8), WorkSize(2)),
        ], for: queue, using: functions)
      for _ in 0..<3 {
        try queue.replay(buffer)
        try queue.finish()
      }
      let expected: [Float] = [3, 2, 1, 0, 7, 6, 5, 4].map { $0 * 64 }
      #expect(try queue.read(a, as: Float.self, count: 8) == expected, "\(device)")
    }
  }

  @Test("a queue whose commands are timed replays nothing, because launches would not be timed")
  func profiling() throws {
    #expect(try testContext(profiling: true).commandBuffers == nil)
  }
}
