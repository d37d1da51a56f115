import FoundationEssentials
import GPUMLDevice
import GPUMLGraph
import GPUMLReference
import Testing

@testable import GPUMLRuntime

/// Matrix units: their probe, and the twin of their kernel, which differs from it in the multiplication of
/// one fragment alone.
@Suite("Matrix units", .serialized, .enabled(if: Harness.families.contains(.gpu)))
struct MatrixUnitTests {
  /// Options by which every product goes through the twin, in tiles of this size.
  static func options(
    _ tile: MatMulMatrixTile, _ units: MatrixUnits = .tf32
  ) -> PlanOptions {
    var options = Harness.planOptions(packing: true)
    options.matrixUnits = .twin(units)
    for operand in MatrixOperand.allCases {
      for shapes in MatMulShapeClass.all { options.tuning[shapes.key(operand)] = tile.values }
    }
    return options
  }

  /// Random numbers that TF32 has.
  static func random(_ shape: [Int], seed: UInt64) throws -> HostTensor {
    let values = try Harness.random(shape, seed: seed).values(as: Float.self)
    return try HostTensor(values.map { MatrixOperand.tf32.rounded($0) }, shape: shape)
  }

  /// Fragments one by one, and several along each direction.
  static let tiles = [
    MatMulMatrixTile(16, 8, 1, 1, words: 8), MatMulMatrixTile(64, 32, 2, 2, words: 16),
  ]
  static let sizes = [(17, 7, 1), (1, 127, 17), (7, 100, 127), (127, 17, 100)]

