import GPUMLDevice
import GPUMLGraph
import Synchronization

/// Whether launches go to the driver one by one or are replayed from its command buffers.
package enum ReplayMode: String, Sendable {
  case off
  case on
  /// As measured for each plan.
  case measured
}

/// Which plans are replayed on a store's device, as far as it has been measured, now or before.
///
/// A replay gives the same bits as the launches that were recorded, so that the choice is one of speed.
package final class ReplayChoices: Sendable {
  typealias Findings = [String: ReplayFinding]

  /// How launches are recorded; nil where they never are.
  let functions: CommandBufferFunctions?
  let mode: ReplayMode
  private let record: CacheRecord<Findings>?
  /// nil before the record has been read.
  private let known = Mutex<Findings?>(nil)

  private static let mostFindings = 1000

  init(_ context: DeviceContext, mode: ReplayMode) {
    self.mode = mode
    functions = mode == .off ? nil : context.commandBuffers
    record = mode == .measured ? ReplayChoices.record(context) : nil
  }

  private static func record(_ context: DeviceContext) -> CacheRecord<Findings>? {
    guard context.commandBuffers != nil else { return nil }
    return CacheRecord(
      context.cachePath, name: "replay", subject: context.device.identity, format: 1)
  }

  /// A line for each plan that is replayed on a device: what a run records.
  package static func lines(on context: DeviceContext) -> [String] {
    (record(context)?.read() ?? [:]).values.filter(\.isReplayed).map(\.text).sorted()
  }

  /// What is known of a plan.
  func finding(_ plan: Plan) -> ReplayFinding? { withFindings { $0[plan.fingerprint] } }

  /// Keeps what was found of a plan.
  func add(_ finding: ReplayFinding, of plan: Plan) {
    let all = withFindings { findings in
      if findings.count >= ReplayChoices.mostFindings { findings = [:] }
      findings[plan.fingerprint] = finding
      return findings
    }
    record?.write(all)
  }

  private func withFindings<Result: Sendable>(_ body: (inout Findings) -> Result) -> Result {
    known.withLock { known in
      var findings = known ?? record?.read() ?? [:]
      defer { known = findings }
      return body(&findings)
    }
  }
}

extension Plan {
  /// A text that tells plans apart, the same in every process.
  fileprivate var fingerprint: String { String(StableHash.fnv1a(description), radix: 16) }
}
