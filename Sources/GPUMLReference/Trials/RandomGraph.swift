import GPUMLGraph

/// A graph of primitives taken from the table of trials, each fed by those before it.
///
/// What a node adds is kept only if it is finite, of moderate size and hardly changes when the
/// inputs change a little: else a device's rounding could lead to another result, and a comparison
/// would say nothing.
package struct RandomGraph: Sendable {
  /// Outputs are what nothing else uses, some results on the way, and some gradients.
  package let graph: Graph
  /// Values of the inputs by name.
  package let inputs: [String: HostTensor]
  /// The names of the subjects in the order of their use.
  package let subjects: [String]

  /// Draws the graph with a number; the same seed and number always give the same.
  ///
  /// - Parameter sizes: How many primitives it has, besides inputs and constants.
  package init(_ place: Int, seed: UInt64, sizes: ClosedRange<Int> = 5...40) throws {
    var maker = GraphMaker(place, seed: seed)
    try maker.grow(to: maker.random.int(sizes))
    let outputs = try maker.outputs()
    graph = try Graph(
      outputs: outputs.enumerated().map { Graph.Output("y\($0.offset)", $0.element) })
    let names = Set(graph.inputs.map(\.label))
    inputs = maker.inputs.filter { names.contains($0.key) }
    subjects = maker.subjects
  }

  /// The number of primitives besides inputs and constants.
  package var size: Int { graph.nodes.filter { !$0.inputs.isEmpty }.count }
}

/// Grows a graph node by node.
private struct GraphMaker {
  /// A tensor and what it is worth.
  private struct Entry {
    let tensor: Tensor
    let value: ReferenceTensor
    var isUsed = false
  }

  var random: TrialRandom
  private(set) var inputs: [String: HostTensor] = [:]
  private(set) var subjects: [String] = []
  private var entries: [Entry] = []
  private let seed: UInt64

  private static let mostElements = 300
  private static let mostAttempts = 400
  private static let candidates = TrialTable.all

  init(_ place: Int, seed: UInt64) {
    random = TrialRandom(
      seed: seed, name: "random graph", place: place, dtypes: [.float32],
      mostElements: GraphMaker.mostElements)
    self.seed = seed &* 0x9E37_79B9 &+ UInt64(place)
  }

  mutating func grow(to size: Int) throws {
    for _ in 0..<2 {
      let shape = random.shape(ranks: 1...4, orEmpty: false)
      let input = try fresh(Trial.Operand(shape, .float32, .real(low: -2, high: 2)))
      entries.append(Entry(tensor: input.tensor, value: input.value))
    }
    for attempt in 0..<GraphMaker.mostAttempts where nodeCount < size {
      guard let subject = GraphMaker.candidates.randomElement(using: &random) else { return }
      let before = self
      if try !extend(by: subject, attempt) { (entries, inputs) = (before.entries, before.inputs) }
    }
  }

  private var nodeCount: Int {
    Graph.sorted(entries.map(\.tensor)).filter { !$0.inputs.isEmpty }.count
  }

  /// What nothing else uses, a few results on the way, and gradients where they exist.
  mutating func outputs() throws -> [Tensor] {
    var outputs = entries.filter { !$0.isUsed || random.int(0...5) == 0 }.map(\.tensor)
    let smooth = outputs.filter { $0.dtype == .float32 }
    guard let root = smooth.randomElement(using: &random), random.int(0...2) == 0,
      let source = try Graph(outputs: [Graph.Output("root", root)]).inputs
        .first(where: { $0.type.dtype == .float32 })
    else { return outputs }
    guard
      let target = entries.first(where: {
        ($0.tensor.node.primitive as? Input)?.label == source.label
      })
    else { return outputs }
    do {
      let gradient = try gradients(of: root.mean(), withRespectTo: [target.tensor])
      if try isSteady(gradient) { outputs += gradient }
    } catch GraphError.notDifferentiable {
      // Some primitives have no gradient; any other error is a fault.
    }
    return outputs
  }

  // MARK: One more node