  @Test(
    "the twin gives the reference's products of ragged shapes, of all types, with an epilogue",
    arguments: sizes.indices)
  func products(index: Int) async throws {
    let (m, n, k) = MatrixUnitTests.sizes[index]
    let shapes = ["a": [m, k], "ta": [k, m], "b": [k, n], "tb": [n, k], "bias": [n]]
    var inputs: [String: HostTensor] = [:]
    for (name, shape) in shapes {
      inputs[name] = try MatrixUnitTests.random(shape, seed: UInt64(name.count + shape[0]))
    }
    var outputs: [Tensor] = []
    let tensors = try Dictionary(
      uniqueKeysWithValues: shapes.map { ($0, try Tensor.input($0, shape: [Dim]($1))) })
    func input(_ name: String) throws -> Tensor { try #require(tensors[name]) }
    for (place, operand) in MatrixOperand.allCases.enumerated() {
      // Each size takes another way for each type, all of them together each way for each type.
      let ways = SelfTestTests.isFull ? Array(0..<4) : [(index + place) % 4]
      for way in ways {
        let (turnsLeft, turnsRight) = (way / 2 == 1, way % 2 == 1)
        let left = try input(turnsLeft ? "ta" : "a").cast(to: operand.dtype)
        let right = try input(turnsRight ? "tb" : "b").cast(to: operand.dtype)
        let product = try left.matmul(
          right, transposesLeft: turnsLeft, transposesRight: turnsRight)
        // The reference rounds a product of 16 bits before what follows; ReLU does not mind.
        outputs.append(
          way == 3
            ? product : try (operand == .tf32 ? product + input("bias") : product).relu())
      }
    }
    let names = Set(
      try Graph(outputs: outputs.enumerated().map { Graph.Output("\($0.offset)", $0.element) })
        .inputs.map(\.label))
    let options = MatrixUnitTests.options(MatrixUnitTests.tiles[index % 2])
    try await Harness.compareSums(
      outputs, inputs.filter { names.contains($0.key) }, terms: k + 3, family: .gpu,
      options: options)
    let launches = try Harness.launches(outputs, family: .gpu, options: options)
    let products = launches.count { $0.label.hasPrefix("matmul") }
    #expect(launches.count { $0.function == "matmul_matrix" } == products)
    #expect(products == outputs.count)
  }

  @Test("the twin passes the table's trials of products, batches and slices among them")
  func trials() async throws {
    let options = MatrixUnitTests.options(MatrixUnitTests.tiles[1], .exact)
    for cuts in [false, true] {
      var options = options
      options.cutsShortLines = cuts
      let conformance = try Conformance(
        Harness.sharedContext(.gpu), seed: ConformanceTests.seed, options: options)
      let subject = try ConformanceTests.subject(MatMul.name)
      let count = max(6, ConformanceTests.trials / 3)
      let cases = try (0..<count).map {
        try TrialCase(
          subject, place: $0 + (cuts ? count : 0), seed: ConformanceTests.seed,
          mostElements: ConformanceTests.elements)
      }
      for failure in await conformance.failures(cases) {
        Issue.record("seed \(ConformanceTests.seed), \(failure)")
      }
    }
  }

  @Test("few results of many terms are summed in slices by the twin, the epilogue in a second pass")
  func slices() async throws {
    let (m, n, k) = (6, 10, 330)
    let x = try Tensor.input("x", shape: [Dim(k), Dim(m)])
    let w = try Tensor.input("w", shape: [Dim(k), Dim(n)])
    let y = try x.cast(to: .float16).matmul(w.cast(to: .float16), transposesLeft: true)
      .cast(to: .float32).relu()
    var options = MatrixUnitTests.options(MatrixUnitTests.tiles[0])
    options.cutsShortLines = true
    let functions = try Harness.launches([y], family: .gpu, options: options).map(\.function)
    #expect(functions.suffix(3) == ["matmul_matrix", "matmul_matrix", "matmul_slices"])
    try await Harness.compareSums(
      [y],
      [
        "x": Harness.random([k, m], seed: 1), "w": Harness.random([k, n], seed: 2),
      ], terms: k + 3, family: .gpu, options: options)
  }

  @Test(
    "operands of float32 are rounded to nearest, ties away from zero, in the twin as on the host")
  func rounding() async throws {
    let operand = MatrixOperand.tf32
    let pairs: [(Float, Float)] = [
      (1 + 0x1p-11, 1 + 0x1p-10), (-1 - 0x1p-11, -1 - 0x1p-10), (1 + 0x1.ffep-12, 1),
      (1 + 0x1p-10, 1 + 0x1p-10), (0, 0), (0x1.fffp127, .infinity), (.infinity, .infinity),
      (0x1p-130, 0x1p-130), (0x1p-140, 0),
    ]
    for (value, expected) in pairs {
      #expect(operand.rounded(value) == expected, "\(value)")
    }
    #expect(operand.rounded(.nan).isNaN)
    #expect(MatrixOperand.bfloat16.rounded(1 + 0x1p-11) == 1 + 0x1p-11)
    // Each row of the left operand has one number, and the right operand is 1 there.
    var numbers = pairs.map(\.0) + [Float.nan, -.infinity]
    // A number that is none, with nothing in the bits that the units look at.
    numbers.append(Float(bitPattern: 0x7f80_0001))
    numbers += try Harness.random([40], seed: 9).values(as: Float.self)
    let count = numbers.count
    let x = try Tensor.input("x", shape: [Dim(count), 1])
    let one = try Tensor.input("one", shape: [1, 9])
    let (_, session) = try Harness.session(
      Graph(outputs: [.init("y", x.matmul(one))]), family: .gpu,
      options: MatrixUnitTests.options(MatrixUnitTests.tiles[0]))
    let values = try await session.run([
      "x": HostTensor(numbers, shape: [count, 1]),
      "one": HostTensor([Float](repeating: 1, count: 9), shape: [1, 9]),
    ])
    let found = try #require(values["y"]).values(as: Float.self)
    let keepsDenormals = try Harness.sharedContext(.gpu).device.keepsDenormals
    for (row, number) in numbers.enumerated() {
      let expected = operand.rounded(number)
      for column in 0..<9 {
        let value = found[row * 9 + column]
        let isRight =
          value == expected || value.isNaN && expected.isNaN
          || expected.isSubnormal && !keepsDenormals && value == 0
        #expect(isRight, "\(number) became \(value), not \(expected)")
      }
    }
  }

  @Test(
    "the driver refuses what it does not know, and the probe says no",
    arguments: MatrixOperand.allCases)
  func refusal(operand: MatrixOperand) throws {
    let context = try Harness.sharedContext(.gpu)
    try #require(DeviceClass(context.device) != .nvidia, "a device that may have matrix units")
    let library = KernelLibrary(context, options: Harness.planOptions(packing: false))
    #expect(throws: DeviceError.self) { try MatrixProbe(operand, library).passes() }
    #expect(!MatrixProbe(operand, library).offers())
    #expect(!MatrixProbe.finds(on: context))
  }

  @Test(
    "the probe passes the twin, and finds words in the wrong lanes",
    arguments: MatrixOperand.allCases)
  func probe(operand: MatrixOperand) throws {
    let context = try Harness.sharedContext(.gpu)
    var options = Harness.planOptions(packing: false)
    #expect(try MatrixProbe(operand, KernelLibrary(context, options: options)).passes(isPTX: false))
    let fault = try SeededFault("/matmul_matrix_gpu", "NEVER", by: "NEVER")
    let text = try KernelFiles.text(MatMulMatrixTile.file)
    let wrong = text.replacing("row / 8 + word / 4 * 2", with: "row / 8 * 2 + word / 4")
    try #require(wrong != text)
    try wrong.write(
      toFile: "\(fault.folder)/\(MatMulMatrixTile.file).cl", atomically: true, encoding: .utf8)
    options.kernelFolder = fault.folder
    #expect(
      try !MatrixProbe(operand, KernelLibrary(context, options: options)).passes(isPTX: false))
  }

