import GPUMLDevice
import GPUMLReference

/// What a self-test of a device has found.
package struct SelfTestReport: Sendable {
  /// The family that plans on the device use.
  package let family: KernelFamily
  package private(set) var failures: [SelfTestFailure] = []
  /// The trials that were run.
  package private(set) var trials = 0
  /// The trials that time did not allow.
  package internal(set) var skipped = 0
  package internal(set) var seconds = 0.0
  /// The variants that are to blame for failures.
  package private(set) var failing: Set<KernelVariant> = []
  /// All that later runs do without, once the record is kept.
  package private(set) var disabled: Set<KernelVariant> = []
  /// What was disabled before and passes now.
  package private(set) var enabled: Set<KernelVariant> = []
  /// The variants that were tried at all.
  private var tried: Set<KernelVariant> = []
  private var subjects: Set<String> = []
  private let primitiveNames: Set<String>

  init(family: KernelFamily, subjects: [TrialSubject]) {
    self.family = family
    primitiveNames = Set(subjects.filter(\.isPrimitive).map(\.name))
  }

  package var isHealthy: Bool { failures.isEmpty }
  /// How many primitives were tried.
  package var primitives: Int { subjects.count { primitiveNames.contains($0) } }
  /// How much that is composed of them was tried.
  package var compositions: Int { subjects.count - primitives }

  /// What becomes of a failure in later runs.
  package func consequence(of failure: SelfTestFailure) -> String {
    guard let variant = failure.variant else { return "nothing is disabled for it" }
    switch variant.form {
    case .packed: return "\(variant) disabled, used in place instead"
    case .matrix: return "\(variant) disabled, tiles used instead"
    case .plain: break
    }
    let other = KernelVariant(variant.primitive, variant.family.other)
    return disabled.contains(other)
      ? "\(variant) disabled, none is left" : "\(variant) disabled, \(other) used instead"
  }

  func isPrimitive(_ name: String) -> Bool { primitiveNames.contains(name) }

  mutating func add(_ found: [SelfTestFailure]) {
    failures += found
    failing.formUnion(found.compactMap(\.variant))
  }

  mutating func add(_ job: SelfTestJob, trials: Int) {
    self.trials += trials
    subjects.formUnion(job.subjects)
    tried.formUnion(job.subjects.filter(isPrimitive).map(job.variant))
  }

  /// Replaces a device's record: what was tried is told anew, what was not stays.
  ///
  /// - Throws: `SystemError` if the record cannot be written.
  package mutating func keep(in record: VariantRecord?) throws {
    let before = record?.read() ?? []
    disabled = before.subtracting(tried).union(failing)
    enabled = before.subtracting(disabled)
    try record?.write(disabled)
  }
}
