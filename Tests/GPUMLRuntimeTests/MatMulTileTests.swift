import GPUMLDevice
import GPUMLGraph
import GPUMLReference
import Testing

@testable import GPUMLRuntime

@Suite("Tiles of products for GPUs")
struct MatMulTileTests {
  /// Tiles that differ in every parameter; small, because compiling is what takes time.
  static let tiles: [MatMulGPUTile] = [
    tile(16, 32, 8, 8, 8, 2, 4), tile(32, 16, 16, 4, 4, 8, 1, kwi: 4, strm: 1, strn: 0),
    tile(8, 8, 8, 4, 4, 1, 2, kwi: 1), tile(16, 16, 8, 8, 8, 2, 2, sa: 0),
    tile(16, 16, 8, 8, 8, 2, 2, strm: 1, sb: 0), tile(16, 24, 4, 4, 2, 4, 4, sa: 0, sb: 0),
  ]

  static func tile(
    _ mwg: Int, _ nwg: Int, _ kwg: Int, _ mdimc: Int, _ ndimc: Int, _ vwm: Int, _ vwn: Int,
    kwi: Int = 2, strm: Int = 0, strn: Int = 1, sa: Int = 1, sb: Int = 1
  ) -> MatMulGPUTile {
    var tile = MatMulGPUTile()
    (tile.mwg, tile.nwg, tile.kwg, tile.kwi) = (mwg, nwg, kwg, kwi)
    (tile.mdimc, tile.ndimc, tile.vwm, tile.vwn) = (mdimc, ndimc, vwm, vwn)
    (tile.strm, tile.strn, tile.sa, tile.sb) = (strm, strn, sa, sb)
    return tile
  }

