import FoundationEssentials
import GPUMLDevice
import GPUMLGraph
import GPUMLReference
import Testing

@testable import GPUMLRuntime

/// Every primitive, and what is composed of them, on both kernel families against the float64
/// reference: random shapes, attributes, views and element types from one table.
@Suite("Conformance", .serialized)
struct ConformanceTests {
  /// How many trials a subject has: `GPUML_TRIALS`, or 20.
  static let trials = ProcessInfo.processInfo.environment["GPUML_TRIALS"].flatMap { Int($0) } ?? 20
  /// The seed of all trials: `GPUML_TRIAL_SEED`, or 1. Failures name it.
  static let seed =
    ProcessInfo.processInfo.environment["GPUML_TRIAL_SEED"].flatMap { UInt64($0) } ?? 1

  /// The names of those that are tried: `GPUML_TRIAL_SUBJECTS`, separated by commas, or all.
  static let subjects: [String] = {
    let chosen = ProcessInfo.processInfo.environment["GPUML_TRIAL_SUBJECTS"]
    return chosen?.split(separator: ",").map(String.init) ?? TrialTable.all.map(\.name)
  }()

  static func subject(_ name: String) throws -> TrialSubject {
    try #require(TrialTable.all.first { $0.name == name })
  }

  /// One a family, so that all subjects share compiled kernels.
  static let conformances: [KernelFamily: Conformance] = {
    var all: [KernelFamily: Conformance] = [:]
    for (family, context) in Harness.contexts {
      do {
        all[family] = try Conformance(
          context, seed: seed, options: Harness.planOptions(packing: false), keep: Harness.keep)
      } catch {
        Issue.record(error)
      }
    }
    return all
  }()

  @Test("devices agree with float64", arguments: subjects, Harness.families)
  func agrees(name: String, family: KernelFamily) async throws {
    let subject = try ConformanceTests.subject(name)
    let conformance = try #require(ConformanceTests.conformances[family])
    // So many to a program that compiling pays, and none grows too large.
    let share = 25
    for start in stride(from: 0, to: ConformanceTests.trials, by: share) {
      let cases = try (start..<min(start + share, ConformanceTests.trials)).map {
        try TrialCase(subject, place: $0, seed: ConformanceTests.seed)
      }
      for failure in await conformance.failures(cases) {
        Issue.record("\(family), seed \(ConformanceTests.seed), \(failure)")
      }
    }
  }

  @Test("every primitive is in the table of trials")
  func complete() {
    // Given and kept from outside.
    let exempt: Set = ["input", "variable"]
    let missing = Set(PrimitiveRegistry.names).subtracting(ConformanceTests.subjects)
    #expect(missing.subtracting(exempt).isEmpty, "\(missing.sorted()) have no trials")
    #expect(Set(ConformanceTests.subjects).count == ConformanceTests.subjects.count)
  }
}
