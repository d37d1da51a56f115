import Foundation
import GPUML
import Testing

@testable import GPUMLInference

/// The device that predicts fastest, as it was measured.
@Suite("Inference speeds")
struct InferenceSpeedsTests {
  static let threaded = Device(madeUp: "cpu with threads", kind: .cpu, nativeVectorWidthFloat: 16)
  static let inThread = Device(
    madeUp: "basic", kind: .cpu, platformName: "Portable Computing Language", deviceIndex: 1)
  static let team = Device(
    madeUp: "basic", kind: .cpu, platformName: "Portable Computing Language", deviceIndex: 1,
    threads: 2)
  static let gpu = Device(madeUp: "gpu", kind: .gpu, platformIndex: 1)
  static let devices = Device.numberingGPUs([threaded, inThread, gpu])

  private func graph(_ width: Int) throws -> Graph {
    let x = try Tensor.input("x", shape: [.symbol("batch"), 3])
    let weight = try Variable(shape: [3, width])
    return try Graph(outputs: [.init("y", x.matmul(weight.tensor))])
  }

  private func withFolder(_ body: ((String) -> String?) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.path + "/speeds-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body { "\(folder)/\($0)" }
  }

  @Test("classes of batches join those that are alike")
  func classes() {
    #expect(BatchClass(1).description == "batch 1")
    #expect(BatchClass(2) == BatchClass(4) && BatchClass(4) != BatchClass(5))
    #expect(BatchClass(64).description == "batches of 17 to 64")
    #expect(BatchClass(0) == BatchClass(1))
    #expect(BatchClass(.max) != BatchClass(1))
  }

  @Test("the fastest device is told with what it was measured against")
  func choice() throws {
    let speeds = InferenceSpeeds(InferenceSpeedsTests.devices, folder: { _ in nil })
    #expect(speeds.candidates.count == 3)
    let times = zip(speeds.candidates, [190e-6, 54.04e-6, 0.3e-3]).map {
      InferenceSpeeds.Time(device: InferenceSpeeds.identity($0), seconds: $1)
    }
    let choice = try #require(speeds.choice(times, batch: 1))
    #expect(choice.device == InferenceSpeedsTests.inThread)
    #expect(
      choice.reason
        == "inference on opencl:0:1 basic: measured fastest for batch 1 "
        + "(54.0 µs against 190 and 300)")
    #expect(speeds.choice([], batch: 1) == nil)
    let unknown = InferenceSpeeds.Time(device: ["elsewhere"], seconds: 1e-6)
    #expect(speeds.choice([unknown], batch: 1) == nil)
  }

  @Test("what was measured counts for the same graph, class of batches and devices, and no others")
  func kept() async throws {
    try await withFolder { folder in
      let speeds = InferenceSpeeds(InferenceSpeedsTests.devices, folder: folder)
      let small = try graph(5)
      #expect(speeds.choice(small, batch: 1) == nil)
      // The GPU fails, the in-thread device waits longer than the other.
      let times = try await speeds.measure(small, batch: 1, seconds: 0.01) { device in
        if device.isGPU { throw DeviceError.noDevice(reason: "it is made up") }
        // The other one does nothing, which takes less however busy the machine is.
        return { if device.isInThread { try await Task.sleep(for: .milliseconds(20)) } }
      }
      #expect(times.map(\.device).count == 2)
      let again = InferenceSpeeds(InferenceSpeedsTests.devices, folder: folder)
      #expect(again.times(small, batch: 1) == times)
      #expect(again.choice(try graph(5), batch: 1)?.device == InferenceSpeedsTests.threaded)
      #expect(again.choice(small, batch: 2) == nil)
      #expect(again.choice(try graph(6), batch: 1) == nil)
      for others in [[InferenceSpeedsTests.threaded], [InferenceSpeedsTests.team]] {
        let all = Device.numberingGPUs(others + [InferenceSpeedsTests.gpu])
        #expect(InferenceSpeeds(all, folder: folder).choice(small, batch: 1) == nil)
      }
    }
  }

  @Test("where no device can do it, its error is told and nothing is kept")
  func failing() async throws {
    try await withFolder { folder in
      let speeds = InferenceSpeeds(InferenceSpeedsTests.devices, folder: folder)
      let graph = try graph(5)
      await #expect(throws: DeviceError.self) {
        _ = try await speeds.measure(graph, batch: 1) { _ in
          throw DeviceError.noDevice(reason: "none is real")
        }
      }
      #expect(speeds.times(graph, batch: 1) == nil)
    }
  }
}
