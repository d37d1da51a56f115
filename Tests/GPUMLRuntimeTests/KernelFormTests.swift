import GPUMLDevice
import GPUMLGraph
import GPUMLReference
import Testing

@testable import GPUMLRuntime

/// Forms of kernels that only long axes or many elements choose, in sizes just beyond where they
/// begin or with plan options that let them begin sooner: few elements, for Oclgrind
/// (`Scripts/check-kernels`). Each case first shows that the form is the one that is launched.
@Suite("Kernel forms", .serialized)
struct KernelFormTests {
  private static func input(
    _ name: String, _ shape: [Int], _ dtype: DType = .float32
  ) throws -> Tensor {
    try .input(name, shape: [Dim](shape), dtype: dtype)
  }

  @Test("reductions in two passes", arguments: Harness.families)
  func reductions(family: KernelFamily) async throws {
    let (x, y) = (try Self.input("x", [2, 130]), try Self.input("y", [70, 5]))
    let launches = try Harness.launches(
      [try x.sum(axes: [1]), try y.max(axes: [0])], family: family, cutting: true)
    #expect(launches.count { $0.function == "reduce_rows" } == 2)
    #expect(launches.count { $0.function == "reduce_columns" } == 2)
    try await Harness.compare(
      [
        try x.sum(axes: [1]), try x.variance(axes: [1]), try x.logSumExp(axes: [1]),
        try y.max(axes: [0]), try y.l2Norm(axes: [0]),
      ],
      ["x": try Harness.random([2, 130], seed: 1), "y": try Harness.random([70, 5], seed: 2)],
      family: family, relative: 3e-5, cutting: true)
  }

  @Test("the place of the largest, along rows and between columns", arguments: Harness.families)
  func places(family: KernelFamily) async throws {
    let x = try Self.input("x", [2, 5, 71])
    let outputs = [try x.argmax(axis: 1), try x.argmin(axis: 0), try x.argmax(axis: 2)]
    let launches = try Harness.launches(outputs, family: family)
    let names =
      family == .cpu
      ? ["argmax_columns", "argmax_columns", "argmax_rows"] : ["argmax", "argmax", "argmax"]
    #expect(launches.map(\.function).sorted() == names)
    // Equal values: the first counts.
    let values = try Harness.random([2, 5, 71], seed: 9).doubles.map { Float(($0 * 2).rounded()) }
    try await Harness.compare(
      outputs, ["x": HostTensor(values, shape: [2, 5, 71])], family: family)
  }

  @Test("scans of chunks", arguments: Harness.families)
  func scans(family: KernelFamily) async throws {
    let (x, y) = (try Self.input("x", [2, 130]), try Self.input("y", [70, 5]))
    let launches = try Harness.launches(
      [try x.cumulativeSum(axis: 1), try y.cumulativeProduct(axis: 0)], family: family,
      cutting: true)
    #expect(launches.count { $0.function == "scan_rows" } == 3)
    #expect(launches.count { $0.function == "scan_columns" } == 3)
    let factors = try Self.input("factors", [70, 5])
    try await Harness.compare(
      [
        try x.cumulativeSum(axis: 1, reversed: true),
        try y.linearRecurrence(factors: factors, axis: 0, form: .shifted),
      ],
      [
        "x": try Harness.random([2, 130], seed: 3), "y": try Harness.random([70, 5], seed: 4),
        "factors": try Harness.random([70, 5], seed: 5, scale: 0.3),
      ], family: family, absolute: 3e-5, cutting: true)
  }

  @Test("what the table's first trials may leave empty", arguments: Harness.families)
  func softmaxAndRange(family: KernelFamily) async throws {
    // A size that only the plan knows, as constants are computed before.
    let x = try Tensor.input("x", shape: [3, .symbol("n")])
    try await Harness.compare(
      [try x.softmax(), try Tensor.range(count: .symbol("n"), from: 2, by: 3)],
      ["x": try Harness.random([3, 21], seed: 21)], family: family)
  }

  @Test("truth values are counted and joined, in vectors too", arguments: Harness.families)
  func truths(family: KernelFamily) async throws {
    // Four vectors, one, and what is left over.
    let x = try Self.input("x", [5, 21], .bool)
    var outputs: [Tensor] = []
    for axis in [0, 1] {
      outputs += [
        try x.sum(axes: [axis]), try x.any(axes: [axis]), try x.all(axes: [axis]),
        try x.cumulativeSum(axis: axis),
      ]
    }
    try await Harness.compare(
      outputs, ["x": try Harness.integers([5, 21], below: 2, seed: 6).converted(to: .bool)],
      family: family, relative: 0, absolute: 0)
  }

