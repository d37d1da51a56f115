import GPUMLGraph

/// A trial with its operands drawn, as part of a graph: its tensors are named after it.
package struct TrialCase: Sendable {
  package let subject: TrialSubject
  package let place: Int
  package let trial: Trial
  /// Values of the inputs by name.
  package private(set) var inputs: [String: HostTensor] = [:]
  /// The inputs, from which the operands come plain, transposed, repeated or sliced.
  private var sources: [Tensor] = []
  /// What the trial computes.
  package private(set) var results: [Tensor] = []
  /// What variables become.
  package private(set) var updates: [Update] = []
  /// The variables and their first values.
  package private(set) var variables: [(variable: Variable, value: HostTensor)] = []
  /// A weighted sum of the results; nil where gradients are not checked.
  package private(set) var loss: Tensor?
  /// Its gradients by the inputs called `targets`.
  package private(set) var gradients: [Tensor] = []
  /// The names of the inputs by which the loss is differentiated.
  package private(set) var targets: [String] = []
  /// Whether sizes are symbols that get their values from the inputs.
  package private(set) var isSymbolic = false

  private var random: TrialRandom

  /// Draws the operands of a trial and builds its part of a graph.
  ///
  /// - Parameter differentiates: Whether gradients are built too.
  package init(
    _ subject: TrialSubject, place: Int, seed: UInt64, mostElements: Int = 2000,
    differentiates: Bool = true
  ) throws {
    self.subject = subject
    self.place = place
    random = TrialRandom(
      seed: seed ^ 0x5EED, name: subject.name, place: place, dtypes: [.float32])
    trial = try subject.trial(place, seed: seed, mostElements: mostElements)
    // A NaN would drown what the other elements say about the gradient.
    let isSpecial = trial.takesSpecialValues && place % 5 == 3
    let drawn = trial.operands.map { draw($0, isSpecial: isSpecial) }
    // Where the attributes name no size, the same must hold for sizes that only a run knows.
    if mayBeSymbolic, (try? build(drawn, symbolic: true)) != nil {
      isSymbolic = true
    } else {
      try build(drawn, symbolic: false)
    }
    if differentiates, trial.isSmooth, subject.isDifferentiable, !isSpecial {
      try differentiate()
    }
  }

  /// Whether symbolic sizes are tried first.
  private var mayBeSymbolic: Bool { trial.takesSymbolicSizes && place % 3 == 1 }

  /// The prefix of the names of inputs and outputs.
  package var label: String { "\(subject.name).\(place)" }

  /// Names for the results and the gradients.
  package var outputs: [Graph.Output] {
    results.enumerated().map { Graph.Output("\(label).y\($0.offset)", $0.element) }
      + gradients.enumerated().map { Graph.Output("\(label).g\($0.offset)", $0.element) }
  }

  /// The operands for messages.
  package var description: String {
    let shapes = trial.operands.map { "\($0.dtype) \($0.shape)" }.joined(separator: ", ")
    return "\(label) of \(shapes)\(trial.note.isEmpty ? "" : " (\(trial.note))")"
  }

  // MARK: Operands

  private struct Drawn {
    let values: HostTensor
    let view: View
  }

  /// How an operand comes from an input.
  private enum View {
    case plain
    /// The input's axes in this order are the operand's.
    case transposed([Int])
    /// The input has size 1 along these axes.
    case repeated([Int])
    /// The operand is this part of the input.
    case sliced(StridedSlice)
  }

  private mutating func draw(_ operand: Trial.Operand, isSpecial: Bool) -> Drawn {
    var view = View.plain
    var shape = operand.shape
    switch random.int(0...6) {
    case 0 where shape.count > 1:
      let order = random.shuffled(Array(shape.indices))
      if case .given = operand.values { break }
      view = .transposed(order)
      var source = shape
      for (axis, place) in order.enumerated() { source[place] = shape[axis] }
      shape = source
    case 1 where !shape.isEmpty:
      guard case .real = operand.values else { break }
      let axes = random.axes(of: shape)
      view = .repeated(axes)
      for axis in axes { shape[axis] = 1 }
    // A symbol within the sum of a larger size could not be read off the inputs.
    case 2 where !shape.isEmpty && !mayBeSymbolic:
      if case .given = operand.values { break }
      let (slice, source) = random.slice(shape)
      view = .sliced(slice)
      shape = source
    default: break
    }
    var values = random.elements(operand.values, count: HostTensor.elementCount(of: shape) ?? 0)
    if isSpecial, operand.dtype.isFloating, !operand.isPlain {
      let special = [.nan, .infinity, -.infinity, -0.0, 0, 1e4, -1e4, 1e-30, 1e-40, 88, -104]
      values = values.map { random.int(0...1) == 0 ? $0 : random.pick(special, or: 0) }
    }
    return Drawn(
      values: HostTensor(doubles: values, shape: shape, dtype: operand.dtype), view: view)
  }

  private mutating func build(_ drawn: [Drawn], symbolic: Bool) throws {
    var inputs: [String: HostTensor] = [:]
    var tensors: [Tensor] = []
    var sources: [Tensor] = []
    for (place, drawn) in drawn.enumerated() {
      let name = "\(label).x\(place)"
      func dim(_ size: Int) -> Dim {
        symbolic && size > 1 ? .symbol("\(label).n\(size)") : Dim(size)
      }
      let shape = drawn.values.shape.map(dim)
      let input = try Tensor.input(name, shape: shape, dtype: drawn.values.dtype)
      inputs[name] = drawn.values
      sources.append(input)
      switch drawn.view {
      case .plain: tensors.append(input)
      case .transposed(let order): tensors.append(try input.transposed(order))
      case .repeated:
        // A size that only the repetition names could not be read off the inputs.
        let target = zip(trial.operands[place].shape, shape).map { $1 == 1 ? Dim($0) : $1 }
        tensors.append(try input.expanded(to: target))
      case .sliced(let slice): tensors.append(try slice(input))
      }
    }
    let results: [Tensor]
    let updates: [Update]
    if let changes = trial.changes {
      (updates, results) = try changes.build(tensors)
    } else {
      (updates, results) = ([], try trial.build(tensors))
    }
    // A result may depend on some operands alone.
    let graph = try Graph(
      outputs: results.enumerated().map { Graph.Output("\($0.offset)", $0.element) },
      updates: updates)
    let needed = Set(graph.inputs.map(\.label))
    self.inputs = inputs.filter { needed.contains($0.key) }
    self.sources = sources
    self.results = results
    self.updates = updates
    if let changes = trial.changes {
      variables = graph.variables.map { variable in
        let values = random.elements(changes.values(variable), count: variable.count)
        return (variable, HostTensor(doubles: values, shape: variable.shape, dtype: variable.dtype))
      }
    }
  }

  /// Other values for the operands, for another step.
  package mutating func redrawn() -> [String: HostTensor] {
    var other = inputs
    for (place, operand) in trial.operands.enumerated() {
      guard let value = inputs["\(label).x\(place)"] else { continue }
      other["\(label).x\(place)"] = HostTensor(
        doubles: random.elements(operand.values, count: value.count), shape: value.shape,
        dtype: value.dtype)
    }
    return other
  }

  private mutating func differentiate() throws {
    let places = sources.indices.filter { place in
      trial.operands[place].dtype.isFloating && inputs["\(label).x\(place)"] != nil
    }
    if places.isEmpty { return }
    var loss: Tensor?
    for (place, result) in results.enumerated() where result.dtype.isFloating {
      let name = "\(label).w\(place)"
      let weight = try Tensor.input(name, shape: result.shape, dtype: result.dtype)
      let shape = try result.shape.map { try $0.value(symbols) }
      let count = HostTensor.elementCount(of: shape) ?? 0
      inputs[name] = HostTensor(
        doubles: random.elements(.real(low: 0.5, high: 2), count: count), shape: shape,
        dtype: result.dtype)
      let term = try (result * weight).sum().cast(to: .float32)
      loss = try loss.map { try $0 + term } ?? term
    }
    guard let loss else { return }
    self.loss = loss
    targets = places.map { "\(label).x\($0)" }
    gradients = try GPUMLGraph.gradients(of: loss, withRespectTo: places.map { sources[$0] })
  }

  /// The values of the symbols, read off the inputs.
  package var symbols: [String: Int] {
    get throws {
      let graph = try Graph(
        outputs: results.enumerated().map {
          Graph.Output("\($0.offset)", $0.element)
        })
      // The weights of a loss are no inputs of the results.
      let names = Set(graph.inputs.map(\.label))
      return try graph.bindSymbols(
        inputs: inputs.filter { names.contains($0.key) }.mapValues(\.shape))
    }
  }
}
