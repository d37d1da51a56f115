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
  /// What was tried at all, compositions too.
  private var tried: Set<KernelVariant> = []
  /// What was to be tried.
  private let subjects: [TrialSubject]
  private let primitiveNames: Set<String>

  init(family: KernelFamily, subjects: [TrialSubject]) {
    self.family = family
    self.subjects = subjects
    primitiveNames = Set(subjects.filter(\.isPrimitive).map(\.name))
  }

  /// Whether nothing failed.
  package var isHealthy: Bool { failures.isEmpty }
  /// Whether every primitive was tried with the kernels that runs use.
  package var isComplete: Bool { !untried(family).contains(where: \.isPrimitive) }

  /// How many primitives were tried with a family.
  package func primitives(_ family: KernelFamily) -> Int {
    subjects.count { $0.isPrimitive && isKnown($0, family) }
  }

  /// How much that is composed of primitives was tried with a family.
  package func compositions(_ family: KernelFamily) -> Int {
    subjects.count { !$0.isPrimitive && isKnown($0, family) }
  }

  /// What was not tried with a family at all, for want of time.
  package func untried(_ family: KernelFamily) -> [TrialSubject] {
    subjects.filter { !isKnown($0, family) }
  }

  /// What is known to fail counts as tried, though it may have shown in the trial of another.
  private func isKnown(_ subject: TrialSubject, _ family: KernelFamily) -> Bool {
    let variant = KernelVariant(subject.name, family)
    return tried.contains(variant) || failing.contains(variant)
  }

  /// What becomes of a failure in later runs.
  package func consequence(of failure: SelfTestFailure) -> String {
    guard let variant = failure.variant else { return "nothing is disabled for it" }
    switch variant.form {
    case .packed: return "\(variant) disabled, used in place instead"
    case .matrix: return "\(variant) disabled, tiles used instead"
    case .plain: break
    }
    let other = KernelVariant(variant.primitive, variant.family.other)
    if disabled.contains(other) { return "\(variant) disabled, none is left" }
    let isTried = tried.contains(other)
    return "\(variant) disabled, \(other) used instead\(isTried ? "" : " though not tried")"
  }

  /// Whether it is a primitive, and one that is to be tried.
  func isPrimitive(_ name: String) -> Bool { primitiveNames.contains(name) }

  /// Whether a subject was tried in a job's way.
  func hasTried(_ name: String, _ job: SelfTestJob) -> Bool {
    tried.contains(job.variant(of: name))
  }

  mutating func add(_ found: [SelfTestFailure]) {
    failures += found
    failing.formUnion(found.compactMap(\.variant))
  }

  mutating func add(_ job: SelfTestJob, trials: Int) {
    self.trials += trials
    tried.formUnion(job.subjects.map(job.variant))
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
