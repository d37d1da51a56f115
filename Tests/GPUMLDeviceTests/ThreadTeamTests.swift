import Foundation
import Testing

@testable import GPUMLDevice

/// Kernels whose results tell which work-items ran, and how often.
private let source = """
  kernel void count(global int *a, int columns, int rounds) {
    int place = (int)(get_global_id(1) * columns + get_global_id(0));
    float x = place;
    for (int i = 0; i < rounds; ++i) x = x * 0.5f + 1.0f;
    a[place] += x > -1.0f ? 1 : 100;
  }
  kernel void deep(global int *a, int columns, int rows) {
    size_t third = get_global_id(2) - (get_global_offset(2) != 0);
    a[(third * rows + get_global_id(1)) * columns + get_global_id(0)] += 1;
  }
  """

/// A team's device; the tests of teams run where `POCL_DEVICES` names an in-thread device twice, and
/// fail without one where `GPUML_TEAM` is set.
private let teamDevice: Device? = try? Device.all().first(where: \.isTeam)
private let wantsTeam = ProcessInfo.processInfo.environment["GPUML_TEAM"] != nil

@Suite(
  "a team of threads",
  .enabled(if: wantsTeam || teamDevice != nil, "POCL_DEVICES names no team"))
struct ThreadTeamTests {
  private let context: DeviceContext
  private let program: Program

  init() throws {
    let device = try #require(teamDevice)
    context = try DeviceContext(device: device, cacheFolder: "", environment: [:])
    program = try context.programs.program(source: source, options: "", label: "team")
  }

  private func kernel(_ columns: Int, rounds: Int) throws -> (Kernel, Buffer) {
    let kernel = try program.kernel("count")
    let buffer = try context.pool.allocate(1 << 16, label: "counts")
    try context.computeQueue.write([Int32](repeating: 0, count: 1 << 14), to: buffer)
    try kernel.setArgument(0, buffer: buffer)
    try kernel.setArgument(1, value: Int32(columns))
    try kernel.setArgument(2, value: Int32(rounds))
    return (kernel, buffer)
  }

  /// Short launches run alone or in even shares, long ones in ever smaller shares.
  @Test(
    "every work-item of every launch runs once",
    arguments: [1, 2, 3, 7, 64, 1000], [1, 200, 20000])
  func eachOnce(count: Int, rounds: Int) throws {
    let (kernel, buffer) = try kernel(count, rounds: rounds)
    let launches = 6
    for _ in 0..<launches {
      try context.computeQueue.enqueue(kernel, global: WorkSize(count), local: WorkSize(1))
    }
    let counts = try context.computeQueue.read(buffer, as: Int32.self, count: count + 1)
    #expect(counts == [Int32](repeating: Int32(launches), count: count) + [0])
  }

