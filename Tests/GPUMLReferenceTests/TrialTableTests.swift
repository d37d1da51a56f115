import GPUMLGraph
import GPUMLReference
import Testing

/// What the table of trials covers, whatever a device makes of it.
@Suite("Table of trials")
struct TrialTableTests {
  private static let trials = 20

  private static func subject(_ name: String) throws -> TrialSubject {
    try #require(TrialTable.all.first { $0.name == name })
  }

  @Test(
    "the fast set's trials reach each element type that is claimed",
    arguments: TrialTable.primitives.map(\.name))
  func types(name: String) throws {
    let subject = try TrialTableTests.subject(name)
    let reached = Set((0..<TrialTableTests.trials).map { subject.dtype($0) })
    #expect(reached == Set(subject.dtypes), "\(subject.dtypes.filter { !reached.contains($0) })")
  }

  /// What has no input whose sizes could be symbols, has variables, whose sizes are numbers, or names
  /// sizes in its attributes.
  private static let numeric: Set = [
    "constant", "expand", "eye", "range", "slice_range", "split_sizes", "random_bits",
    "random_exponential", "random_integer", "random_normal", "random_truncated_normal",
    "random_uniform", "normal_around", "truncated_normal", "uniform_between", "adagrad_update",
    "adam_update", "clip_by_norm", "ema_update", "lamb_update", "lion_update", "rmsprop_update",
    "sgd_update",
  ]

  @Test(
    "sizes are symbols in some trials of what names none",
    arguments: TrialTable.all.map(\.name))
  func symbols(name: String) throws {
    let subject = try TrialTableTests.subject(name)
    let cases = try (0..<TrialTableTests.trials).map {
      try TrialCase(subject, place: $0, seed: 1, mostElements: 50, differentiates: false)
    }
    let isSymbolic = try cases.contains { try $0.isSymbolic && !$0.symbols.isEmpty }
    #expect(isSymbolic != TrialTableTests.numeric.contains(name))
  }
}