  @Test("lines in order by several runs", arguments: Harness.families)
  func orders(family: KernelFamily) async throws {
    let x = try Self.input("x", [1030])
    let outputs = [try x.topK(600).indices, try x.topK(600).values]
    // Runs of 512 are merged in two rounds.
    let merges = try Harness.launches(outputs, family: family)
      .count { $0.function == "sort_merge" }
    #expect(merges == (family == .gpu ? 2 : 0))
    try await Harness.compare(
      outputs,
      ["x": try Harness.integers([1030], below: 100, seed: 7).converted(to: .float32)],
      family: family, relative: 0, absolute: 0)
  }

  @Test(
    "of equal places that a sort's gradient is given the last counts", arguments: Harness.families)
  func equalPlaces(family: KernelFamily) async throws {
    for (shape, axis) in [([2100], 0), ([3, 40, 7], 1)] {
      let (g, given) = (try Self.input("g", shape), try Self.input("places", shape, .int32))
      // Some lie outside.
      let places = try Harness.integers(shape, below: 20, seed: 9)
      try await Harness.compare(
        [try SortGradient(axis: axis, size: 18)(g, given - 1)],
        ["g": try Harness.random(shape, seed: 10), "places": places], family: family, relative: 0,
        absolute: 0, note: "\(shape)")
    }
  }

  @Test("elements that are not 0, and keys, tile by tile", arguments: Harness.families)
  func tiles(family: KernelFamily) async throws {
    // Tiles of a CPU have 4096 elements and 1024 keys, those of a GPU 16.
    let (shape, keyCount) = family == .cpu ? ([82, 50], 1030) : ([11, 30], 330)
    let (x, keys) = (try Self.input("x", shape), try Self.input("keys", [keyCount], .uint32))
    let order = try KeyOrder()(keys)
    for launch in try Harness.launches([try x.countNonZero(), order], family: family)
    where ["non_zero_count", "order_count", "order_move"].contains(launch.function) {
      let (count, block) = (launch.numbers[0], launch.numbers[1])
      #expect(block < count, "\(launch.label)")
    }
    try await Harness.compare(
      [try x.nonZero(), try x.countNonZero(), order],
      [
        "x": try Harness.integers(shape, below: 3, seed: 11).converted(to: .float32),
        "keys": try Harness.integers([keyCount], below: 1 << 30, seed: 12).converted(to: .uint32),
      ], family: family, relative: 0, absolute: 0)
  }

  @Test("row norms with partial sums of columns, and of long rows", arguments: Harness.families)
  func rowNorms(family: KernelFamily) async throws {
    // Chunks of a CPU have 256 rows, those of a GPU 64.
    let rows = family == .cpu ? 260 : 70
    let x = try Self.input("x", [rows, 3])
    let (gamma, beta) = (try Self.input("gamma", [3]), try Self.input("beta", [3]))
    let upstream = try Self.input("upstream", [rows, 3])
    let loss = try (x.layerNorm(gamma: gamma, beta: beta) * upstream).sum()
    let outputs = try gradients(of: loss, withRespectTo: [x, gamma, beta])
    let launches = try Harness.launches(outputs, family: family)
    #expect(launches.count { $0.function == "row_norm_columns" } == 1)
    #expect(launches.count { $0.function == "reduce_columns" } == 2)
    let long = try Self.input("long", [1, 1030])
    try await Harness.compare(
      outputs + [try long.rmsNorm()],
      [
        "x": try Harness.random([rows, 3], seed: 13), "gamma": try Harness.random([3], seed: 14),
        "beta": try Harness.random([3], seed: 15),
        "upstream": try Harness.random([rows, 3], seed: 16),
        "long": try Harness.random([1, 1030], seed: 17),
      ], family: family, relative: 1e-4, absolute: 1e-4)
  }

