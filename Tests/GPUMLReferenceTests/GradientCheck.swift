import GPUMLGraph
import GPUMLReference

/// The gradients that `gradients(of:withRespectTo:)` builds against central differences.
enum GradientCheck {
  /// The largest deviation, relative to 1 or the gradient, over all elements of all operands.
  ///
  /// The loss is the sum of all output elements, each with a random weight.
  static func deviation(
    _ primitive: any Primitive, _ values: [ReferenceTensor], _ generator: inout Philox
  ) throws -> Double {
    let application = try Application(primitive, for: values)
    let floating = values.indices.filter { values[$0].dtype.isFloating }
    let output = application.output
    let weight = try Tensor.input("weight", shape: output.shape)
    let loss = try (output * weight.cast(to: output.dtype)).sum()
    let found = try gradients(of: loss, withRespectTo: floating.map { application.inputs[$0] })
    let graph = try Graph(
      outputs: [Graph.Output("loss", loss)]
        + zip(floating, found).map { Graph.Output("g\($0)", $1) })
    let sizes = try output.shape.map { try $0.value([:]) }
    var given = ["weight": random(sizes, &generator, low: 0.5)]
    for (place, value) in values.enumerated() { given["x\(place)"] = value }
    let analytic = try run(graph, given)
    let lossOnly = try Graph(outputs: [Graph.Output("loss", loss)])
    var worst = 0.0
    for place in floating {
      let gradient = analytic["g\(place)"]?.values ?? []
      if gradient.count != values[place].values.count { return .infinity }
      for element in gradient.indices {
        let step = 1e-5
        let sides = try [step, -step].map { step in
          var shifted = given
          shifted["x\(place)"]?.values[element] += step
          return try run(lossOnly, shifted)["loss"]?.values[0] ?? .nan
        }
        let numeric = (sides[0] - sides[1]) / (2 * step)
        let error = abs(numeric - gradient[element]) / max(1, abs(numeric))
        worst = error.isNaN ? .infinity : max(worst, error)
      }
    }
    return worst
  }

  private static func run(
    _ graph: Graph, _ given: [String: ReferenceTensor]
  ) throws -> [String: ReferenceTensor] {
    let names = Set(graph.inputs.map(\.label))
    return try ReferenceEvaluator.run(
      graph, inputs: given.filter { names.contains($0.key) }, variables: [:]
    ).outputs
  }
}