  @Test(
    "float32 products stay exact unless TF32 is permitted; what is disabled or off goes by tiles")
  func choices() throws {
    let shape: [Dim] = [40, 40]
    let (x, w) = (try Tensor.input("x", shape: shape), try Tensor.input("w", shape: shape))
    let half = try x.cast(to: .bfloat16).matmul(w.cast(to: .bfloat16))
    let single = try x.matmul(w)
    func functions(_ use: MatrixUnitUse, _ disabled: Set<KernelVariant> = []) throws -> [String] {
      var options = Harness.planOptions(packing: true)
      options.matrixUnits = use
      options.disabled = disabled
      return try [half, single].map {
        try #require(Harness.launches([$0], family: .gpu, options: options).last?.function)
      }
    }
    let (units, tile) = ("matmul_matrix", "matmul_tile")
    #expect(try functions(.twin(.exact)) == [units, tile])
    #expect(try functions(.twin(.tf32)) == [units, units])
    #expect(try functions(.twin(.off)) == [tile, tile])
    #expect(try functions(.off) == [tile, tile])
    if DeviceClass(try Harness.sharedContext(.gpu).device) != .nvidia {
      #expect(try functions(.probed) == [tile, tile])
    }
    for operand in MatrixOperand.allCases {
      #expect(!MatrixUnits.off.permits(operand) && MatrixUnits.tf32.permits(operand))
      #expect(MatrixUnits.exact.permits(operand) == (operand != .tf32))
      #expect(MatrixOperand(storage: operand.storage) == operand)
    }
    #expect(MatrixOperand(storage: "int") == nil)
    let choice = KernelChoice(.gpu, disabled: [KernelVariant("matmul", .gpu, .matrix)])
    #expect(!choice.allows(.matrix, of: "matmul", .gpu))
    #expect(choice.allows(.packed, of: "matmul", .gpu))
  }

  @Test("tiles fit their device, and parameters that do not fit each other are none")
  func tileParameters() throws {
    for (items, memory) in [(64, 16 << 10), (128, 32 << 10), (1024, 48 << 10)] {
      let limits = WorkGroupLimits(items: items, sizes: [items, items, 64], localMemory: memory)
      for shapes in MatMulShapeClass.all {
        for isPTX in [true, false] {
          guard let tile = MatMulMatrixTile.shipped(shapes, limits: limits, isPTX: isPTX) else {
            #expect(items < 128)
            continue
          }
          let used = tile.localMemory(
            transposesLeft: shapes.transposesLeft, transposesRight: shapes.transposesRight,
            isPTX: isPTX)
          #expect(tile.isValid && tile.items <= items && used <= memory)
          #expect(MatMulMatrixTile(tile.values) == tile)
        }
        // All that NVIDIA's devices offer, of which the shipped tiles make use.
        if items == 1024 {
          let tile = MatMulMatrixTile.shipped(shapes, limits: limits)
          #expect(tile?.words == 16)
        }
      }
    }
    let right = MatMulMatrixTile().values
    #expect(MatMulMatrixTile(right) != nil)
    for change in [
      ["MWG": 24], ["NWG": 0], ["WORDS": 12], ["MWARPS": 3], ["NWARPS": 9],
      ["MWG": 256, "NWG": 256],
      ["MWG": .max], ["OTHER": 1],
    ] {
      #expect(MatMulMatrixTile(right.merging(change) { $1 }) == nil, "\(change)")
    }
  }

  @Test(
    "a search has its space, and its trial finds a wrong result", arguments: MatrixOperand.allCases)
  func tuning(operand: MatrixOperand) async throws {
    let context = try Harness.sharedContext(.gpu)
    for shapes in MatMulShapeClass.all {
      let subject = TuningSubject(shapes, operand)
      let space = try #require(TuningSpace(subject, .gpu, context.device))
      let changed = space.axes.joined().compactMap { space.changing(space.shipped, by: $0) }
      #expect(changed.count >= 6 && changed.allSatisfy { MatMulMatrixTile($0) != nil })
      #expect(subject.key(.gpu) != shapes.key(.gpu))
    }
    let shapes = MatMulShapeClass(.small, transposesLeft: true, transposesRight: false)
    let trial = try TuningTrial(
      TuningSubject(shapes, operand), rows: 33, columns: 29, depth: 41, mostCompared: 33)
    let options = MatrixUnitTests.options(MatrixUnitTests.tiles[0])
    #expect(try trial.hasTiles(on: context, options: options))
    let execution = try await trial.run(context, options: options)
    var result = try #require(try execution.results(binding: 0).outputs["c"])
      .converted(to: .float32).values(as: Float.self)
    result[400] += 0.1
    #expect(throws: TuningTrial.Wrong.self) { try trial.compare(result) }
    // Without matrix units there is nothing of them to tune.
    #expect(
      TuningSubject.all([shapes], on: context).count == 1
        || DeviceClass(context.device) == .nvidia)
  }

  @Test("what is asked for is read from the environment, and anything else refused")
  func environment() throws {
    #expect(try MatrixUnits(environment: [:]) == .exact)
    #expect(try MatrixUnits(environment: ["GPUML_MATRIX_UNITS": "tf32"]) == .tf32)
    #expect(try MatrixUnits(environment: ["GPUML_MATRIX_UNITS": "off"]) == .off)
    let device = try #require(try Device.all().first)
    #expect(throws: DeviceError.self) {
      try DeviceContext(device: device, environment: ["GPUML_MATRIX_UNITS": "fp8"])
    }
    let context = try DeviceContext(device: device, matrixUnits: .tf32, environment: [:])
    #expect(context.matrixUnits == .tf32)
  }
}
