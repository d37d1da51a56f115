import Foundation
import Synchronization
import Testing

@testable import GPUMLDevice

private let source = "kernel void one(global float *a) { a[get_global_id(0)] = VALUE; }"
private let options = "-D VALUE=1"

/// Builds the program in a new context, runs it, and tells whether it came from the disk.
private func buildAndRun(_ folder: String, save: Bool = false) throws -> Bool {
  let context = try testContext(cacheFolder: folder)
  let wasCached = Mutex<[Bool]>([])
  context.programs.onBuild = { report in
    wasCached.withLock { $0.append(report.isCached) }
    if report.seconds < 0 || report.label != "one" { Issue.record("\(report)") }
  }
  let program = try context.programs.program(source: source, options: options, label: "one")
  let again = try context.programs.program(source: source, options: options, label: "one")
  #expect(program === again)
  let kernel = try program.kernel("one")
  let buffer = try context.pool.allocate(16, label: "a")
  try kernel.setArgument(0, buffer: buffer)
  try context.computeQueue.enqueue(kernel, global: WorkSize(4))
  #expect(try context.computeQueue.read(buffer, as: Float.self, count: 4) == [1, 1, 1, 1])
  if save { context.programs.save() }
  let reports = wasCached.withLock { $0 }
  #expect(reports.count == 1, "the program in memory is no build")
  return reports.first == true
}

private func binaryPath(_ folder: String) throws -> String {
  try #require(
    try testContext(cacheFolder: folder).programs.path(source: source, options: options))
}

@Test("a saved program is loaded by the next context")
func savedProgram() throws {
  try withTemporaryFolder { folder in
    let cache = folder + "/deep/cache"
    #expect(try !buildAndRun(cache, save: true))
    #expect(try buildAndRun(cache))
    let names = try FileManager.default.contentsOfDirectory(atPath: cache)
    #expect(names.count == 1, "no temporary file stays")
  }
}

/// The ways in which a cache file goes bad.
enum Damage: String, CaseIterable {
  case truncated, shortHeader, empty, flippedPayload, flippedHeader, foreign, trailing, otherVersion

  func apply(to bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    switch self {
    case .truncated: return Array(bytes.dropLast(bytes.count / 2))
    case .shortHeader: return Array(bytes.prefix(20))
    case .empty: return []
    case .flippedPayload: bytes[bytes.count - 9] ^= 0x10
    case .flippedHeader: bytes[30] ^= 1
    case .foreign: return Array("not a program at all, but some other file's text".utf8)
    case .trailing: bytes.append(0)
    case .otherVersion: bytes[8] = 99
    }
    return bytes
  }
}

@Test("damaged programs are removed and built again", arguments: Damage.allCases)
func damagedProgram(damage: Damage) throws {
  try withTemporaryFolder { folder in
    let path = try binaryPath(folder)
    let key = try #require(
      UInt128(
        URL(filePath: path).deletingPathExtension().lastPathComponent,
        radix: 16))
    let store = BinaryStore(folder: folder)
    let payload = (0..<200).map { UInt8($0) }
    store.save(payload, under: key)
    #expect(store.load(key) == payload)
    let bytes = try [UInt8](Data(contentsOf: URL(filePath: path)))
    try Data(damage.apply(to: bytes)).write(to: URL(filePath: path))
    #expect(store.load(key) == nil)
    #expect(!FileManager.default.fileExists(atPath: path))
    #expect(try !buildAndRun(folder))
  }
}

@Test("a program the driver rejects is removed and built again")
func rejectedProgram() throws {
  try withTemporaryFolder { folder in
    let path = try binaryPath(folder)
    let key = try #require(
      UInt128(
        URL(filePath: path).deletingPathExtension().lastPathComponent,
        radix: 16))
    let garbage = Array("this passes the header's checks and is no binary".utf8)
    BinaryStore(folder: folder).save(garbage, under: key)
    #expect(try !buildAndRun(folder))
    #expect(BinaryStore(folder: folder).load(key) != garbage)
  }
}

@Test("a program moved to another key is not used")
func movedProgram() throws {
  try withTemporaryFolder { folder in
    let store = BinaryStore(folder: folder)
    store.save([1, 2, 3], under: 1)
    try FileManager.default.moveItem(atPath: store.path(of: 1), toPath: store.path(of: 2))
    #expect(store.load(2) == nil && store.load(1) == nil)
  }
}

@Test(
  "a cache that cannot be is no cache",
  arguments: [
    "/proc/gpuml/none", "/dev/null/kernels", "",
  ])
func unwritableFolder(folder: String) throws {
  #expect(try !buildAndRun(folder, save: true))
}

@Test("a folder or a pipe in a program's place is no program")
func strangeFiles() throws {
  try withTemporaryFolder { folder in
    let store = BinaryStore(folder: folder)
    try FileManager.default.createDirectory(
      atPath: store.path(of: 1), withIntermediateDirectories: false)
    #expect(mkfifo(store.path(of: 2), 0o600) == 0)
    #expect(store.load(1) == nil && store.load(2) == nil)
  }
}

@Test(
  "the folder follows the environment",
  arguments: [
    (["GPUML_CACHE": "/a", "HOME": "/h"], "/a"), (["GPUML_CACHE": "", "HOME": "/h"], nil),
    (["XDG_CACHE_HOME": "/x", "HOME": "/h"], "/x/gpuml/kernels"),
    (["XDG_CACHE_HOME": "relative", "HOME": "/h"], "/h/.cache/gpuml/kernels"),
    (["HOME": "/h"], "/h/.cache/gpuml/kernels"), ([:], nil),
  ] as [([String: String], String?)])
func cacheFolder(environment: [String: String], expected: String?) {
  #expect(BinaryStore.defaultFolder(environment: environment) == expected)
}

@Test("the hash is the published one and keeps texts apart")
func stableHash() {
  #expect(StableHash().value == 0x6c62272e07bb014262b821756295c58d)
  #expect(StableHash.of(Array("a".utf8)[...]) == 0xd228cb696f1a8caf78912b704e4a8964)
  #expect(StableHash.of(["ab", "c"]) != StableHash.of(["a", "bc"]))
  #expect(StableHash.of(["ab"]) != StableHash.of(["ab", ""]))
}

@Test("tasks that want the same program build it once")
func concurrentBuilds() async throws {
  let context = try testContext()
  let builds = Atomic<Int>(0)
  context.programs.onBuild = { _ in builds.add(1, ordering: .relaxed) }
  let programs = try await withThrowingTaskGroup(of: Program.self) { group in
    for _ in 0..<8 {
      group.addTask {
        try context.programs.program(source: source, options: options, label: "one")
      }
    }
    return try await group.reduce(into: []) { $0.append($1) }
  }
  #expect(programs.allSatisfy { $0 === programs[0] })
  #expect(builds.load(ordering: .relaxed) == 1)
}
