import FoundationEssentials
import GPUMLDevice
import GPUMLGraph
import GPUMLReference
import Testing

@testable import GPUMLRuntime

/// Runs graphs on the device and on the reference, and compares.
enum Harness {
  /// The kernel families under test: both, unless the environment forces one.
  static let families: [KernelFamily] = {
    let forced = ProcessInfo.processInfo.environment["GPUML_KERNELS"]
    return KernelFamily.allCases.filter { forced == nil || $0.rawValue == forced }
  }()

  static let contexts: [KernelFamily: DeviceContext] = {
    var contexts: [KernelFamily: DeviceContext] = [:]
    for family in families {
      do {
        contexts[family] = try context(family)
      } catch {
        Issue.record(error)
      }
    }
    return contexts
  }()

  static func context(
    _ family: KernelFamily, profiling: Bool = false, memoryLimit: Int? = nil
  ) throws -> DeviceContext {
    var environment = ProcessInfo.processInfo.environment
    environment["GPUML_KERNELS"] = family.rawValue
    let device = try #require(try Device.all().first)
    return try DeviceContext(
      device: device, profiling: profiling, memoryLimit: memoryLimit, environment: environment)
  }

  static func sharedContext(_ family: KernelFamily) throws -> DeviceContext {
    try #require(contexts[family])
  }

  /// Random numbers, most of them between −2 and 2.
  static func random(_ shape: [Int], seed: UInt64, scale: Float = 1) throws -> HostTensor {
    var generator = Philox(seed: seed, stream: 77)
    let count = try #require(HostTensor.elementCount(of: shape))
    return try HostTensor((0..<count).map { _ in generator.normal() * scale }, shape: shape)
  }

  static func integers(_ shape: [Int], below limit: Int, seed: UInt64) throws -> HostTensor {
    var generator = Philox(seed: seed, stream: 78)
    let count = try #require(HostTensor.elementCount(of: shape))
    return try HostTensor(
      (0..<count).map { _ in Int32(Int.random(in: 0..<limit, using: &generator)) }, shape: shape)
  }

  /// Runs `outputs` on a family and on the reference and expects the same within a tolerance.
  ///
  /// - Parameter relative: Of each element; `absolute` is added to it.
  static func compare(
    _ outputs: [Tensor], _ inputs: [String: HostTensor], family: KernelFamily,
    relative: Double = 1e-5, absolute: Double = 1e-6, note: String = "",
    packing: Bool = false, cutting: Bool = false,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let graph = try Graph(
      outputs: outputs.enumerated().map { Graph.Output("o\($0.offset)", $0.element) })
    let (store, session) = try session(
      graph, family: family, options: planOptions(packing: packing, cutting: cutting))
    let values = try await session.run(inputs)
    var variables: [Variable: HostTensor] = [:]
    for variable in graph.variables { variables[variable] = try await store.value(of: variable) }
    let expected = try ReferenceEvaluator.run(
      graph, inputs: inputs, variables: variables,
      state: ReferenceState(seed: 5, learningRate: 1e-3))
    for output in graph.outputs {
      let value = try #require(values[output.name])
      let reference = try #require(expected.outputs[output.name])
      #expect(value.shape == reference.shape, sourceLocation: sourceLocation)
      let worst = worstMismatch(
        value.doubles, reference.values, relative: relative, absolute: absolute)
      #expect(
        worst == nil, "\(family) \(output.name) \(note) \(worst ?? "")",
        sourceLocation: sourceLocation)
    }
  }

  /// Runs sums of products on a family and expects each within terms·2⁻²³·Σ|products| of the reference.
  ///
  /// The sum of magnitudes is what the same graph gives for operands without their signs. What is stored
  /// with 16 bits on the way is rounded in the reference too, and so is the result, of which the last
  /// place may differ.
  static func compareSums(
    _ outputs: [Tensor], _ inputs: [String: HostTensor], terms: Int, family: KernelFamily,
    packing: Bool = false, cutting: Bool = false, options: PlanOptions? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let graph = try Graph(
      outputs: outputs.enumerated().map { Graph.Output("o\($0.offset)", $0.element) })
    let (_, session) = try session(
      graph, family: family,
      options: options ?? planOptions(packing: packing, cutting: cutting))
    let values = try await session.run(inputs)
    let expected = try ReferenceEvaluator.run(graph, inputs: inputs, rounding: .toType).outputs
    let magnitudes = try ReferenceEvaluator.run(
      graph,
      inputs: inputs.mapValues {
        HostTensor(doubles: $0.doubles.map(abs), shape: $0.shape, dtype: $0.dtype)
      }
    ).outputs
    for output in graph.outputs {
      let value = try #require(values[output.name])
      let reference = try #require(expected[output.name])
      let magnitude = try #require(magnitudes[output.name])
      #expect(value.shape == reference.shape, sourceLocation: sourceLocation)
      let lastPlace =
        switch value.dtype {
        case .float16: 0x1p-10
        case .bfloat16: 0x1p-7
        default: 0.0
        }
      for (place, element) in value.doubles.enumerated() {
        let bound =
          value.dtype.isFloating
          ? Double(terms) * 0x1p-23 * magnitude.values[place]
            + lastPlace * abs(reference.values[place]) : 0
        let distance = abs(element - reference.values[place])
        #expect(
          distance <= bound,
          "\(family) \(output.name) element \(place): \(element), not \(reference.values[place])",
          sourceLocation: sourceLocation)
        if !(distance <= bound) { break }
      }
    }
  }

  /// A store for a graph and a session on it, kept while tools are watching.
  static func session(
    _ graph: Graph, family: KernelFamily, options: PlanOptions = planOptions(packing: false)
  ) throws -> (VariableStore, Session) {
    let store = try VariableStore(
      sharedContext(family), variables: named(graph.variables), seed: 5, options: options)
    let session = try Session(graph, store: store)
    return (store, session)
  }

  /// The launches for a graph without symbols.
  static func launches(
    _ outputs: [Tensor], family: KernelFamily, packing: Bool = false, cutting: Bool = false,
    options: PlanOptions? = nil
  ) throws -> [Launch] {
    let graph = try Graph(
      outputs: outputs.enumerated().map { Graph.Output("o\($0.offset)", $0.element) })
    let (_, session) = try session(
      graph, family: family,
      options: options ?? planOptions(packing: packing, cutting: cutting))
    return try session.plan([:]).launches
  }

  /// The usual options, or those that send every product through panels and tiles or cut every line.
  static func planOptions(packing: Bool, cutting: Bool = false) -> PlanOptions {
    var options = PlanOptions(environment: ProcessInfo.processInfo.environment)
    // Nothing here is about speed, which is what would be measured.
    if options.replay == .measured { options.replay = .off }
    options.packsSmallProducts = packing
    options.cutsShortLines = cutting
    return options
  }

  /// The first element that is out of tolerance.
  static func worstMismatch(
    _ values: [Double], _ reference: [Double], relative: Double, absolute: Double
  ) -> String? {
    guard values.count == reference.count else { return "\(values.count) elements" }
    // Not a loop over a sequence, which takes long unoptimised.
    var index = -1
    while index < values.count - 1 {
      index += 1
      let value = values[index], expected = reference[index]
      if value.isNaN && expected.isNaN || value == expected { continue }
      let bound = absolute + relative * abs(expected)
      if !(abs(value - expected) <= bound) {
        return "element \(index): \(value), not \(expected)"
      }
    }
    return nil
  }

  static func named(_ variables: [Variable]) -> [NamedVariable] {
    variables.enumerated().map { NamedVariable(name: "v\($0.offset)", variable: $0.element) }
  }
}
