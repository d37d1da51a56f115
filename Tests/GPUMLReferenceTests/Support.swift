import GPUMLGraph
import GPUMLReference

/// A computation applied to inputs called `x0`, `x1`, … of given types.
struct Application {
  let inputs: [Tensor]
  let outputs: [Tensor]
  var output: Tensor { outputs[0] }

  init(_ types: [TensorType], build: ([Tensor]) throws -> [Tensor]) throws {
    inputs = try types.enumerated().map {
      try Tensor.input("x\($0.offset)", shape: $0.element.shape, dtype: $0.element.dtype)
    }
    outputs = try build(inputs)
  }

  init(_ primitive: any Primitive, _ types: [TensorType]) throws {
    try self.init(types) { inputs in
      let node = try Node(primitive, inputs)
      return node.outputs.indices.map { node.output($0) }
    }
  }

  init(for values: [ReferenceTensor], build: ([Tensor]) throws -> [Tensor]) throws {
    try self.init(values.map { TensorType([Dim]($0.shape), $0.dtype) }, build: build)
  }

  init(_ primitive: any Primitive, for values: [ReferenceTensor]) throws {
    try self.init(primitive, values.map { TensorType([Dim]($0.shape), $0.dtype) })
  }

  /// All outputs for given operands.
  func evaluate(
    _ values: [ReferenceTensor], state: ReferenceState = ReferenceState()
  ) throws -> [ReferenceTensor] {
    let names = outputs.indices.map { "y\($0)" }
    let graph = try Graph(outputs: zip(names, outputs).map { Graph.Output($0, $1) })
    let given = Dictionary(uniqueKeysWithValues: graph.inputs.map { ($0.label, value($0, values)) })
    let results = try ReferenceEvaluator.run(graph, inputs: given, variables: [:], state: state)
    return names.compactMap { results.outputs[$0] }
  }

  private func value(_ input: Input, _ values: [ReferenceTensor]) -> ReferenceTensor {
    values[Int(input.label.dropFirst()) ?? 0]
  }
}

/// Evenly distributed values; the same generator state gives the same.
func random(
  _ shape: [Int], _ generator: inout Philox, low: Double = -2, high: Double = 2
) -> ReferenceTensor {
  let count = shape.reduce(1, *)
  return ReferenceTensor(
    shape: shape, dtype: .float32,
    values: (0..<count).map { _ in low + (high - low) * Double(generator.uniform()) })
}

/// Whether both are equal within `tolerance` relative to 1 or the larger; NaN equals NaN.
func agree(_ left: [Double], _ right: [Double], tolerance: Double) -> Bool {
  left.count == right.count
    && zip(left, right).allSatisfy { left, right in
      left == right || (left.isNaN && right.isNaN)
        || abs(left - right) <= tolerance * max(1, abs(left), abs(right))
    }
}