  @Test("an update and a norm of a parameter in chunks", arguments: Harness.families)
  func chunks(family: KernelFamily) async throws {
    let count = 16_500
    let parameter = try Variable(shape: [count], initializer: .constant(0.5))
    let gradient = try Self.input("gradient", [count])
    let norm = try globalNorm(of: [gradient])
    let updates = try LAMBUpdate(weightDecay: 0.1).updates(
      [parameter], gradients: [gradient], scale: clippingScale(norm: norm, maximum: 1))
    let graph = try Graph(outputs: [.init("norm", norm)], updates: updates)
    let store = try VariableStore(
      Harness.sharedContext(family), variables: Harness.named(updates.map(\.variable)), seed: 5,
      options: Harness.planOptions(packing: false))
    var state = StepState()
    state.learningRate = 0.01
    try await store.setStepState(state)
    let session = try Session(graph, store: store)
    let inputs = ["gradient": try Harness.random([count], seed: 18)]
    var values: [Variable: HostTensor] = [:]
    for variable in graph.variables { values[variable] = try await store.value(of: variable) }
    let found = try #require(try await session.run(inputs)["norm"]).doubles[0]
    let expected = try ReferenceEvaluator.run(
      graph, inputs: inputs, variables: values, state: ReferenceState(learningRate: 0.01))
    let length = try #require(expected.outputs["norm"]).values[0]
    #expect(abs(found - length) < 1e-5 * length)
    for (variable, reference) in expected.updates {
      let worst = Harness.worstMismatch(
        try await store.value(of: variable).doubles, reference.values, relative: 1e-5,
        absolute: 1e-6)
      #expect(worst == nil, "\(variable.role): \(worst ?? "")")
    }
  }

  @Test("transposes of every width past the caches", arguments: Harness.families)
  func transposes(family: KernelFamily) async throws {
    // Rows of the result end with a cache line; the columns leave some over.
    let types: [DType] = [.uint8, .float16, .float32, .int64]
    var inputs: [String: HostTensor] = [:]
    for dtype in types {
      inputs["\(dtype)"] = try Harness.integers([128, 37], below: 200, seed: 22)
        .converted(to: dtype)
    }
    let outputs = try types.map { try Self.input("\($0)", [128, 37], $0).transposed() }
    let launches = try Harness.launches(outputs, family: family, cutting: true)
    let streaming = launches.count { launch in
      launch.instance.options.contains { $0.name == "STREAMS" && $0.value == "1" }
    }
    #expect(streaming == (family == .cpu ? types.count : 0))
    try await Harness.compare(
      outputs, inputs, family: family, relative: 0, absolute: 0, cutting: true)
  }

  @Test("softmax and its loss of long rows in 16 bits", arguments: Harness.families)
  func longRows(family: KernelFamily) async throws {
    // A CPU keeps the first 1024 exponentials of a row and computes the others again.
    let labels = try Self.input("labels", [3], .int32)
    var outputs: [Tensor] = []
    var inputs = ["labels": try Harness.integers([3], below: 1050, seed: 23)]
    for dtype in [DType.float16, .bfloat16] {
      let x = try Self.input("\(dtype)", [3, 1050], dtype)
      let loss = try x.softmaxCrossEntropy(labels: labels)
      outputs += [
        try x.softmax(), loss, try gradients(of: loss.sum(), withRespectTo: [x])[0],
      ]
      inputs["\(dtype)"] = try Harness.random([3, 1050], seed: 24).converted(to: dtype)
    }
    try await Harness.compare(
      outputs, inputs, family: family, relative: 1.6e-2, absolute: 6e-8)
  }

  @Test("elements that several work-items share", arguments: Harness.families)
  func shares(family: KernelFamily) async throws {
    // Shares of a CPU have 16384 elements; those of a GPU are less than a group.
    let columns = family == .cpu ? 8_300 : 150
    let x = try Self.input("x", [2, columns])
    let index = try Self.input("index", [9], .int32)
    let padded = try x.padded(before: [0, 3], after: [0, 40], mode: .reflect)
    let outputs = [
      try x.exp(), try x.sliced(axis: 1, from: 1, by: 2), try x.transposed(), padded,
      try x.lowerTriangle(offset: columns / 2), try x.gathered(at: index, axis: 1),
      try x.scatterAdding(x.sliced(axis: 1, to: 9), at: index, axis: 1),
      try gradients(of: (padded * padded).sum(), withRespectTo: [x])[0],
    ]
    try await Harness.compare(
      outputs,
      [
        "x": try Harness.random([2, columns], seed: 19),
        "index": try Harness.integers([9], below: columns, seed: 20),
      ], family: family)
  }
}

extension Launch {
  /// The whole numbers among the arguments.
  var numbers: [Int] {
    arguments.compactMap {
      if case .int(let number) = $0 { Int(number) } else { nil }
    }
  }
}
