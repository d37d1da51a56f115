import GPUMLGraph
import GPUMLReference

/// The gradients that `gradients(of:withRespectTo:)` builds against central differences.
enum GradientCheck {
  /// How many elements of each operand are shifted.
  private static let mostElements = 24
  /// How far each is shifted.
  private static let step = 1e-5
  /// Slopes to the left and to the right that differ by more are those of a kink or of a step.
  private static let kink = 1e-3

  /// The largest deviation, relative to 1 or the gradient, over elements of all operands.
  ///
  /// The loss is the sum of all output elements, each with a random weight. Elements that lie on a kink or
  /// a step, as roundings to 16 bits do, have no slope to compare; what the rounding of sums leaves of a
  /// difference is taken off.
  static func deviation(_ item: TrialCase) throws -> Double {
    guard let loss = item.loss else { return 0 }
    let given = item.inputs.mapValues { ReferenceTensor($0) }
    // With the loss, whose operands tell sizes that gradients of linear functions leave open.
    let graph = try Graph(
      outputs: zip(item.targets, item.gradients).map { Graph.Output($0, $1) }
        + [Graph.Output("loss", loss)])
    // A gradient that depends on no operand does not tell the sizes.
    let symbols = try item.symbols
    let analytic = try run(graph, given, symbols)
    let lossOnly = try Graph(outputs: [Graph.Output("loss", loss)])
    func value(_ given: [String: ReferenceTensor]) throws -> Double {
      try run(lossOnly, given, symbols)["loss"]?.values[0] ?? .nan
    }
    let middle = try value(given)
    let all = given.values.flatMap(\.values)
    let noise = 4 * Double(all.count) * (all.map(abs).max() ?? 0) * 0x1p-52 / step
    var worst = 0.0
    for target in item.targets {
      let gradient = analytic[target]?.values ?? []
      let count = given[target]?.values.count ?? 0
      if gradient.count != count { return .infinity }
      for element in stride(from: 0, to: count, by: max(1, count / mostElements)) {
        let sides = try [step, -step].map { step in
          var shifted = given
          shifted[target]?.values[element] += step
          return try value(shifted)
        }
        let numeric = (sides[0] - sides[1]) / (2 * step)
        let scale = max(1, abs(numeric))
        if abs(sides[0] + sides[1] - 2 * middle) / step > kink * scale + noise { continue }
        let error = abs(numeric - gradient[element])
        worst = error.isNaN ? .infinity : max(worst, (error - noise) / scale)
      }
    }
    return worst
  }

  private static func run(
    _ graph: Graph, _ given: [String: ReferenceTensor], _ symbols: [String: Int]
  ) throws -> [String: ReferenceTensor] {
    let names = Set(graph.inputs.map(\.label))
    return try ReferenceEvaluator.run(
      graph, inputs: given.filter { names.contains($0.key) }, variables: [:],
      symbols: symbols
    ).outputs
  }
}
