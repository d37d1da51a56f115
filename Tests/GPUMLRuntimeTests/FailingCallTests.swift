import Foundation
import GPUMLDevice
import GPUMLGraph
import Testing

@testable import GPUMLRuntime

/// The shim that makes OpenCL calls fail (`Scripts/shims/fail_calls.c`), if it is loaded.
private struct FailingCalls {
  let fail: @convention(c) (Int, Int32) -> Void
  let calls: @convention(c) () -> Int
  let failed: @convention(c) () -> UnsafePointer<CChar>?
  let live: @convention(c) (Int32) -> Int

  static let kinds = ["contexts", "queues", "memory", "programs", "kernels", "events"]

  init?() {
    func symbol(_ name: String) -> UnsafeMutableRawPointer? { dlsym(nil, name) }
    guard let fail = symbol("gpuml_fail_call"), let calls = symbol("gpuml_calls"),
      let failed = symbol("gpuml_failed"), let live = symbol("gpuml_live")
    else { return nil }
    // The shim's own declarations of these four.
    self.fail = unsafeBitCast(fail, to: (@convention(c) (Int, Int32) -> Void).self)
    self.calls = unsafeBitCast(calls, to: (@convention(c) () -> Int).self)
    self.failed = unsafeBitCast(
      failed, to: (@convention(c) () -> UnsafePointer<CChar>?).self)
    self.live = unsafeBitCast(live, to: (@convention(c) (Int32) -> Int).self)
  }

  var failedName: String? { failed().map { String(cString: $0) } }

  /// The kinds of objects that exist and their numbers, once commands under way have ended.
  func leaks() async throws -> String {
    var text = ""
    for _ in 0..<200 {
      let counts = zip(FailingCalls.kinds, (0..<Int32(FailingCalls.kinds.count)).map { live($0) })
      text = counts.filter { $0.1 != 0 }.map { "\($0.1) \($0.0)" }.joined(separator: ", ")
      if text.isEmpty { return "" }
      try await Task.sleep(for: .milliseconds(10))
    }
    return text
  }
}

/// Whatever OpenCL call of a training fails, there is an error that says so, and everything that
/// was made is released (`Scripts/check-failures`).
@Suite("Failing OpenCL calls", .serialized)
struct FailingCallTests {
  /// Every so manyth call is made to fail; 1 for all.
  static let interval = ProcessInfo.processInfo.environment["GPUML_FAIL_EVERY"].flatMap { Int($0) }

  /// The calls that may fail without an error: an object is given up, or the memory that a command
  /// used, and the driver's word on it changes nothing that a training gives.
  private static let harmless: Set = [
    "clReleaseContext", "clReleaseCommandQueue", "clReleaseMemObject", "clReleaseProgram",
    "clReleaseKernel", "clReleaseEvent", "clWaitForEvents",
  ]

  /// A call that asks whether memory may go, which waits if there is no answer, or whether a result is
  /// there, which must end in an error.
  private static let question = "clGetEventInfo"

  /// Whether a call may fail without an error; any other must end in one.
  private static func mayPass(_ name: String, _ code: Int32) -> Bool {
    // Where the driver has no memory left, it is asked once more after the pool has given up its own.
    if name == "clCreateBuffer" { return [-4, -5, -6].contains(code) }
    return harmless.contains(name) || name == question
  }

  /// Everything from finding the device to reading back what two steps have learned.
  private static func train(_ update: some UpdatePrimitive) async throws {
    let device = try #require(try Device.all().first)
    let context = try DeviceContext(device: device, cacheFolder: "")
    let (graph, variables) = try TrainStepTests.step(update)
    let store = try VariableStore(
      context, variables: variables, seed: 3, options: PlanOptions.ofEnvironment)
    try store.setLearningRate(0.01)
    let session = try Session(graph, store: store)
    var steps: [PendingStep] = []
    for seed in 0..<2 {
      steps.append(
        try await session.submit([
          "x": Harness.random([5, 12], seed: UInt64(seed)),
          "y": Harness.integers([5], below: 5, seed: UInt64(seed)),
        ]))
    }
    for step in steps {
      let loss = try await step.outputs()["loss"]?.doubles.first ?? .nan
      #expect(loss.isFinite)
    }
    for named in variables {
      #expect(try await store.value(of: named.variable).doubles.allSatisfy(\.isFinite))
    }
  }

  @Test("end in one error that names the call, and leak nothing", .enabled(if: interval != nil))
  func sweep() async throws {
    let shim = try #require(FailingCalls(), "the shim is not loaded")
    let interval = try #require(FailingCallTests.interval)
    let update = try SGDUpdate(momentum: 0.9)
    shim.fail(0, 0)
    try await FailingCallTests.train(update)
    let total = shim.calls()
    #expect(try await shim.leaks() == "", "nothing has failed yet")
    #expect(total > 100)
    // Allocations end in each of these ways; other calls in one of them by turns.
    let codes: [Int32] = [-4, -5, -6, -36, -61]
    var (runs, errors, unreached) = (0, 0, 0)
    var noticed: Set<String> = []
    for place in stride(from: 1, through: total, by: interval) {
      let first = codes[place / interval % codes.count]
      var left = [first]
      while let code = left.popLast() {
        shim.fail(place, code)
        var found: (any Error)?
        do {
          try await FailingCallTests.train(update)
        } catch {
          found = error
        }
        // How many calls a run makes depends on times, so that a later one may not come.
        guard let name = shim.failedName else {
          unreached += 1
          #expect(found == nil, "no call has failed: \(found.map { "\($0)" } ?? "")")
          continue
        }
        let isAllocation = name.hasPrefix("clCreate")
        if isAllocation, code == first { left = codes.filter { $0 != first } }
        runs += 1
        let what = "call \(place), \(name), failing with \(code)"
        if let found {
          errors += 1
          noticed.insert(name)
          let error = try #require(found as? DeviceError, "\(what): \(found)")
          #expect(!"\(error)".contains("\n") && !"\(error)".isEmpty, "\(what): \(error)")
          if isAllocation, [-4, -5, -6].contains(code) {
            #expect(error.isOutOfMemory, "\(what): \(error)")
          }
        } else {
          #expect(FailingCallTests.mayPass(name, code), "\(what), passes without an error")
        }
        let leaks = try await shim.leaks()
        #expect(leaks == "", "\(what): \(found.map { "\($0)" } ?? "no error")")
      }
    }
    shim.fail(0, 0)
    print("\(runs) runs of about \(total) calls: \(errors) errors, nothing leaked")
    #expect(unreached * 4 <= runs, "\(unreached) runs made no call fail")
    if interval == 1 { #expect(noticed.contains(FailingCallTests.question)) }
  }
}
