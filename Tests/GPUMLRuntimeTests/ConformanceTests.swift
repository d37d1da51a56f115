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
  /// How many trials a primitive has: `GPUML_TRIALS`, or 20.
  static let trials = ProcessInfo.processInfo.environment["GPUML_TRIALS"].flatMap { Int($0) } ?? 20
  /// The seed of all trials and graphs: `GPUML_TRIAL_SEED`, or 1. It is printed once, and failures
  /// name it.
  static let seed: UInt64 = {
    let given = ProcessInfo.processInfo.environment["GPUML_TRIAL_SEED"].flatMap { UInt64($0) }
    let seed = given ?? 1
    print("Seed \(seed): \(trials) trials of each primitive, \(graphs) random graphs")
    return seed
  }()

  /// The names of those that are tried: `GPUML_TRIAL_SUBJECTS`, separated by commas, every tenth
  /// from the third on for `GPUML_TRIAL_PART=3/10`, or all.
  static let subjects: [String] = {
    let environment = ProcessInfo.processInfo.environment
    if let chosen = environment["GPUML_TRIAL_SUBJECTS"] {
      return chosen.split(separator: ",").map(String.init)
    }
    let all = TrialTable.all.map(\.name)
    let part = (environment["GPUML_TRIAL_PART"] ?? "").split(separator: "/").compactMap { Int($0) }
    guard part.count == 2, part[1] > 0 else { return all }
    return all.indices.filter { $0 % part[1] == part[0] % part[1] }.map { all[$0] }
  }()

  static func subject(_ name: String) throws -> TrialSubject {
    try #require(TrialTable.all.first { $0.name == name })
  }

  /// One a family, so that all subjects share compiled kernels.
  static let conformances = conformances(Harness.planOptions(packing: false))

  /// The same with kernels that are optimised, as users' are, whatever the environment says.
  static let optimized: [KernelFamily: Conformance] = {
    var options = Harness.planOptions(packing: false)
    options.buildOptions = ""
    return conformances(options)
  }()

  private static func conformances(_ options: PlanOptions) -> [KernelFamily: Conformance] {
    var all: [KernelFamily: Conformance] = [:]
    for (family, context) in Harness.contexts {
      do {
        all[family] = try Conformance(context, seed: seed, options: options)
      } catch {
        Issue.record(error)
      }
    }
    return all
  }

  /// The most elements of an operand: `GPUML_TRIAL_ELEMENTS`, or 2000. Tools want fewer.
  static let elements =
    ProcessInfo.processInfo.environment["GPUML_TRIAL_ELEMENTS"].flatMap { Int($0) } ?? 2000

  @Test("devices agree with float64", arguments: subjects, Harness.families)
  func agrees(name: String, family: KernelFamily) async throws {
    let subject = try ConformanceTests.subject(name)
    let conformance = try #require(ConformanceTests.conformances[family])
    // So many to a program that compiling pays, and none grows too large.
    let share = 25
    // What is composed adds no kernel of its own, only another use of them.
    let trials = subject.isPrimitive ? ConformanceTests.trials : (ConformanceTests.trials + 3) / 4
    // The reference's gradients are checked by themselves; here some of each type suffice.
    let differentiated = Set(
      Dictionary(grouping: 0..<trials) { subject.dtype($0) }.flatMap { dtype, places in
        places.indices.filter { $0.isMultiple(of: dtype == .float32 ? 2 : 4) }.map { places[$0] }
      })
    for start in stride(from: 0, to: trials, by: share) {
      let cases = try (start..<min(start + share, trials)).map {
        try TrialCase(
          subject, place: $0, seed: ConformanceTests.seed, mostElements: ConformanceTests.elements,
          differentiates: trials > 20 || differentiated.contains($0))
      }
      for failure in await conformance.failures(cases) {
        Issue.record("\(family), seed \(ConformanceTests.seed), \(failure)")
      }
    }
    let device = try Harness.sharedContext(family).device
    #expect(
      conformance.declaresBuiltins || !KernelLibrary.takesDeclarations(device),
      "a kernel calls a function that Prelude/builtins does not declare")
  }

  @Test(
    "kernels for GPUs agree in small work-groups too",
    .enabled(if: SelfTestTests.isFull && Harness.families.contains(.gpu), "only with GPUML_FULL=1"),
    arguments: [16, 64])
  func smallGroups(items: Int) async throws {
    var options = Harness.planOptions(packing: false)
    options.mostGroupItems = items
    let conformance = try Conformance(
      Harness.sharedContext(.gpu), seed: ConformanceTests.seed, options: options)
    let cases = try ConformanceTests.subjects.flatMap { name in
      let subject = try ConformanceTests.subject(name)
      return try (0..<2).map {
        try TrialCase(
          subject, place: $0, seed: ConformanceTests.seed, mostElements: ConformanceTests.elements,
          differentiates: false)
      }
    }
    for start in stride(from: 0, to: cases.count, by: 40) {
      let share = Array(cases[start..<min(start + 40, cases.count)])
      for failure in await conformance.failures(share) {
        Issue.record("groups of \(items), seed \(ConformanceTests.seed), \(failure)")
      }
    }
  }

  /// How many random graphs there are: `GPUML_GRAPHS`, or 30. A few run on both families, the
  /// others on one by turns.
  static let graphs = ProcessInfo.processInfo.environment["GPUML_GRAPHS"].flatMap { Int($0) } ?? 30

  /// The only one to run, by its number, to look into it: `GPUML_GRAPH`.
  static let onlyGraph = ProcessInfo.processInfo.environment["GPUML_GRAPH"].flatMap { Int($0) }

  @Test("random graphs, rewritten and fused, agree with the reference", arguments: Harness.families)
  func graphs(family: KernelFamily) async throws {
    // Optimising takes twice the time, so that every other graph is compiled without.
    let conformances = try [ConformanceTests.conformances, ConformanceTests.optimized].map {
      try #require($0[family])
    }
    var counts: [Int] = []
    for place in ConformanceTests.onlyGraph.map({ $0..<($0 + 1) }) ?? 0..<ConformanceTests.graphs
    where place < 4 || place.isMultiple(of: 2) == (family == .cpu) {
      let item = try RandomGraph(place, seed: ConformanceTests.seed)
      counts.append(item.size)
      if let failure = await conformances[counts.count % 2].failure(item) {
        Issue.record("\(family), seed \(ConformanceTests.seed), number \(place), \(failure)")
      }
    }
    #expect(
      (counts.max() ?? 0) >= 20 || ConformanceTests.onlyGraph != nil, "of \(counts) nodes")
  }

  @Test("a rewrite that changes the meaning of a graph is found", arguments: Harness.families)
  func faultyRewrite(family: KernelFamily) async throws {
    let conformance = try #require(ConformanceTests.conformances[family])
    var changed = 0
    for place in 0..<4 {
      let item = try RandomGraph(place, seed: 2)
      // The first output a little off, as by a constant folded wrongly.
      let outputs = try item.graph.outputs.enumerated().map { index, output in
        guard index == 0, output.tensor.dtype == .float32 else { return output }
        changed += 1
        return Graph.Output(output.name, try output.tensor * 1.01 + 0.01)
      }
      let failure = await conformance.failure(item)
      #expect(failure == nil, "\(failure?.description ?? "")")
      if outputs.first?.tensor != item.graph.outputs.first?.tensor {
        let found = await conformance.failure(item, planned: try Graph(outputs: outputs))
        #expect(found != nil)
      }
    }
    #expect(changed > 0)
  }

  @Test("every primitive is in the table of trials")
  func complete() {
    // Given and kept from outside.
    let exempt: Set = ["input", "variable"]
    // Of all, not of those that the environment chooses.
    let tried = TrialTable.all.map(\.name)
    let missing = Set(PrimitiveRegistry.names).subtracting(tried).subtracting(exempt)
    #expect(missing.isEmpty, "\(missing.sorted()) have no trials")
    #expect(Set(tried).count == tried.count)
  }
}
