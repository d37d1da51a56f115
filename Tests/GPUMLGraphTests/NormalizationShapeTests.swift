import GPUMLGraph
import Testing

private let n = Dim.symbol("n")

private func f(_ shape: Dim...) -> TensorType { TensorType(shape, .float32) }
private func i(_ shape: Dim...) -> TensorType { TensorType(shape, .int32) }
private func half(_ shape: Dim...) -> TensorType { TensorType(shape, .float16) }

/// What normalisations and their gradients take and refuse.
func normalizationShapeCases() -> [ShapeCase] {
  let layer = LayerNorm(axis: 1, epsilon: 1e-5)
  let rms = RMSNorm(axis: 1, epsilon: 1e-5)
  let gradient = RowNormGradient(axis: 1, isCentered: true)
  let plain = RowNormGradient(axis: 1, isCentered: false)
  let sums = RowNormParameterGradient(axis: 1, isCentered: true)
  return [
    ShapeCase(layer, [f(n, 2, 3)], [f(n, 2, 3), f(n), f(n), f(n)]),
    ShapeCase(layer, [half(4, n), f(n)], [half(4, n), f(4), f(4), f(4)]),
    ShapeCase(layer, [half(4, n), half(n), half(n)], [half(4, n), f(4), f(4), f(4)]),
    ShapeCase(layer, [half(4, n), half(n), f(n)], nil), ShapeCase(layer, [f(4, n), half(n)], nil),
    ShapeCase(layer, [f(n)], nil), ShapeCase(layer, [f()], nil), ShapeCase(layer, [i(2, 3)], nil),
    ShapeCase(layer, [f(2, 3), f(2)], nil), ShapeCase(layer, [f(2, 3), f(3), f(1)], nil),
    ShapeCase(layer, [], nil), ShapeCase(layer, [f(2, 3), f(3), f(3), f(3)], nil),
    ShapeCase(LayerNorm(axis: -1, epsilon: 0), [f(2, 3)], nil),
    ShapeCase(LayerNorm(axis: .max, epsilon: 0), [f(2, 3)], nil),
    ShapeCase(LayerNorm(axis: 0, epsilon: -1), [f(2, 3)], nil),
    ShapeCase(LayerNorm(axis: 0, epsilon: .infinity), [f(2, 3)], nil),
    ShapeCase(LayerNorm(axis: 0, epsilon: .nan), [f(2, 3)], nil),
    ShapeCase(rms, [f(n, 3), f(3)], [f(n, 3), f(n)]), ShapeCase(rms, [f(n, 3), f(n)], nil),
    ShapeCase(rms, [f(2, 3), f(3), f(3)], nil), ShapeCase(rms, [i(2, 3)], nil),
    ShapeCase(RMSNorm(axis: 0, epsilon: -.infinity), [f(2, 3)], nil),
    ShapeCase(gradient, [f(n, 3), f(n, 3), f(n), f(n), f(n)], [f(n, 3)]),
    ShapeCase(gradient, [half(n, 3), half(n, 3), f(n), f(n), f(n), f(3)], [half(n, 3)]),
    ShapeCase(gradient, [f(n, 3), f(n, 3), f(n), f(n)], nil),
    ShapeCase(gradient, [f(n, 3), half(n, 3), f(n), f(n), f(n)], nil),
    ShapeCase(gradient, [half(n, 3), half(n, 3), half(n), f(n), f(n)], nil),
    ShapeCase(gradient, [f(n, 3), f(n, 3), f(n), f(3), f(n)], nil),
    ShapeCase(plain, [f(n, 3), f(n, 3), f(n)], [f(n, 3)]),
    ShapeCase(plain, [f(n, 3), f(n, 3), f(n), f(2)], nil),
    ShapeCase(sums, [f(n, 3), f(n, 3), f(n), f(n), f(n)], [f(3), f(3)]),
    ShapeCase(sums, [f(n, 3), f(n, 3), f(n), f(n), f(n), f(3)], nil),
    ShapeCase(
      RowNormParameterGradient(axis: 1, isCentered: false), [half(n, 3), half(n, 3), f(n)], [f(3)]),
    ShapeCase(
      RowNormParameterGradient(axis: 2, isCentered: false), [f(n, 3), f(n, 3), f(n)], nil),
  ]
}

