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

  /// Whether no kernel has been compiled slowly for want of a declaration.
  package var declaresBuiltins: Bool { store.kernels.declaresBuiltins }

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

  /// Runs a random graph, planned with all rewrites, against the same graph as it is.
  ///
  /// Rounding grows on the way through a graph; how much shows in what the reference gives when
  /// it rounds every result to its type.
  ///
  /// - Parameter planned: What the device runs instead, to prove that a fault would be found.
  package func failure(_ item: RandomGraph, planned: Graph? = nil) async -> Failure? {
    let name = "graph of \(item.subjects.joined(separator: " "))"
    do {
      let session = try Session(planned ?? item.graph, store: store)
      keep(session)
      let before = try await store.stepState()
      let values = try await session.run(item.inputs)
      let state = ReferenceState(seed: seed, randomCounter: before.randomCounter)
      func reference(rounding: Bool) throws -> [String: ReferenceTensor] {
        try ReferenceEvaluator.run(
          item.graph, inputs: item.inputs, state: state, rounding: rounding
        ).outputs
      }
      let (exact, rounded) = (try reference(rounding: false), try reference(rounding: true))
      for output in item.graph.outputs {
        guard let value = values[output.name], let exact = exact[output.name],
          let rounded = rounded[output.name]
        else { return Failure(subject: name, description: "\(name): \(output.name) is missing") }
        let spread = zip(exact.values, rounded.values).map { abs($0 - $1) }.max() ?? 0
        let largest = exact.values.map(abs).max() ?? 0
        let comparison = Comparison(
          tolerance: Trial.Tolerance(
            relative: 1e-4, absolute: 20 * spread + 1e-5 * largest + 1e-6), magnitude: nil,
          isGradient: false, keepsDenormals: store.context.device.keepsDenormals)
        if let mismatch = comparison.mismatch(value, exact) {
          return Failure(
            subject: name,
            description: "\(name), \(output.name) of \(output.tensor.node.primitive.name): "
              + mismatch)
        }
      }
      return nil
    } catch {
      return Failure(subject: name, description: "\(name): \(error)")
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
          isGradient: item.gradients.contains(output.tensor),
          keepsDenormals: store.context.device.keepsDenormals)
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
      // Whole numbers may be indices, of which a negative one names another place.
      if !tensor.dtype.isFloating { return tensor }
      return HostTensor(doubles: tensor.doubles.map(abs), shape: tensor.shape, dtype: tensor.dtype)
    }
    return try ReferenceEvaluator.run(graph, inputs: positive, state: state).outputs
  }
}

/// How a value is held against the reference.
struct Comparison {
  let tolerance: Trial.Tolerance
  let magnitude: [Double]?
  let isGradient: Bool
  let keepsDenormals: Bool

  /// What is wrong, or nil.
  func mismatch(_ value: HostTensor, _ reference: ReferenceTensor) -> String? {
    guard value.shape == reference.shape, value.dtype == reference.dtype else {
      return "\(value.dtype) \(value.shape), not \(reference.dtype) \(reference.shape)"
    }
    let (found, rounded) = (value.doubles, reference.rounded.values)
    let largest = isGradient ? reference.values.filter(\.isFinite).map(abs).max() ?? 0 : 0
    for (place, expected) in reference.values.enumerated() {
      let element = found[place]
      if element == expected || element == rounded[place] {
        // Where nothing is computed, the sign of zero stays too.
        let isOtherZero = element == 0 && element.sign != rounded[place].sign
        if tolerance.relative > 0 || !isOtherZero || isGradient { continue }
        return "element \(place) is \(element), not \(rounded[place])"
      }
      if !keepsDenormals, element == 0, abs(expected) < Double(Float.leastNormalMagnitude) {
        continue
      }
      if element.isNaN && (expected.isNaN || rounded[place].isNaN) { continue }
      if !expected.isFinite || !element.isFinite {
        return "element \(place) is \(element), not \(expected)"
      }
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
