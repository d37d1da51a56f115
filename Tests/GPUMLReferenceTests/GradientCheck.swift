import GPUMLGraph
import GPUMLReference

/// The gradients that `gradients(of:withRespectTo:)` builds against central differences.
enum GradientCheck {
  /// How many elements of each operand are shifted.
  private static let mostElements = 24

  /// The largest deviation, relative to 1 or the gradient, over elements of all operands.
  ///
  /// The loss is the sum of all output elements, each with a random weight.
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
    var worst = 0.0
    for target in item.targets {
      let gradient = analytic[target]?.values ?? []
      let count = given[target]?.values.count ?? 0
      if gradient.count != count { return .infinity }
      for element in stride(from: 0, to: count, by: max(1, count / mostElements)) {
        let step = 1e-5
        let sides = try [step, -step].map { step in
          var shifted = given
          shifted[target]?.values[element] += step
          return try run(lossOnly, shifted, symbols)["loss"]?.values[0] ?? .nan
        }
        let numeric = (sides[0] - sides[1]) / (2 * step)
        let error = abs(numeric - gradient[element]) / max(1, abs(numeric))
        worst = error.isNaN ? .infinity : max(worst, error)
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