@Suite("Shapes of normalisations")
struct NormalizationShapeTests {
  @Test("axes count from the end, and a shift needs no scale")
  func layerNorm() throws {
    let x = try Tensor.input("x", shape: [n, 3, 4])
    let row = try Tensor.input("row", shape: [3, 4])
    #expect(try x.layerNorm(from: -2, gamma: row).shape == [n, 3, 4])
    #expect(try x.layerNorm(from: 1, beta: row).shape == [n, 3, 4])
    #expect(try x.rmsNorm(from: -2, gamma: row).shape == [n, 3, 4])
    for axis in [3, -4, .max, .min] {
      #expect(throws: GraphError.self) { try x.layerNorm(from: axis) }
      #expect(throws: GraphError.self) { try x.rmsNorm(from: axis) }
    }
    #expect(throws: GraphError.self) { try x.layerNorm(gamma: row) }
    #expect(throws: GraphError.self) { try x.layerNorm(beta: row) }
    #expect(throws: GraphError.self) { try x.layerNorm(epsilon: -1) }
  }

  @Test("groups divide the channels")
  func groupNorm() throws {
    let x = try Tensor.input("x", shape: [n, 6, 5])
    let c = try Tensor.input("c", shape: [6])
    #expect(try x.groupNorm(groups: 3, gamma: c, beta: c).shape == [n, 6, 5])
    let symbolic = try Tensor.input("s", shape: [2, n * 4])
    #expect(try symbolic.groupNorm(groups: 2).shape == [2, n * 4])
    for groups in [0, -1, 4, .min, .max] {
      #expect(throws: GraphError.self) { try x.groupNorm(groups: groups) }
    }
    #expect(throws: GraphError.self) { try symbolic.groupNorm(groups: 3) }
    #expect(throws: GraphError.self) { try c.groupNorm(groups: 1) }
    #expect(throws: GraphError.self) { try x.groupNorm(groups: 2, gamma: x) }
    #expect(throws: GraphError.self) { try x.cast(to: .int32).groupNorm(groups: 2, gamma: c) }
    #expect(throws: GraphError.self) { try x.groupNorm(groups: 2, beta: c.cast(to: .bool)) }
  }

  @Test("statistics are one a channel")
  func batchNorm() throws {
    let x = try Tensor.input("x", shape: [n, 6, 5])
    let c = try Tensor.input("c", shape: [6])
    let batch = try x.batchNorm(gamma: c, beta: c)
    #expect(batch.output.shape == [n, 6, 5] && batch.mean.shape == [6])
    let running = try RunningStatistics(channels: 6)
    #expect(try running.updates(with: batch).map(\.variable) == [running.mean, running.variance])
    #expect(try x.batchNorm(using: running, gamma: c, beta: c).shape == [n, 6, 5])
    #expect(throws: GraphError.self) { try RunningStatistics(channels: -1) }
    for momentum in [-0.1, 1.1, .nan] {
      #expect(throws: GraphError.self) { try running.updates(with: batch, momentum: momentum) }
    }
    let other = try RunningStatistics(channels: 5)
    #expect(throws: GraphError.self) { try other.updates(with: batch) }
    #expect(throws: GraphError.self) { try x.batchNorm(using: other) }
    #expect(throws: GraphError.self) { try x.batchNorm(using: running, epsilon: -1) }
    #expect(throws: GraphError.self) { try x.batchNorm(gamma: x) }
    #expect(throws: GraphError.self) { try c.batchNorm() }
    #expect(throws: GraphError.self) { try x.cast(to: .int8).batchNorm() }
    #expect(throws: GraphError.self) { try c.batchNorm(using: running) }
  }
}
