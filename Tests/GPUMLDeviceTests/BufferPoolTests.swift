import Testing

@testable import GPUMLDevice

@Test("memory beyond the budget is refused before the driver is asked")
func budget() throws {
  let context = try testContext(memoryLimit: 1 << 20)
  let pool = context.pool
  let first = try pool.allocate(700_000, label: "weights")
  let before = pool.statistics
  let error = #expect(throws: DeviceError.self) {
    try pool.allocate(400_000, label: "activations")
  }
  #expect(error?.isOutOfMemory == true)
  #expect(error?.description.contains("activations needs 400000 bytes") == true)
  #expect(error?.description.contains("budget 1048576") == true)
  #expect(pool.statistics == before, "a refused request changes nothing")
  #expect(first.byteCount == 700_000 && before.inUse >= 700_000)
}

@Test("memory that came back is used again, and makes room when it does not fit")
func reuse() throws {
  let pool = try testContext(memoryLimit: 1 << 20).pool
  do { _ = try pool.allocate(500_000, label: "a") }
  #expect(pool.statistics.inUse == 0 && pool.statistics.cached >= 500_000)
  do { _ = try pool.allocate(500_000, label: "b") }
  #expect(pool.statistics.allocations == 1)
  do { _ = try pool.allocate(900_000, label: "c") }
  #expect(pool.statistics.allocations == 2)
  #expect(pool.statistics.cached + pool.statistics.inUse <= 1 << 20)
  #expect(pool.statistics.peak >= 900_000)
  pool.trim()
  #expect(pool.statistics.cached == 0)
}

@Test("without the arena memory ends where tensors do, comes back once, and still makes room")
func noReuse() throws {
  let pool = try testContext(memoryLimit: 1 << 20, environment: ["GPUML_ARENA": "off"]).pool
  do { _ = try pool.allocate(300_000, label: "a") }
  do { _ = try pool.allocate(300_000, label: "b") }
  #expect(pool.statistics.allocations == 2 && pool.statistics.cached == 600_000)
  do { _ = try pool.allocate(900_000, label: "c") }
  #expect(pool.statistics.allocations == 3)
  #expect(pool.statistics.cached + pool.statistics.inUse <= 1 << 20)
}

@Test("a request that fits the budget only without rounding still succeeds")
func exactFit() throws {
  let pool = try testContext(memoryLimit: 1_000_001).pool
  let buffer = try pool.allocate(1_000_001, label: "all")
  #expect(buffer.byteCount == 1_000_001 && pool.statistics.inUse == 1_000_001)
}

@Test("impossible sizes are errors", arguments: [-1, Int.min, Int.max])
func impossibleSizes(bytes: Int) throws {
  let pool = try testContext().pool
  let error = #expect(throws: DeviceError.self) { try pool.allocate(bytes, label: "tensor") }
  #expect(error?.isOutOfMemory == (bytes > 0))
}

@Test("a single allocation beyond the device's maximum names it")
func maximumAllocation() throws {
  let context = try testContext()
  let bytes = context.device.maxAllocation + 1
  let error = #expect(throws: DeviceError.self) { try context.pool.allocate(bytes, label: "t") }
  #expect(error?.description.contains("\(context.device.maxAllocation)") == true)
}

@Test("a buffer of no bytes exists and reads as nothing")
func emptyBuffer() throws {
  let context = try testContext()
  let buffer = try context.pool.allocate(0, label: "empty")
  try context.computeQueue.write([Float](), to: buffer)
  try context.computeQueue.fill(buffer, with: Float(1))
  #expect(try context.computeQueue.read(buffer, as: Float.self, count: 0) == [])
  #expect(throws: DeviceError.self) {
    try context.computeQueue.read(buffer, as: Float.self, count: 1)
  }
}

@Test("size classes cover the request and waste at most an eighth")
func sizeClasses() {
  for bytes in [0, 1, 255, 256, 257, 1000, 4097, 65_537, 1_000_000, 123_456_789] {
    let size = BufferPool.sizeClass(of: bytes)
    #expect(size >= bytes && size >= 256)
    #expect(size == 256 || size - bytes <= max(256, bytes / 8))
    #expect(BufferPool.sizeClass(of: size) == size)
  }
  #expect(BufferPool.sizeClass(of: .max) == .max)
}

@Test("reused memory waits for the commands of its former owner on the other queue")
func reuseIsOrdered() throws {
  let context = try testContext()
  let bytes = 1 << 23
  for round in 0..<3 {
    let source = try context.pool.allocate(bytes, label: "source")
    try context.computeQueue.fill(source, with: Int32(round))
    let target = try context.pool.allocate(bytes, label: "target")
    try context.computeQueue.fill(target, with: Int32(round))
    do {
      // Commands still write this one when it goes.
      let scratch = try context.pool.allocate(bytes, label: "scratch")
      try context.computeQueue.fill(scratch, with: Int32(round))
      try context.computeQueue.flush()
    }
    let next = try context.pool.allocate(bytes, label: "next")
    try context.transferQueue.write([Int32](repeating: -1, count: bytes / 4), to: next)
    try context.computeQueue.finish()
    let values = try context.transferQueue.read(next, as: Int32.self, count: bytes / 4)
    #expect(stride(from: 0, to: values.count, by: 257).allSatisfy { values[$0] == -1 })
  }
}

@Test("tasks allocate and free at once and the books balance")
func concurrentUse() async throws {
  let pool = try testContext(memoryLimit: 1 << 24).pool
  try await withThrowingTaskGroup(of: Void.self) { group in
    for task in 0..<16 {
      group.addTask {
        for round in 0..<50 {
          _ = try pool.allocate((task * 977 + round * 131) % 100_000, label: "t\(task)")
        }
      }
    }
    try await group.waitForAll()
  }
  #expect(pool.statistics.inUse == 0 && pool.statistics.cached <= 1 << 24)
  pool.trim()
  #expect(pool.statistics.cached == 0)
}
