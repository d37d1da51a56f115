import Testing

@testable import GPUMLDevice

@Test("devices report what kernels are chosen by")
func deviceProperties() throws {
  for device in try testDevices() {
    #expect(!device.name.isEmpty && !device.driverVersion.isEmpty)
    #expect(device.computeUnits > 0 && device.globalMemory >= device.maxAllocation)
    #expect(device.maxWorkItemSizes.count >= 3 && device.maxWorkGroupSize > 0)
    #expect(device.memoryBaseAlignment >= 16 && device.memoryBaseAlignment <= 4096)
    #expect(device.nativeVectorWidthFloat > 0)
    #expect(device.openCLCVersion.hasPrefix("OpenCL C"))
  }
}

@Test("a kernel adds two vectors on every device", arguments: [1, 7, 1000])
func vectorAdd(count: Int) throws {
  for device in try testDevices() {
    let context = try DeviceContext(device: device, cacheFolder: "", environment: [:])
    let a = try context.pool.allocate(count * 4, label: "a")
    let b = try context.pool.allocate(count * 4, label: "b")
    let c = try context.pool.allocate(count * 4, label: "c")
    let queue = context.computeQueue
    try queue.write((0..<count).map(Float.init), to: a)
    try queue.write([Float](repeating: 0.5, count: count), to: b)
    let program = try context.programs.program(
      source: TestSource.add, options: "", label: "add")
    let kernel = try program.kernel("add")
    try kernel.setArgument(0, buffer: a)
    try kernel.setArgument(1, buffer: b)
    try kernel.setArgument(2, buffer: c)
    #expect(try queue.enqueue(kernel, global: WorkSize(count)) == nil)
    let sums = try queue.read(c, as: Float.self, count: count)
    #expect(sums == (0..<count).map { Float($0) + 0.5 })
  }
}

@Test("values and local memory reach a kernel")
func scalarAndLocalArguments() throws {
  let context = try testContext()
  let queue = context.computeQueue
  let buffer = try context.pool.allocate(8 * 4, label: "a")
  try queue.write((0..<8).map(Float.init), to: buffer)
  let program = try context.programs.program(source: TestSource.add, options: "", label: "add")
  let scale = try program.kernel("scale")
  try scale.setArgument(0, buffer: buffer)
  try scale.setArgument(1, value: Float(10))
  try scale.setArgument(2, value: Int32(2))
  try queue.enqueue(scale, global: WorkSize(4))
  let reverse = try program.kernel("reverse")
  try reverse.setArgument(0, buffer: buffer)
  try reverse.setLocalArgument(1, byteCount: 4 * 4)
  try queue.enqueue(reverse, global: WorkSize(8), local: WorkSize(4))
  let expected: [Float] = [3, 20, 1, 0, 7, 60, 5, 40]
  #expect(try queue.read(buffer, as: Float.self, count: 8) == expected)
}

@Test("many tasks wait for transfers without blocking each other")
func asynchronousWaits() async throws {
  let context = try testContext()
  let results = try await withThrowingTaskGroup(of: Bool.self) { group in
    for task in 0..<100 {
      group.addTask {
        let values = (0..<64).map { Int32($0 + task) }
        let buffer = try context.pool.allocate(256, label: "task \(task)")
        let (up, down) = (try HostBuffer(byteCount: 256), try HostBuffer(byteCount: 256))
        try up.copyIn(values)
        let sent = try context.transferQueue.write(from: up, to: buffer, byteCount: 256)
        try context.transferQueue.flush()
        let received = try context.computeQueue.read(
          buffer, into: down, byteCount: 256, waitingFor: [sent])
        try await received.waitAsync()
        return try down.array(of: Int32.self, count: 64) == values
      }
    }
    return try await group.reduce(into: []) { $0.append($1) }
  }
  #expect(results.count == 100 && results.allSatisfy { $0 })
  try await context.computeQueue.finishAsync()
}

