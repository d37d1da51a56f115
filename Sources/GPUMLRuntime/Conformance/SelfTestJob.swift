import GPUMLDevice

/// Trials of one number that are run in one graph: the unit that is handed to a runner.
package struct SelfTestJob: Sendable, Codable {
  /// Why a trial is run by itself: it has failed beside others.
  package struct Suspicion: Sendable, Codable {
    /// The number of the trials that failed together.
    let group: Int
    /// What was wrong.
    let detail: String
  }

  /// The names of what is tried.
  package var subjects: [String]
  package let family: KernelFamily
  package let form: KernelVariant.Form
  package let place: Int
  package let seed: UInt64
  /// What is known to be wrong in the family.
  package var disabled: Set<KernelVariant> = []
  /// Whether to look for what is to blame among all that takes part.
  package var searches = true
  /// How long it may take; nil for as long as it needs.
  package var seconds: Double?
  /// Set if its one subject is to be examined.
  package var suspicion: Suspicion?

  /// Compiling is what takes time: at first only what kernels compute by themselves.
  package var differentiates: Bool { place >= 2 }

  /// Whether it is a first trial of what runs use.
  func isEssential(to family: KernelFamily) -> Bool { place == 0 && self.family == family }

  /// The variant of a primitive that the job tries.
  package func variant(of subject: String) -> KernelVariant {
    KernelVariant(subject, family, KernelVariant.packed.contains(subject) ? form : .plain)
  }
}

/// What came of a job.
package struct SelfTestResult: Sendable, Codable {
  package internal(set) var failures: [SelfTestFailure] = []
  /// What failed beside other trials, and was not tried by itself.
  package internal(set) var suspects: [SelfTestSuspect] = []
  /// The trials that were run.
  package internal(set) var trials = 0
}

/// A trial that fails beside others, one of which may be to blame.
package struct SelfTestSuspect: Sendable, Codable {
  let subject: String
  /// Which trial, and what is wrong.
  let detail: String
}

/// A trial that fails by itself.
package struct SelfTestFailure: Sendable, Codable {
  /// The primitive or the composed computation.
  package let subject: String
  package let family: KernelFamily
  package let form: KernelVariant.Form
  /// Which trial, and what is wrong.
  package let detail: String
  /// What is disabled for it; nil if no single variant is to blame.
  package let variant: KernelVariant?

  init(_ subject: String, _ job: SelfTestJob, _ detail: String, _ variant: KernelVariant?) {
    self.subject = subject
    family = job.family
    form = job.form
    self.detail = detail
    self.variant = variant
  }
}

/// Runs jobs, one at a time.
package protocol SelfTestRunner: Sendable {
  /// - Throws: If the job has no result: `SelfTestOutOfTime` if its time is over, or else the
  ///   runner's process ended or does not answer.
  func run(_ job: SelfTestJob) async throws -> SelfTestResult
}

/// The time of a job was over before it had a result.
package struct SelfTestOutOfTime: Error {
  package init() {}
}
