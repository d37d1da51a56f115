import GPUMLGraph

extension BandwidthBenchmark {
  /// Elementwise chains, conversions, copies and optimizers on arrays of about `byteCount`.
  package static func elementwise(byteCount: Int) throws -> [Work] {
    let columns = 1024
    let rows = max(1, byteCount / (4 * columns))
    let count = rows * columns
    let shape = [Dim(rows), Dim(columns)]
    let x = try Tensor.input("x", shape: shape)
    let y = try Tensor.input("y", shape: shape)
    let bias = try Tensor.input("bias", shape: [Dim(columns)])
    let half = try Tensor.input("half", shape: shape, dtype: .float16)
    let brain = try Tensor.input("brain", shape: shape, dtype: .bfloat16)
    func work(_ name: String, _ result: Tensor, bytes: Int) -> Work {
      Work(
        name: name, shape: [rows, columns], outputs: [Graph.Output("result", result)],
        updates: [], byteCount: bytes * count)
    }
    return [
      work("relu", try x.relu(), bytes: 8), work("add", try x + y, bytes: 12),
      work("bias, relu", try (x + bias).relu(), bytes: 8),
      work("exp", try x.exp(), bytes: 8), work("tanh", try x.tanh(), bytes: 8),
      work("sigmoid", try x.sigmoid(), bytes: 8),
      work("gelu", try x.gelu(), bytes: 8),
      work("gelu by tanh", try x.gelu(approximate: true), bytes: 8),
      work("chain of six", try ((x * y + bias).tanh() * x - y).sigmoid(), bytes: 12),
      work("dropout", try x.dropout(rate: 0.5, stream: 1), bytes: 8),
      work("select", try x.isLess(y).select(x, y), bytes: 12),
      work("relu, float16", try half.relu(), bytes: 4),
      work("relu, bfloat16", try brain.relu(), bytes: 4),
      work("gelu, float16", try half.gelu(), bytes: 4),
      work("gelu, bfloat16", try brain.gelu(), bytes: 4),
      work("cast to float16", try x.cast(to: .float16), bytes: 6),
      work("cast to bfloat16", try x.cast(to: .bfloat16), bytes: 6),
      work("transpose", try x.transposed(), bytes: 8),
      work("transpose, float16", try half.transposed(), bytes: 4),
    ] + (try optimizers(count: count))
  }

  /// Updates of `count` parameters.
  private static func optimizers(count: Int) throws -> [Work] {
    [
      try update("sgd", SGDUpdate(), count: count, bytes: 12),
      try update("momentum", SGDUpdate(momentum: 0.9), count: count, bytes: 20),
      try update("adam", AdamUpdate(), count: count, bytes: 28),
      try update("adamw", AdamUpdate(weightDecay: 0.01, decoupled: true), count: count, bytes: 28),
      try update("rmsprop", RMSPropUpdate(), count: count, bytes: 20),
      try update("adagrad", AdagradUpdate(), count: count, bytes: 20),
      try update("lion", LionUpdate(), count: count, bytes: 20),
      // Its step must wait for the norms, and reads parameters and moments again.
      try update("lamb", LAMBUpdate(), count: count, bytes: 44),
    ]
  }

  /// Reductions, normalisation, softmax and losses on arrays of about `byteCount`.
  package static func reductions(byteCount: Int) throws -> [Work] {
    let columns = 1024
    let rows = max(1, byteCount / (4 * columns))
    let count = rows * columns
    let x = try Tensor.input("x", shape: [Dim(rows), Dim(columns)])
    let narrow = try Tensor.input("narrow", shape: [Dim(count / 16), 16])
    let middle = try Tensor.input("middle", shape: [Dim(max(1, rows / 64)), 64, Dim(columns)])
    let half = try Tensor.input("half", shape: x.shape, dtype: .float16)
    let brain = try Tensor.input("brain", shape: x.shape, dtype: .bfloat16)
    return [
      try work("sum of all", x, x.sum()), try work("sum of rows", x, x.sum(axes: [1])),
      try work("sum of columns", x, x.sum(axes: [0])),
      try work("sum of the middle axis", middle, middle.sum(axes: [1])),
      try work("sum of narrow rows", narrow, narrow.sum(axes: [1])),
      try work("sum of rows, float16", half, half.sum(axes: [1]), bytes: 2),
      try work("sum of rows, bfloat16", brain, brain.sum(axes: [1]), bytes: 2),
      try work("sum of columns, float16", half, half.sum(axes: [0]), bytes: 2),
      try work("max of rows", x, x.max(axes: [1])),
      try work("argmax of rows", x, x.argmax(axis: 1)),
      try work("argmax of columns", x, x.argmax(axis: 0)),
      try work("softmax of rows", x, x.softmax(), bytes: 8),
      try work("softmax of narrow rows", narrow, narrow.softmax(), bytes: 8),
      try work("softmax of rows, float16", half, half.softmax(), bytes: 4),
      try work("softmax of rows, bfloat16", brain, brain.softmax(), bytes: 4),
    ] + (try losses(x, half)) + (try normalizations(x))
  }

  private static func losses(_ x: Tensor, _ half: Tensor) throws -> [Work] {
    let labels = try Tensor.input("labels", shape: [x.shape[0]], dtype: .int32)
    let loss = try x.softmaxCrossEntropy(labels: labels)
    let halfLoss = try half.softmaxCrossEntropy(labels: labels)
    return [
      try work("cross-entropy", x, loss),
      try work(
        "gradient of cross-entropy", x, gradients(of: loss.mean(), withRespectTo: [x])[0],
        bytes: 8),
      try work("cross-entropy, float16", half, halfLoss, bytes: 2),
    ]
  }

  private static func normalizations(_ x: Tensor) throws -> [Work] {
    let gamma = try Tensor.input("gamma", shape: [x.shape[1]])
    let beta = try Tensor.input("beta", shape: [x.shape[1]])
    let upstream = try Tensor.input("upstream", shape: x.shape)
    let normal = try x.layerNorm(gamma: gamma, beta: beta)
    let back = try gradients(
      of: (normal * upstream).sum(), withRespectTo: [x, gamma, beta])
    // Forward it reads x and writes y; backward it reads x and the upstream gradient and writes one.
    let backward = Work(
      name: "layer norm and gradients", shape: try sizes(x),
      outputs: ([normal] + back).enumerated().map { Graph.Output("result \($0)", $1) },
      updates: [], byteCount: try 20 * sizes(x).reduce(1, *))
    return [
      try work("layer norm", x, normal, bytes: 8), backward,
      try work("RMS norm", x, x.rmsNorm(gamma: gamma), bytes: 8),
    ]
  }

  private static func sizes(_ x: Tensor) throws -> [Int] { try x.shape.map { try $0.value([:]) } }

  private static func work(
    _ name: String, _ x: Tensor, _ result: Tensor, bytes: Int = 4
  ) throws -> Work {
    let shape = try sizes(x)
    return Work(
      name: name, shape: shape, outputs: [Graph.Output("result", result)], updates: [],
      byteCount: bytes * shape.reduce(1, *))
  }

  private static func update(
    _ name: String, _ primitive: any UpdatePrimitive, count: Int, bytes: Int
  ) throws -> Work {
    let variable = try Variable(shape: [count])
    let input = try Tensor.input("gradient", shape: [Dim(count)])
    // The gradients are read twice: for the check that they are finite, then for the update.
    return Work(
      name: name, shape: [count], outputs: [],
      updates: try primitive.updates([variable], gradients: [input * 0.5]),
      byteCount: (bytes + 4) * count)
  }
}
