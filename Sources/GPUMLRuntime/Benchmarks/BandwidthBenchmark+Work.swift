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
    func work(_ name: String, _ result: Tensor, bytes: Int) -> Work {
      Work(
        name: name, shape: [rows, columns], outputs: [Graph.Output("result", result)],
        updates: [], byteCount: bytes * count)
    }
    return [
      work("relu", try x.relu(), bytes: 8), work("add", try x + y, bytes: 12),
      work("bias, relu", try (x + bias).relu(), bytes: 8),
      work("exp", try x.exp(), bytes: 8), work("gelu", try x.gelu(approximate: true), bytes: 8),
      work("chain of six", try ((x * y + bias).tanh() * x - y).sigmoid(), bytes: 12),
      work("dropout", try x.dropout(rate: 0.5, stream: 1), bytes: 8),
      work("select", try x.isLess(y).select(x, y), bytes: 12),
      work("relu, float16", try half.relu(), bytes: 4),
      work("cast to float16", try x.cast(to: .float16), bytes: 6),
      work("transpose", try x.transposed(), bytes: 8),
    ] + [
      try update("sgd", SGDUpdate(), count: count, bytes: 12),
      try update("momentum", SGDUpdate(momentum: 0.9), count: count, bytes: 20),
      try update("adam", AdamUpdate(), count: count, bytes: 28),
      try update("adamw", AdamUpdate(weightDecay: 0.01, decoupled: true), count: count, bytes: 28),
    ]
  }

  /// Reductions, softmax and losses on arrays of about `byteCount`.
  package static func reductions(byteCount: Int) throws -> [Work] {
    let columns = 1024
    let rows = max(1, byteCount / (4 * columns))
    let count = rows * columns
    let x = try Tensor.input("x", shape: [Dim(rows), Dim(columns)])
    let narrow = try Tensor.input("narrow", shape: [Dim(count / 16), 16])
    let middle = try Tensor.input("middle", shape: [Dim(max(1, rows / 64)), 64, Dim(columns)])
    let half = try Tensor.input("half", shape: x.shape, dtype: .float16)
    let labels = try Tensor.input("labels", shape: [Dim(rows)], dtype: .int32)
    func work(_ name: String, _ x: Tensor, _ result: Tensor, bytes: Int = 4) throws -> Work {
      let shape = try x.shape.map { try $0.value([:]) }
      return Work(
        name: name, shape: shape, outputs: [Graph.Output("result", result)], updates: [],
        byteCount: bytes * shape.reduce(1, *))
    }
    let loss = try x.softmaxCrossEntropy(labels: labels)
    return [
      try work("sum of all", x, x.sum()), try work("sum of rows", x, x.sum(axes: [1])),
      try work("sum of columns", x, x.sum(axes: [0])),
      try work("sum of the middle axis", middle, middle.sum(axes: [1])),
      try work("sum of narrow rows", narrow, narrow.sum(axes: [1])),
      try work("sum of rows, float16", half, half.sum(axes: [1]), bytes: 2),
      try work("max of rows", x, x.max(axes: [1])),
      try work("argmax of rows", x, x.argmax(axis: 1)),
      try work("softmax of rows", x, x.softmax(), bytes: 8),
      try work("softmax of narrow rows", narrow, narrow.softmax(), bytes: 8),
      try work("cross-entropy", x, loss),
      try work(
        "gradient of cross-entropy", x, gradients(of: loss.mean(), withRespectTo: [x])[0],
        bytes: 8),
    ]
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
