import GPUMLGraph
import GPUMLReference
import Testing

@testable import GPUMLRuntime

/// The comparison with the reference must report what is wrong, however small: the negative controls
/// of all that it proves.
@Suite("Comparison with the reference")
struct ComparisonTests {
  // MARK: Gradients

  /// The gradient of a trial by its first operand, and what random rounding makes of it.
  private func gradient(
    _ values: [Double], _ dtype: DType = .float32,
    _ build: @escaping @Sendable (Tensor) throws -> Tensor
  ) throws -> (exact: ReferenceTensor, comparison: Comparison) {
    let subject = TrialSubject("test_subject", "a function of one operand") { _ in
      Trial([Trial.Operand([values.count], dtype, .given(values))]) { [try build($0[0])] }
    }
    let item = try TrialCase(subject, place: 0, seed: 1)
    let outputs = item.outputs.filter { $0.name.hasSuffix(".g0") }
    let state = ReferenceState()
    let exact = try ReferenceEvaluator.run(
      Graph(outputs: item.outputs), inputs: item.inputs, state: state
    ).outputs
    let spreads = try Conformance.spreads([outputs], item.inputs, state, around: exact)
    let name = try #require(outputs.first?.name)
    return (
      try #require(exact[name]),
      Comparison(tolerance: .exact, spread: spreads[name], keepsDenormals: true)
    )
  }

  /// The elements with one of them multiplied.
  private func changed(_ tensor: ReferenceTensor, at place: Int, by factor: Double) -> HostTensor {
    var tensor = tensor
    tensor.values[place] *= factor
    return tensor.hostTensor
  }

  @Test("a wrong gradient of one element is reported, also where others are much larger")
  func smallElement() throws {
    for (exact, comparison) in try [softmaxOfRange(), squaresOfRange()] {
      #expect(comparison.mismatch(exact.hostTensor, exact) == nil)
      let sizes = exact.values.map { abs($0) }
      let smallest = try #require(sizes.indices.min { sizes[$0] < sizes[$1] })
      let largest = try #require(sizes.max())
      #expect(sizes[smallest] * 1e4 < largest, "\(sizes)")
      for place in exact.values.indices {
        let near = changed(exact, at: place, by: 1 + 5e-5)
        #expect(comparison.mismatch(near, exact) == nil)
        for factor in [1.001, 0.999, -1, 0] {
          let wrong = changed(exact, at: place, by: factor)
          #expect(comparison.mismatch(wrong, exact) != nil, "element \(place) times \(factor)")
        }
      }
    }
  }

  @Test("in 16 bits a few roundings are let pass, and a gradient off by a tenth is not")
  func storage() throws {
    let values = [0.34375, -1.71875, 2.125, 3.0625, -0.0703125]
    for (dtype, near, far) in [(DType.bfloat16, 0.012, 0.1), (.float16, 0.0015, 0.0125)] {
      for build in [
        { try $0 * $0 }, { try $0.exp() }, { try 1.5 / $0 },
      ] as [@Sendable (Tensor) throws -> Tensor] {
        let (exact, comparison) = try gradient(values, dtype, build)
        #expect(comparison.mismatch(exact.hostTensor, exact) == nil)
        for place in exact.values.indices {
          for sign in [1.0, -1] {
            let passes = changed(exact, at: place, by: 1 + sign * near)
            #expect(comparison.mismatch(passes, exact) == nil, "\(dtype), element \(place)")
            let wrong = changed(exact, at: place, by: 1 + sign * far)
            #expect(comparison.mismatch(wrong, exact) != nil, "\(dtype), element \(place)")
          }
        }
      }
    }
  }

  private func softmaxOfRange() throws -> (exact: ReferenceTensor, comparison: Comparison) {
    try gradient([-14, -7, 0.5, 3, 3.25]) { try $0.softmax(axis: 0) }
  }

  private func squaresOfRange() throws -> (exact: ReferenceTensor, comparison: Comparison) {
    try gradient([1e-4, 3e3, -1e-2, 7]) { try $0 * $0 }
  }

  @Test("where terms cancel, what their rounding leaves is let pass and more is not")
  func cancellation() throws {
    // The gradient is w·(1000.1 − 1000.0999): each term is rounded at 6e-5.
    let (exact, comparison) = try gradient([0.3, 1.7]) { try $0 * 1000.1 - $0 * 1000.0999 }
    func moved(by distance: Double) -> HostTensor {
      var tensor = exact
      tensor.values[0] += distance
      return tensor.hostTensor
    }
    #expect(exact.values.allSatisfy { abs($0) < 1e-3 })
    #expect(comparison.mismatch(moved(by: 6e-5), exact) == nil)
    #expect(comparison.mismatch(moved(by: 0.05), exact) != nil)
  }

  // MARK: Infinities

  @Test("an infinity is let pass where rounding on the way leads out of range, and only there")
  func overflow() {
    let reference = ReferenceTensor(shape: [2], dtype: .float16, values: [-0.88, 1])
    let comparison = Comparison(
      tolerance: Trial.Tolerance(), spread: [.infinity, 1e-3], keepsDenormals: true)
    func found(_ values: [Double]) -> String? {
      comparison.mismatch(HostTensor(doubles: values, shape: [2], dtype: .float16), reference)
    }
    #expect(found([-.infinity, 1]) == nil && found([-0.88, 1]) == nil)
    #expect(found([-.infinity, .infinity]) != nil && found([-.infinity, 1.5]) != nil)
  }

