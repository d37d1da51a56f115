import GPUMLDevice
import GPUMLGraph
import GPUMLReference

/// Compares what a device computes with the reference, trial by trial; one call at a time.
package struct Conformance: Sendable {
  /// A trial that a device fails.
  package struct Failure: Sendable, CustomStringConvertible {
    /// The primitive's name, or the composed computation's.
    package let subject: String
    /// Which trial, and what is wrong.
    package let description: String
  }

  private let store: VariableStore
  let seed: UInt64
  let keep: @Sendable (any Sendable) -> Void

  /// - Parameters:
  ///   - seed: Of the shapes, attributes and elements, and of the device's random numbers.
  ///   - keep: Is given what must not be released while tools watch.
  /// - Throws: `DeviceError` if the device has no memory.
  package init(
    _ context: DeviceContext, seed: UInt64, options: PlanOptions = PlanOptions(),
    keep: @escaping @Sendable (any Sendable) -> Void = { _ in }
  ) throws {
    store = try VariableStore(context, variables: [], seed: seed, options: options)
    self.seed = seed
    self.keep = keep
    keep(store)
  }

  /// Runs trials on the device, all in one graph, because compiling is what takes time.
  ///
  /// A failure to build or run that graph is told apart by running each trial alone.
  package func failures(_ cases: [TrialCase]) async -> [Failure] {
    do {
      let changing = cases.filter { $0.trial.changes != nil }
      let computing = cases.filter { $0.trial.changes == nil }
      return try await compare(computing) + compare(changing: changing, like: store)
    } catch {
      if cases.count == 1 {
        return [
          Failure(subject: cases[0].subject.name, description: "\(cases[0].description): \(error)")
        ]
      }
      var failures: [Failure] = []
      for item in cases { failures += await self.failures([item]) }
      return failures
    }
  }

  private func compare(_ cases: [TrialCase]) async throws -> [Failure] {
    let graph = try Graph(outputs: cases.flatMap(\.outputs))
    if graph.outputs.isEmpty { return [] }
    let names = Set(graph.inputs.map(\.label))
    let inputs = cases.reduce(into: [String: HostTensor]()) { all, item in
      all.merge(item.inputs.filter { names.contains($0.key) }) { first, _ in first }
    }
    let session = try Session(graph, store: store)
    keep(session)
    let before = try await store.stepState()
    let values = try await session.run(inputs)
    let state = ReferenceState(seed: seed, randomCounter: before.randomCounter)
    let expected = try ReferenceEvaluator.run(graph, inputs: inputs, state: state).outputs
    let magnitudes = try magnitudes(cases, inputs, state)
    return cases.flatMap { item in
      item.outputs.compactMap { output in
        guard let value = values[output.name], let reference = expected[output.name] else {
          return Failure(subject: item.subject.name, description: "\(output.name) has no value")
        }
        let comparison = Comparison(
          tolerance: item.trial.tolerance, magnitude: magnitudes[output.name]?.values,
          isGradient: item.gradients.contains(output.tensor))
        return comparison.mismatch(value, reference).map {
          Failure(
            subject: item.subject.name, description: "\(item.description), \(output.name): \($0)")
        }
      }
    }
  }

  /// For sums the results of operands without their signs: the sums of the terms' magnitudes.
  private func magnitudes(
    _ cases: [TrialCase], _ inputs: [String: HostTensor], _ state: ReferenceState
  ) throws -> [String: ReferenceTensor] {
    let sums = cases.filter { $0.trial.tolerance.terms > 0 }.flatMap { item in
      item.outputs.prefix(item.results.count)
    }
    if sums.isEmpty { return [:] }
    let graph = try Graph(outputs: sums)
    let names = Set(graph.inputs.map(\.label))
    let positive = inputs.filter { names.contains($0.key) }.mapValues { tensor in
      HostTensor(doubles: tensor.doubles.map(abs), shape: tensor.shape, dtype: tensor.dtype)
    }
    return try ReferenceEvaluator.run(graph, inputs: positive, state: state).outputs
  }
}

/// How a value is held against the reference.
struct Comparison {
  let tolerance: Trial.Tolerance
  let magnitude: [Double]?
  let isGradient: Bool

  /// What is wrong, or nil.
  func mismatch(_ value: HostTensor, _ reference: ReferenceTensor) -> String? {
    guard value.shape == reference.shape, value.dtype == reference.dtype else {
      return "\(value.dtype) \(value.shape), not \(reference.dtype) \(reference.shape)"
    }
    let (found, rounded) = (value.doubles, reference.rounded.values)
    let largest = isGradient ? reference.values.map(abs).max() ?? 0 : 0
    for (place, expected) in reference.values.enumerated() {
      let element = found[place]
      if element == expected || element == rounded[place] { continue }
      if element.isNaN && (expected.isNaN || rounded[place].isNaN) { continue }
      let bound = bound(expected, place, reference.dtype, largest)
      if !(abs(element - expected) <= bound) {
        return "element \(place) is \(element), not \(expected) within \(bound)"
      }
    }
    return nil
  }

  private func bound(
    _ expected: Double, _ place: Int, _ dtype: DType, _ largest: Double
  ) -> Double {
    if !dtype.isFloating { return 0 }
    if isGradient { return 1e-4 * max(abs(expected), largest) + 1e-5 }
    var bound = tolerance.absolute + tolerance.relative * abs(expected)
    if let magnitude, tolerance.terms > 0 {
      bound += Double(tolerance.terms) * 0x1p-23 * magnitude[place]
    }
    // What rounding to the storage adds.
    switch dtype {
    case .float16: bound += tolerance.relative == 0 ? 0 : 2e-3 * abs(expected) + 6e-8
    case .bfloat16: bound += tolerance.relative == 0 ? 0 : 1.6e-2 * abs(expected)
    default: break
    }
    return bound
  }
}