  /// Options by which every product goes through tiles, all of them this one.
  static func options(_ tile: MatMulGPUTile) throws -> PlanOptions {
    var options = Harness.planOptions(packing: true)
    for shapes in MatMulShapeClass.all {
      let spread = try #require(
        tile.spreading(
          transposesLeft: shapes.transposesLeft, transposesRight: shapes.transposesRight))
      options.tuning[shapes.key(.gpu)] = spread.values
    }
    return options
  }

  @Test(
    "trials agree with float64 whatever the tile", .enabled(if: Harness.families.contains(.gpu)),
    arguments: tiles.indices)
  func trials(index: Int) async throws {
    let options = try MatMulTileTests.options(MatMulTileTests.tiles[index])
    let conformance = try Conformance(
      Harness.sharedContext(.gpu), seed: ConformanceTests.seed, options: options)
    let subject = try ConformanceTests.subject(MatMul.name)
    // Each tile takes others, all of them together many.
    let count = max(4, ConformanceTests.trials / 5)
    let cases = try (0..<count).map {
      try TrialCase(
        subject, place: index * count + $0, seed: ConformanceTests.seed,
        mostElements: ConformanceTests.elements)
    }
    for failure in await conformance.failures(cases) {
      Issue.record("tile \(index), seed \(ConformanceTests.seed), \(failure)")
    }
  }

  @Test(
    "wide and ragged lines, both operands either way round, three results' types",
    .enabled(if: Harness.families.contains(.gpu)), arguments: tiles.indices)
  func lines(index: Int) async throws {
    let options = try MatMulTileTests.options(MatMulTileTests.tiles[index])
    let context = try Harness.sharedContext(.gpu)
    // All lines whole vectors; then none. Tiles left over at every edge.
    for (m, n, k) in [(40, 48, 24), (37, 45, 19)] {
      let shapes = ["a": [m, k], "ta": [k, m], "b": [k, n], "tb": [n, k], "c": [n]]
      let tensors = try Dictionary(
        uniqueKeysWithValues: shapes.map { ($0, try Tensor.input($0, shape: [Dim]($1))) })
      func tensor(_ name: String) throws -> Tensor { try #require(tensors[name]) }
      let (a, ta, b, tb) = (
        try tensor("a"), try tensor("ta"), try tensor("b"), try tensor("tb")
      )
      let results = [
        try (a.matmul(b) + tensor("c")).relu(),
        try ta.cast(to: .float16).matmul(b.cast(to: .float16), transposesLeft: true),
        try a.cast(to: .bfloat16).matmul(tb.cast(to: .bfloat16), transposesRight: true),
        try ta.matmul(tb, transposesLeft: true, transposesRight: true),
      ]
      let inputs = try shapes.mapValues { try Harness.random($0, seed: UInt64($0.reduce(0, +))) }
      let store = try VariableStore(context, variables: [], seed: 5, options: options)
      let graph = try Graph(
        outputs: results.enumerated().map { Graph.Output("\($0.offset)", $0.element) })
      let session = try Session(graph, store: store)
      let values = try await session.run(inputs)
      // What is rounded before is the reference's too.
      let expected = try ReferenceEvaluator.run(graph, inputs: inputs, rounding: .toType).outputs
      // What rounding to the storage adds.
      for (output, relative) in zip(graph.outputs, [1e-5, 1e-3, 8e-3, 1e-5]) {
        let value = try #require(values[output.name])
        let reference = try #require(expected[output.name])
        let worst = Harness.worstMismatch(
          value.doubles, reference.values, relative: relative,
          absolute: Double(k * k) * 0x1p-22)
        #expect(
          worst == nil, "tile \(index), \(m)×\(n)×\(k), output \(output.name): \(worst ?? "")")
      }
    }
  }

  @Test("shipped tiles fit their device, whatever its groups")
  func shipped() throws {
    let devices = [
      (64, 16 << 10), (128, 32 << 10), (256, 32 << 10), (1024, 48 << 10), (16, 2 << 10),
    ]
    for (items, memory) in devices {
      let limits = WorkGroupLimits(items: items, sizes: [items, items, 64], localMemory: memory)
      for device in DeviceClass.allCases {
        for shapes in MatMulShapeClass.all {
          let tile = try #require(MatMulGPUTile.shipped(shapes, on: device, limits: limits))
          #expect(tile.isValid && tile.items <= items && tile.localMemory <= memory)
          #expect(MatMulGPUTile(tile.values) == tile)
        }
      }
    }
    let none = WorkGroupLimits(items: 1, sizes: [1, 1, 1], localMemory: 1 << 20)
    #expect(MatMulGPUTile.shipped(MatMulShapeClass.all[0], on: .unknown, limits: none) == nil)
    let large = MatMulShapeClass(.large, transposesLeft: false, transposesRight: false)
    let roomy = WorkGroupLimits(items: 1024, sizes: [1024, 1024, 64], localMemory: 48 << 10)
    #expect(MatMulGPUTile.shipped(large, on: .nvidia, limits: roomy)?.mwg == 128)
  }

  @Test(
    "no product and no transpose has more groups than devices take along a dimension but the first",
    .enabled(if: Harness.families.contains(.gpu)))
  func groups() throws {
    let rows = 5_000_000
    let x = try Tensor.input("x", shape: [Dim(rows), 40])
    let w = try Tensor.input("w", shape: [40, 48])
    let narrow = try Tensor.input("narrow", shape: [Dim(rows), 2])
    let v = try Tensor.input("v", shape: [Dim(rows), 70])
    let i = try Tensor.input("i", shape: [Dim(rows), 3], dtype: .int32)
    let small = try Tensor.input("small", shape: [70_000, 3, 5])
    let outputs = [
      try x.matmul(w), try x.cast(to: .bfloat16).matmul(w.cast(to: .bfloat16)),
      try narrow.matmul(narrow.sliced(axis: 0, to: 2), transposesRight: true),
      try v.matmul(v.sliced(axis: 0, to: 1), transposesRight: true),
      try i.matmul(i.sliced(axis: 0, to: 2), transposesRight: true), try x.transposed(),
      try x.reshaped(to: [500_000, 10, 40]).transposed([0, 2, 1]),
      try small.matmul(small, transposesRight: true),
    ]
    var functions: Set<String> = []
    for options in [Harness.planOptions(packing: false), MatrixUnitTests.options(.init())] {
      for output in outputs {
        for launch in try Harness.launches([output], family: .gpu, options: options) {
          functions.insert(launch.function)
          let local = try #require(launch.local).sizes
          let groups = zip(launch.global.sizes, local).map { $0 / $1 }
          #expect(groups.dropFirst().allSatisfy { $0 <= 65535 }, "\(launch.label) \(groups)")
        }
      }
    }
    let expected: Set = [
      "matmul_tile", "matmul_matrix", "matmul_direct", "matmul_integer", "matvec_along",
      "transpose",
    ]
    #expect(expected.subtracting(functions).isEmpty, "\(functions)")
  }

  @Test("parameters that do not fit each other are none")
  func refused() {
    let right = MatMulGPUTile().values
    #expect(MatMulGPUTile(right) != nil)
    let wrong: [[String: Int]] = [
      ["MWG": 63], ["NDIMC": 24], ["VWM": 3], ["KWI": 5], ["MDIMA": 0], ["SA": 2], ["KWG": -16],
      ["MWG": .max], ["MDIMA": 128], ["NDIMB": 4],
    ]
    for change in wrong {
      #expect(MatMulGPUTile(right.merging(change) { $1 }) == nil, "\(change)")
    }
    #expect(MatMulGPUTile(right.filter { $0.key != "STRM" }) == nil)
    #expect(MatMulGPUTile(right.merging(["OTHER": 1]) { $1 }) == nil)
    let parameters = MatMulTile.Parameters()
    #expect(MatMulTile.Parameters(parameters.values) == parameters)
    #expect(MatMulTile.Parameters(["MR": 12]) == nil)
    #expect(MatMulTile.Parameters(parameters.values.merging(["MR": 99]) { $1 }) == nil)
  }

  @Test("makers are told by their names")
  func vendors() {
    let names: [(String, DeviceClass)] = [
      ("NVIDIA Corporation", .nvidia), ("Advanced Micro Devices, Inc.", .amd), ("AMD", .amd),
      ("Intel(R) Corporation", .intel), ("ARM", .mobile), ("QUALCOMM", .mobile), ("", .unknown),
    ]
    for (name, expected) in names { #expect(DeviceClass(vendor: name, isCPU: false) == expected) }
    #expect(DeviceClass(vendor: "GenuineIntel", isCPU: true) == .unknown)
  }

  @Test(
    "few results of many terms are summed in slices, the epilogue in the second pass",
    .enabled(if: Harness.families.contains(.gpu)))
  func slices() async throws {
    for (m, n, dtype) in [(3, 5, DType.float32), (70, 9, .float16), (1, 7, .bfloat16)] {
      let k = 4100
      let x = try Tensor.input("x", shape: [Dim(k), Dim(m)])
      let w = try Tensor.input("w", shape: [Dim(k), Dim(n)])
      let b = try Tensor.input("b", shape: [Dim(n)])
      let product = try x.matmul(w, transposesLeft: true)
      let y = try (product * 0.125 + b).relu().cast(to: dtype)
      let tolerance = dtype == .float32 ? 1e-5 : 1e-2
      try await Harness.compare(
        [y],
        [
          "x": Harness.random([k, m], seed: 1), "w": Harness.random([k, n], seed: 2),
          "b": Harness.random([n], seed: 3),
        ], family: .gpu, relative: tolerance, absolute: 1e-2)
      let store = try VariableStore(Harness.sharedContext(.gpu), variables: [])
      let plan = try Session(Graph(outputs: [.init("y", y)]), store: store).plan([:])
      // The slices of full length and the last one, then their sums.
      #expect(plan.launches.map(\.function).suffix(1) == ["matmul_slices"], "\(plan)")
      #expect(plan.launches.count == 3, "\(plan)")
    }
  }
}
