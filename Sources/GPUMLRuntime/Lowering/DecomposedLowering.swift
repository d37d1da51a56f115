import GPUMLGraph

/// A primitive that is planned as a computation of others.
package protocol DecomposedLowering: Primitive {
  /// What stands for the outputs.
  func decomposed(_ inputs: [Tensor]) throws -> [Tensor]
}

extension Graph {
  /// Puts computations of other primitives in the place of those that are planned so.
  package func decomposing() throws -> Graph {
    try rewritten { node, inputs in
      guard let primitive = node.primitive as? any DecomposedLowering else { return nil }
      return try zip(node.outputs, primitive.decomposed(inputs)).map { try $1.cast(to: $0.dtype) }
    }
  }
}

extension LogSumExp: DecomposedLowering {
  /// The largest, then Σ eˣ⁻ᵐ; where the largest is infinite, from 0 on.
  package func decomposed(_ inputs: [Tensor]) throws -> [Tensor] {
    let largest = try PlannedReduction(.max, axes: axes)(inputs[0])
    let center = try largest.masked(where: largest.isEqual(largest.filled(with: .infinity)), by: 0)
      .masked(where: largest.isEqual(largest.filled(with: -.infinity)), by: 0)
    let sum = try PlannedReduction(.exponentials, axes: axes)(inputs[0], center)
    return [try sum.log() + center]
  }
}

extension DeviationPrimitive {
  /// The variance (Σ(x−m)² − (Σ(x−m))²/n)/(n − correction), where the second term is what rounding
  /// left of the mean in the first.
  fileprivate func variance(_ x: Tensor) throws -> Tensor {
    let sizes = axes.map { x.shape[$0] }
    let mean = try PlannedReduction(.mean, axes: axes)(x)
    let rest = try PlannedReduction(.deviations, axes: axes)(x, mean)
    let squares = try PlannedReduction(.squaredDeviations, axes: axes)(x, mean)
    // Rounding must not make it negative.
    let sum = try (squares - (rest * rest).divided(byCount: sizes))
    return try sum.maximum(sum.filled(with: 0)).divided(byCount: sizes, correction: correction)
  }
}

extension Variance: DecomposedLowering {
  package func decomposed(_ inputs: [Tensor]) throws -> [Tensor] { [try variance(inputs[0])] }
}

extension StandardDeviation: DecomposedLowering {
  package func decomposed(_ inputs: [Tensor]) throws -> [Tensor] {
    [try variance(inputs[0]).squareRoot()]
  }
}

/// A reduction to float32 that only plans contain.
private struct PlannedReduction: KernelLowering {
  static let name = "planned_reduction"
  static let summary = "a step of another reduction"
  static let dtypes = DType.floating
  static let differentiability = Differentiability.none(reason: "only plans contain it")

  let operation: ReductionOperation
  let axes: [Int]

  init(_ operation: ReductionOperation, axes: [Int]) {
    self.operation = operation
    self.axes = axes
  }

  init(_ attributes: Attributes) throws {
    throw GraphError.malformed(reason: "\(PlannedReduction.name) is part of no saved graph")
  }

  var attributes: Attributes {
    Attributes(["operation": .string(operation.rawValue), "axes": .ints(axes)])
  }

  func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    let reduced = try ReduceSum(axes: axes).reducedShape(inputs)
    return [TensorType(reduced, .float32)]
  }

  func lower(_ node: Node, in builder: PlanBuilder) throws {
    try Reduction(node, axes: axes, operation: operation).lower(in: builder)
  }
}
