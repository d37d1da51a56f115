import GPUMLGraph
import GPUMLReference

extension Conformance {
  /// What results of some element types may be off by, found by rounding them at random.
  private struct Noise {
    let dtypes: Set<DType>
    /// How many runs there are, of which the one that is farthest off counts.
    let runs: Int
    /// How many times as far a device may be off.
    let factor: Double

    /// Sums in float32 have more roundings than the one that noise stands for.
    static let ofSums = Noise(dtypes: [.float32], runs: 6, factor: 32)
    /// What is stored in 16 bits is rounded once, by half as much as noise does at most; but with few
    /// roundings all runs may be close by chance.
    static let ofStorage = Noise(dtypes: [.float16, .bfloat16], runs: 6, factor: 4)
  }

  /// How far each element of some outputs may be off because all results on the way to it are
  /// rounded.
  ///
  /// - Parameter groups: Outputs that are computed together, so that the inputs of each group tell
  ///   its sizes.
  static func spreads(
    _ groups: [[Graph.Output]], _ inputs: [String: HostTensor], _ state: ReferenceState,
    around exact: [String: ReferenceTensor]
  ) throws -> [String: [Double]] {
    var spreads: [String: [Double]] = [:]
    for noise in [Noise.ofSums, .ofStorage] {
      let outputs = try groups.filter { group in
        try Graph(outputs: group).nodes.contains { node in
          node.outputs.contains { noise.dtypes.contains($0.dtype) }
        }
      }
      for (name, distances) in try farthest(
        noise, outputs.flatMap { $0 }, inputs, state, around: exact)
      {
        let own = distances.map { noise.factor * $0 }
        spreads[name] = spreads[name].map { zip($0, own).map { $0 + $1 } } ?? own
      }
    }
    return spreads
  }

  /// The most that each element is off over a few runs.
  private static func farthest(
    _ noise: Noise, _ outputs: [Graph.Output], _ inputs: [String: HostTensor],
    _ state: ReferenceState, around exact: [String: ReferenceTensor]
  ) throws -> [String: [Double]] {
    if outputs.isEmpty { return [:] }
    let graph = try Graph(outputs: outputs)
    let names = Set(graph.inputs.map(\.label))
    let given = inputs.filter { names.contains($0.key) }
    var farthest: [String: [Double]] = [:]
    for seed in 1...noise.runs {
      let disturbed = try ReferenceEvaluator.run(
        graph, inputs: given, state: state,
        rounding: .atRandom(seed: UInt64(seed), of: noise.dtypes)
      ).outputs
      for (name, tensor) in disturbed {
        let distances = zip(tensor.values, exact[name]?.values ?? []).map { abs($0 - $1) }
        // Not a number where the noise leads out of range.
        farthest[name] =
          farthest[name].map { zip($0, distances).map { $0 >= $1 || $0.isNaN ? $0 : $1 } }
          ?? distances
      }
    }
    return farthest
  }
}
