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

  /// - Parameter seed: Of the shapes, attributes and elements, and of the device's random numbers.
  /// - Throws: `DeviceError` if the device has no memory.
  package init(
    _ context: DeviceContext, seed: UInt64, options: PlanOptions = PlanOptions()
  ) throws {
    store = try VariableStore(context, variables: [], seed: seed, options: options)
    self.seed = seed
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
  /// Rounding grows on the way through a graph; how much shows in what the reference gives when it
  /// rounds every result at random.
  ///
  /// - Parameter planned: What the device runs instead, to prove that a fault would be found.
  package func failure(_ item: RandomGraph, planned: Graph? = nil) async -> Failure? {
    let name = "graph of \(item.subjects.joined(separator: " "))"
    do {
      let session = try Session(planned ?? item.graph, store: store)
      let before = try await store.stepState()
      let values = try await session.run(item.inputs)
      let state = ReferenceState(seed: seed, randomCounter: before.randomCounter)
      let expected = try ReferenceEvaluator.run(item.graph, inputs: item.inputs, state: state)
        .outputs
      let spreads = try Conformance.spreads(
        [item.graph.outputs], item.inputs, state, around: expected)
      for output in item.graph.outputs {
        guard let value = values[output.name], let exact = expected[output.name] else {
          return Failure(subject: name, description: "\(name): \(output.name) is missing")
        }
        let comparison = Comparison(
          tolerance: Trial.Tolerance(), spread: spreads[output.name],
          keepsDenormals: store.context.device.keepsDenormals)
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
    let before = try await store.stepState()
    let values = try await session.run(inputs)
    let state = ReferenceState(seed: seed, randomCounter: before.randomCounter)
    let expected = try ReferenceEvaluator.run(graph, inputs: inputs, state: state).outputs
    let magnitudes = try magnitudes(cases, inputs, state)
    // With the results, whose operands tell sizes that gradients may leave open.
    let spreads = try Conformance.spreads(
      cases.filter { !$0.gradients.isEmpty }.map(\.outputs), inputs, state, around: expected)
    return cases.flatMap { item in
      item.outputs.compactMap { output in
        guard let value = values[output.name], let reference = expected[output.name] else {
          return Failure(subject: item.subject.name, description: "\(output.name) has no value")
        }
        let comparison = Comparison(
          tolerance: item.trial.tolerance, magnitude: magnitudes[output.name]?.values,
          spread: item.gradients.contains(output.tensor) ? spreads[output.name] : nil,
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
