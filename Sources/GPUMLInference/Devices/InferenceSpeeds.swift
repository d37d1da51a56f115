import GPUMLDevice
import GPUMLGraph
import GPUMLRuntime

/// Which device predicts fastest, as it has been measured on this machine.
///
/// What was measured holds for one graph, one class of batches, and one set of devices with their
/// drivers; it is kept in the user's cache folder. Before anything has been measured, a rule by the size
/// of the batch decides (`Device.select`).
package struct InferenceSpeeds: Sendable {
  /// How long a batch took on a device.
  package struct Time: Sendable, Codable, Equatable {
    /// What tells the device and its driver from others.
    package let device: [String]
    package let seconds: Double
  }

  private typealias Findings = [String: [Time]]

  private static let mostFindings = 500

  /// The devices that are worth measuring.
  package let candidates: [Device]
  private let record: CacheRecord<Findings>?

  /// - Parameters:
  ///   - devices: All devices of this machine that the process sees.
  ///   - folder: Gives the path of a file in the cache; nil where nothing is kept.
  package init(
    _ devices: [Device], folder: (String) -> String? = { DeviceContext.defaultCachePath($0) }
  ) {
    let cpus = devices.filter { $0.isCPU && !$0.isInThread }
    let threaded = try? Device.choose(among: cpus, for: .training, request: .cpu).device
    candidates = devices.filter { $0.isGPU || $0.isInThread || $0 == threaded }
    record = CacheRecord(
      folder, name: "inference", subject: candidates.flatMap(InferenceSpeeds.identity), format: 1)
  }

  /// What was measured; nil if nothing was.
  package func times(_ graph: Graph, batch: Int) -> [Time]? {
    record?.read()?[InferenceSpeeds.key(graph, batch)]
  }

  /// The device that was measured fastest, and why; nil if nothing was measured.
  package func choice(_ graph: Graph, batch: Int) -> DeviceChoice? {
    times(graph, batch: batch).flatMap { choice($0, batch: batch) }
  }

  /// The fastest of some times.
  package func choice(_ times: [Time], batch: Int) -> DeviceChoice? {
    let sorted = times.sorted { $0.seconds < $1.seconds }
    guard let best = sorted.first,
      let device = candidates.first(where: { InferenceSpeeds.identity($0) == best.device })
    else { return nil }
    let others = sorted.dropFirst().map { InferenceSpeeds.microseconds($0.seconds) }
    let against = others.isEmpty ? "" : " against \(others.joined(separator: " and "))"
    return DeviceChoice(
      device: device,
      reason: "inference on \(device): measured fastest for \(BatchClass(batch)) "
        + "(\(InferenceSpeeds.microseconds(best.seconds)) µs\(against))",
      warning: nil)
  }

  /// Measures a batch on every candidate, by turns, and keeps what was found.
  ///
  /// - Parameters:
  ///   - work: Prepares predictions of the batch on a device, and returns what makes one.
  ///   - seconds: How long each device is measured about.
  /// - Returns: The times of those devices that can do it; the error of the last if none can.
  package func measure(
    _ graph: Graph, batch: Int, seconds: Double = 0.15,
    _ work: (Device) async throws -> (() async throws -> Void)
  ) async throws -> [Time] {
    var ready: [(device: Device, run: () async throws -> Void)] = []
    var failure: (any Error)?
    for device in candidates {
      do {
        ready.append((device, try await work(device)))
      } catch {
        failure = error
      }
    }
    if ready.isEmpty, let failure { throw failure }
    let rounds = 3
    var medians = [[Double]](repeating: [], count: ready.count)
    for _ in 0..<rounds {
      for (place, item) in ready.enumerated() {
        let times = try await MeasuredTimes(seconds: seconds / Double(rounds), item.run)
        medians[place].append(times.median)
      }
    }
    let times = zip(ready, medians).map { item, medians in
      Time(
        device: InferenceSpeeds.identity(item.device), seconds: medians.sorted()[rounds / 2])
    }
    keep(times, graph, batch: batch)
    return times
  }

  private func keep(_ times: [Time], _ graph: Graph, batch: Int) {
    guard let record else { return }
    var findings = record.read() ?? [:]
    if findings.count >= InferenceSpeeds.mostFindings { findings = [:] }
    findings[InferenceSpeeds.key(graph, batch)] = times
    record.write(findings)
  }

  /// What tells a device from others: of a team also how many threads it has.
  static func identity(_ device: Device) -> [String] {
    device.identity + (device.isTeam ? ["\(device.threads) threads"] : [])
  }

  /// The graph whatever its variables' values and names are, and the class of the batch.
  private static func key(_ graph: Graph, _ batch: Int) -> String {
    let names = Dictionary(
      graph.variables.enumerated().map { ($0.element, "v\($0.offset)") }, uniquingKeysWith: { $1 })
    let text = (try? graph.encodedJSON(names: names)) ?? ""
    return "\(String(StableHash.fnv1a(text), radix: 16)) \(BatchClass(batch))"
  }

  private static func microseconds(_ seconds: Double) -> String {
    let tenths = (seconds * 1e7).rounded()
    return tenths < 1000 ? "\(tenths / 10)" : "\(Int((tenths / 10).rounded()))"
  }
}