  @Test("launches of two and three dimensions are shared along the longest")
  func dimensions() throws {
    let (flat, counts) = try kernel(5, rounds: 5000)
    for _ in 0..<4 {
      try context.computeQueue.enqueue(flat, global: WorkSize(5, 70), local: WorkSize(1, 1))
    }
    #expect(
      try context.computeQueue.read(counts, as: Int32.self, count: 351)
        == [Int32](repeating: 4, count: 350) + [0])
    for sizes in [(40, 3, 2), (2, 40, 3), (3, 2, 40), (1, 1, 9)] {
      let deep = try program.kernel("deep")
      let buffer = try context.pool.allocate(4096, label: "counts")
      try context.computeQueue.write([Int32](repeating: 0, count: 1024), to: buffer)
      try deep.setArgument(0, buffer: buffer)
      try deep.setArgument(1, value: Int32(sizes.0))
      try deep.setArgument(2, value: Int32(sizes.1))
      for _ in 0..<5 {
        try context.computeQueue.enqueue(
          deep, global: WorkSize(sizes.0, sizes.1, sizes.2), local: WorkSize(1, 1, 1))
      }
      let all = sizes.0 * sizes.1 * sizes.2
      #expect(
        try context.computeQueue.read(buffer, as: Int32.self, count: all + 1)
          == [Int32](repeating: 5, count: all) + [0])
    }
  }

  @Test("many tasks launch at the same time, and threads that slept wake up")
  func manyTasks() async throws {
    let launches = 50
    for pause in [0, 3] {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<4 {
          group.addTask {
            let (kernel, buffer) = try self.kernel(64, rounds: 3000)
            for turn in 0..<launches {
              try self.context.computeQueue.enqueue(
                kernel, global: WorkSize(64), local: WorkSize(1))
              // Longer than helpers wait before they sleep.
              if turn % 10 == 0 { try await Task.sleep(for: .milliseconds(pause)) }
            }
            let counts = try self.context.computeQueue.read(buffer, as: Int32.self, count: 64)
            #expect(counts == [Int32](repeating: Int32(launches), count: 64))
          }
        }
        try await group.waitForAll()
      }
    }
  }

  /// PoCL's in-thread device locks itself out where two threads use one queue.
  @Test("many tasks copy through one queue at the same time")
  func manyCopies() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for task in 0..<4 {
        group.addTask {
          let buffer = try self.context.pool.allocate(4096, label: "copies")
          for turn in 0..<2000 {
            let values = [Int32](repeating: Int32(task * 10_000 + turn), count: 64)
            try self.context.computeQueue.write(values, to: buffer)
            let found = try self.context.computeQueue.read(buffer, as: Int32.self, count: 64)
            try #require(found == values)
          }
        }
      }
      try await group.waitForAll()
    }
  }

  /// PoCL keeps 128 compiled kernels and aborts where two threads want one that it has forgotten for
  /// launches of unlike widths.
  @Test("teams of several contexts launch one kernel at once, and kernels that PoCL has forgotten")
  func manyKernels() async throws {
    let names = (0..<140).map { "add\($0)" }
    let many = names.map {
      "kernel void \($0)(global int *a) { a[get_global_id(0)] += 1; }"
    }.joined(separator: "\n")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for task in 0..<3 {
        group.addTask {
          let device = try #require(teamDevice)
          let own = try DeviceContext(device: device, cacheFolder: "", environment: [:])
          let program = try own.programs.program(source: many, options: "", label: "many")
          let buffer = try own.pool.allocate(4096, label: "counts")
          try own.computeQueue.write([Int32](repeating: 0, count: 1024), to: buffer)
          let kernels = try names.map { try program.kernel($0) }
          for kernel in kernels { try kernel.setArgument(0, buffer: buffer) }
          for round in 0..<3 {
            let width = 99 + 100 * ((task + round) % 3)
            for kernel in kernels {
              try own.computeQueue.enqueue(kernel, global: WorkSize(width), local: WorkSize(1))
            }
          }
          let counts = try own.computeQueue.read(buffer, as: Int32.self, count: 300)
          let expected = [3, 2, 1].flatMap { [Int](repeating: $0 * names.count, count: 100) }
          #expect(counts.map(Int.init).prefix(99) == expected.prefix(99))
          #expect(counts.map(Int.init)[100..<199] == expected[100..<199])
          #expect(counts.map(Int.init)[200..<299] == expected[200..<299])
        }
      }
      try await group.waitForAll()
    }
  }

  @Test("a launch waits for what it is told to, and its event has ended and carries its time")
  func events() async throws {
    let device = try #require(teamDevice)
    let timed = try DeviceContext(
      device: device, profiling: true, cacheFolder: "", environment: [:])
    let program = try timed.programs.program(source: source, options: "", label: "team")
    let kernel = try program.kernel("count")
    let buffer = try timed.pool.allocate(256, label: "counts")
    try kernel.setArgument(0, buffer: buffer)
    try kernel.setArgument(1, value: Int32(64))
    try kernel.setArgument(2, value: Int32(10))
    let host = try HostBuffer(byteCount: 256)
    try host.copyIn([Int32](repeating: 7, count: 64))
    let upload = try timed.transferQueue.write(from: host, to: buffer, byteCount: 256)
    try timed.transferQueue.flush()
    let event = try timed.computeQueue.enqueue(
      kernel, global: WorkSize(64), local: WorkSize(1), waitingFor: [upload], wantsEvent: true)
    let ended = try #require(event)
    try await ended.waitAsync()
    let times = try ended.times()
    #expect(times.end > times.start)
    #expect(
      try timed.computeQueue.read(buffer, as: Int32.self, count: 64)
        == [Int32](repeating: 8, count: 64))
  }

  @Test("a launch that the driver refuses is an error, and the team goes on")
  func refused() throws {
    let incomplete = try program.kernel("count")
    #expect(throws: DeviceError.self) {
      try context.computeQueue.enqueue(incomplete, global: WorkSize(64), local: WorkSize(1))
    }
    try eachOnce(count: 64, rounds: 5000)
  }
}

@Test("shares cover a launch: even ones of a short launch, ever smaller ones of a long one")
func sharesOfLaunches() throws {
  var short = KernelWork()
  #expect(short.isAlone)
  short.add(nanoseconds: 1_000_000_000, threads: 1)
  #expect(!short.isAlone && !short.isLong)
  short.add(nanoseconds: 10_000, threads: 2)
  #expect(!short.isAlone && !short.isLong)
  var tiny = short
  tiny.add(nanoseconds: 1000, threads: 2)
  #expect(tiny.isAlone)
  var long = short
  long.add(nanoseconds: 100_000, threads: 2)
  #expect(!long.isAlone && long.isLong)

  #expect(LaunchShare(count: 64, threads: 2, work: short).next(of: 64) == 32)
  #expect(LaunchShare(count: 7, threads: 2, work: short).next(of: 7) == 3)
  for threads in [2, 3, 16] {
    for count in [2, 3, 5, 31, 64, 1000] {
      for work in [short, long] {
        let share = LaunchShare(count: count, threads: threads, work: work)
        var shares: [Int] = []
        var left = count
        while left > 0 {
          let next = min(share.next(of: left), left)
          try #require(next >= 1)
          shares.append(next)
          left -= next
        }
        #expect(Set(shares.prefix(threads)).count == 1, "\(shares)")
        #expect(shares == shares.sorted(by: >), "\(shares)")
      }
    }
  }
}