@Test("host memory outlives a copy nobody waits for")
func abandonedTransfer() throws {
  let context = try testContext()
  let bytes = 1 << 22
  let buffer = try context.pool.allocate(bytes, label: "big")
  for round in 0..<8 {
    let host = try HostBuffer(byteCount: bytes)
    try host.copyIn([Int32](repeating: Int32(round), count: bytes / 4))
    try context.computeQueue.write(from: host, to: buffer, byteCount: bytes)
  }
  let last = try context.computeQueue.read(buffer, as: Int32.self, count: bytes / 4)
  #expect(stride(from: 0, to: last.count, by: 257).allSatisfy { last[$0] == 7 })
}

@Test("sub-buffers see their part, keep their parent and respect the alignment")
func subBuffers() throws {
  let context = try testContext()
  let step = context.device.memoryBaseAlignment
  let queue = context.computeQueue
  var parent: Buffer? = try context.pool.allocate(step * 4, label: "slab")
  if let parent { try queue.fill(parent, with: UInt8(1)) }
  let part = try #require(try parent?.subBuffer(offset: step, byteCount: step, label: "weights"))
  try queue.write([UInt8](repeating: 9, count: step), to: part)
  let whole = try queue.read(try #require(parent), as: UInt8.self, count: step * 4)
  #expect(whole[step - 1] == 1 && whole[step] == 9 && whole[2 * step - 1] == 9)
  #expect(whole[2 * step] == 1)
  let misaligned = #expect(throws: DeviceError.self) {
    try parent?.subBuffer(offset: 1, byteCount: 1)
  }
  #expect(misaligned?.description.contains("alignment") == true)
  #expect(throws: DeviceError.self) { try parent?.subBuffer(offset: step, byteCount: step * 4) }
  #expect(throws: DeviceError.self) { try part.subBuffer(offset: 0, byteCount: 1) }
  #expect(try parent?.subBuffer(offset: step, byteCount: 0).byteCount == 0)
  parent = nil
  #expect(context.pool.statistics.inUse > 0, "the part keeps its parent")
  #expect(try queue.read(part, as: UInt8.self, count: 1) == [9])
}

@Test("a fill works on a part of a buffer")
func partialFill() throws {
  let context = try testContext()
  let queue = context.transferQueue
  let a = try context.pool.allocate(64, label: "a")
  try queue.fill(a, with: Float(2))
  let event = try queue.fill(a, with: Float(3), offset: 32, byteCount: 8, wantsEvent: true)
  try event?.wait()
  #expect(try queue.read(a, as: Float.self, count: 4, offset: 28) == [2, 3, 3, 2])
  #expect(try queue.fill(a, with: Float(4), byteCount: 0) == nil)
}

@Test("events of a profiling context tell times, others do not")
func profiling() throws {
  let context = try testContext(profiling: true)
  let buffer = try context.pool.allocate(1 << 20, label: "a")
  let event = try #require(
    try context.computeQueue.fill(buffer, with: Float(1), wantsEvent: true))
  try event.wait()
  let times = try event.times()
  #expect(times.start > 0 && times.end >= times.start)
  #expect(try event.isComplete())
  // Oclgrind times everything.
  let untimed = try testContext()
  guard untimed.device.platformName != "Oclgrind" else { return }
  let plain = try untimed.computeQueue.marker()
  try plain.wait()
  let error = #expect(throws: DeviceError.self) { try plain.times() }
  #expect(error?.description.contains("CL_PROFILING_INFO_NOT_AVAILABLE") == true)
}

@Test("an empty launch starts nothing and its event still completes")
func emptyLaunch() async throws {
  let context = try testContext()
  let program = try context.programs.program(source: TestSource.add, options: "", label: "add")
  let kernel = try program.kernel("add")
  #expect(try context.computeQueue.enqueue(kernel, global: WorkSize(0)) == nil)
  let event = try context.computeQueue.enqueue(kernel, global: WorkSize(4, 0), wantsEvent: true)
  try await event?.waitAsync()
  #expect(event != nil)
}