  /// Adds what a trial computes from tensors at hand; false if that is of no use.
  private mutating func extend(by subject: TrialSubject, _ attempt: Int) throws -> Bool {
    guard let base = entries.indices.randomElement(using: &random) else { return false }
    let trial = try subject.trial(
      random.int(0...1000), seed: seed &+ UInt64(attempt), mostElements: GraphMaker.mostElements,
      preferredShape: random.int(0...3) == 0 ? nil : entries[base].value.shape)
    // An update changes variables, of which there are none here.
    if trial.changes != nil { return false }
    var operands: [Tensor] = []
    for operand in trial.operands { operands.append(try self.operand(operand)) }
    let results = try trial.build(operands)
    guard try isSteady(results), let values = try evaluate(results, inputs) else { return false }
    for (result, value) in zip(results, values) {
      entries.append(try scaled(Entry(tensor: result, value: value)))
    }
    subjects.append(subject.name)
    return true
  }

  /// A tensor at hand that serves as an operand, or a new input.
  private mutating func operand(_ wanted: Trial.Operand) throws -> Tensor {
    guard case .real(let low, let high) = wanted.values, random.int(0...3) != 0 else {
      return try fresh(wanted).tensor
    }
    let fitting = entries.indices.filter { place in
      entries[place].value.shape == wanted.shape && entries[place].tensor.dtype.isFloating
    }
    guard let place = fitting.randomElement(using: &random) else {
      return try fresh(wanted).tensor
    }
    entries[place].isUsed = true
    let tensor = try entries[place].tensor.cast(to: wanted.dtype)
    let values = entries[place].value.values
    if (values.min() ?? low) >= low, (values.max() ?? high) <= high { return tensor }
    return try tensor.sigmoid() * (high - low) + low
  }

  private mutating func fresh(
    _ operand: Trial.Operand
  ) throws -> (tensor: Tensor, value: ReferenceTensor) {
    let name = "x\(inputs.count)"
    let count = HostTensor.elementCount(of: operand.shape) ?? 0
    let value = HostTensor(
      doubles: random.elements(operand.values, count: count), shape: operand.shape,
      dtype: operand.dtype)
    inputs[name] = value
    let tensor = try Tensor.input(name, shape: [Dim](operand.shape), dtype: operand.dtype)
    return (tensor, ReferenceTensor(value))
  }

  /// Brings large numbers down, so that they do not grow from node to node.
  private func scaled(_ entry: Entry) throws -> Entry {
    let largest = entry.value.values.map(abs).max() ?? 0
    guard entry.tensor.dtype.isFloating, largest > 50 else { return entry }
    let factor = Double(Float(1 / largest))
    var value = entry.value
    value.values = value.values.map { $0 * factor }
    return Entry(tensor: try entry.tensor * factor, value: value)
  }

  // MARK: Steadiness

  /// Whether results are finite, of moderate size, and stay what they are when the inputs change
  /// by the rounding of a device.
  private mutating func isSteady(_ results: [Tensor]) throws -> Bool {
    guard let values = try evaluate(results, inputs) else { return false }
    var nearby = inputs.mapValues { ReferenceTensor($0) }
    for (name, value) in inputs.sorted(by: { $0.key < $1.key }) where value.dtype.isFloating {
      nearby[name]?.values = value.doubles.map { $0 * (1 + 1e-5 * Double(random.int(-1...1))) }
    }
    guard let others = try evaluate(results, nearby) else { return false }
    for (value, other) in zip(values, others) {
      let largest = value.values.map(abs).max() ?? 0
      guard value.values.count <= 4 * GraphMaker.mostElements, largest < 1e6,
        value.values.allSatisfy(\.isFinite),
        zip(value.values, other.values).allSatisfy({ abs($0 - $1) <= 1e-3 * max(largest, 1e-3) })
      else { return false }
    }
    return true
  }

  private func evaluate(
    _ results: [Tensor], _ inputs: [String: HostTensor]
  ) throws -> [ReferenceTensor]? {
    try evaluate(results, inputs.mapValues { ReferenceTensor($0) })
  }

  private func evaluate(
    _ results: [Tensor], _ inputs: [String: ReferenceTensor]
  ) throws -> [ReferenceTensor]? {
    let graph = try Graph(
      outputs: results.enumerated().map { Graph.Output("y\($0.offset)", $0.element) })
    let names = Set(graph.inputs.map(\.label))
    let values = try ReferenceEvaluator.run(
      graph, inputs: inputs.filter { names.contains($0.key) }, variables: [:],
      state: ReferenceState(seed: seed)
    ).outputs
    let found = results.indices.compactMap { values["y\($0)"] }
    return found.count == results.count ? found : nil
  }
}