  @Test("an infinity in another place or of another sign is reported")
  func infinities() {
    let infinity = Double.infinity
    let reference = ReferenceTensor(
      shape: [4], dtype: .float32, values: [infinity, 1, -infinity, .nan])
    let others: [[Double]] = [
      [-infinity, 1, -infinity, .nan], [infinity, infinity, -infinity, .nan],
      [infinity, 1, infinity, .nan], [1e38, 1, -infinity, .nan], [.nan, 1, -infinity, .nan],
      [infinity, .nan, -infinity, .nan], [infinity, 1, -infinity, infinity],
      [infinity, 1, -infinity, 0], [1, infinity, -infinity, .nan],
    ]
    let loose = Trial.Tolerance(relative: 1e3, absolute: 1e3, terms: 1000)
    for comparison in [
      Comparison(tolerance: .exact, keepsDenormals: true),
      Comparison(tolerance: loose, magnitude: [1, 1, 1, 1], keepsDenormals: false),
      Comparison(tolerance: loose, spread: [9, 9, 9, 9], keepsDenormals: true),
    ] {
      #expect(comparison.mismatch(reference.hostTensor, reference) == nil)
      for other in others {
        let found = HostTensor(doubles: other, shape: [4], dtype: .float32)
        #expect(comparison.mismatch(found, reference) != nil, "\(other)")
      }
    }
  }

  @Test("another shape, another type and another sign of an exact zero are reported")
  func types() {
    let reference = ReferenceTensor(shape: [2], dtype: .float32, values: [0, 1])
    let exact = Comparison(tolerance: .exact, keepsDenormals: true)
    #expect(exact.mismatch(HostTensor([0, 1] as [Float]), reference) == nil)
    #expect(exact.mismatch(HostTensor([-0.0, 1] as [Float]), reference) != nil)
    let numbers = Comparison(tolerance: .exactNumbers, keepsDenormals: true)
    #expect(numbers.mismatch(HostTensor([-0.0, 1] as [Float]), reference) == nil)
    #expect(numbers.mismatch(HostTensor([0, 1.0000001] as [Float]), reference) != nil)
    #expect(exact.mismatch(HostTensor([0, 1, 2] as [Float]), reference) != nil)
    #expect(exact.mismatch(HostTensor([0, 1] as [Float16]), reference) != nil)
  }

  // MARK: Updates

  static let updates = PrimitiveRegistry.all.filter { $0 is any UpdatePrimitive.Type }.map {
    $0.name
  }

  @Test("an update with one wrong constant is reported", arguments: updates)
  func wrongConstant(name: String) throws {
    let subject = try #require(TrialTable.primitives.first { $0.name == name })
    // What slots begin with plays no part in a step.
    var unnoticed: Set<String> = []
    var noticed: Set<String> = []
    for place in 0..<20 {
      let item = try TrialCase(subject, place: place, seed: 1)
      let state = ReferenceState(step: 1, learningRate: Conformance.learningRate, lossScale: 4)
      func values(_ updates: [Update]) throws -> [Variable: ReferenceTensor] {
        let variables = Dictionary(uniqueKeysWithValues: item.variables.map { ($0.0, $0.1) })
        return try ReferenceEvaluator.run(
          Graph(outputs: [], updates: updates), inputs: item.inputs, variables: variables,
          state: state
        ).updates
      }
      let expected = try values(item.updates)
      let comparison = Comparison(tolerance: item.trial.tolerance, keepsDenormals: true)
      for (constant, wrong) in try WrongConstants(of: name, in: item.updates).all {
        let found = try values(wrong)
        let isNoticed = expected.contains { variable, reference in
          found[variable].map { comparison.mismatch($0.hostTensor, reference) != nil } ?? true
        }
        if isNoticed { noticed.insert(constant) } else { unnoticed.insert(constant) }
      }
    }
    #expect(!noticed.isEmpty)
    let missed = unnoticed.subtracting(noticed).subtracting(["initial_accumulator"])
    #expect(missed.isEmpty, "\(name) with a wrong \(missed)")
  }
}

/// The updates of a trial with one constant of one primitive wrong.
private struct WrongConstants {
  private(set) var all: [(constant: String, updates: [Update])] = []

  init(of name: String, in updates: [Update]) throws {
    let own = updates.map(\.value.node).filter { $0.primitive.name == name }
    for (constant, value) in own.first?.primitive.attributes.values ?? [:] {
      var attributes = own[0].primitive.attributes
      switch value {
      case .double(let number) where number != 0:
        attributes.values[constant] = .double(number * 0.95)
      case .bool(let isSet): attributes.values[constant] = .bool(!isSet)
      default: continue
      }
      let primitive = try PrimitiveRegistry.primitive(named: name, attributes)
      // Without momentum, or not centered, there are other slots.
      guard
        (primitive as? any UpdatePrimitive)?.slotKinds
          == (own[0].primitive as? any UpdatePrimitive)?.slotKinds
      else { continue }
      var nodes: [ObjectIdentifier: Node] = [:]
      for node in own { nodes[ObjectIdentifier(node)] = try Node(primitive, node.inputs) }
      all.append(
        (
          constant,
          updates.map { update in
            guard let node = nodes[ObjectIdentifier(update.value.node)] else { return update }
            return Update(variable: update.variable, value: node.output(update.value.index))
          }
        ))
    }
  }
}
