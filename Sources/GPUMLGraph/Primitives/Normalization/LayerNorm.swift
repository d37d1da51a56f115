/// Normalises the last axes to zero mean and unit variance, then scales and shifts them.
///
/// Operands: x, then perhaps gamma, then perhaps beta, both of the shape of the last axes, in x's
/// type or `float32`. Results: (x − mean) / √(variance + ε) · gamma + beta in x's type; then, one
/// number a row in `float32`, the mean, what the rounding of the mean has left out (so that the sum
/// of both is the mean to twice the precision), and the variance, which is biased.
///
/// - SeeAlso: Ba et al. 2016, arXiv:1607.06450.
public struct LayerNorm: RowNormForward {
  /// The name in saved graphs.
  public static let name = "layer_norm"
  /// What it computes.
  public static let summary = "the last axes with mean 0 and variance 1, scaled and shifted"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to x, gamma and beta.
  public static let differentiability = Differentiability.differentiable

  /// The first axis of those that are normalised together.
  public let axis: Int
  /// ε, at least 0, added to the variance; its unit is that of x squared.
  public let epsilon: Double

  package init(axis: Int, epsilon: Double) {
    self.axis = axis
    self.epsilon = epsilon
  }

  /// The type of x, then three numbers a row.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expectRows(inputs, counts: 1...3)
    try expectParameters(Array(inputs.dropFirst()), of: inputs)
    _ = try Self.checked(epsilon, "epsilon", .atLeastZero)
    let statistic = statistic(inputs[0])
    return [inputs[0], statistic, statistic, statistic]
  }

  /// dx = (h − mean h − x̂ · mean (h·x̂)) / √(variance + ε) with h = g · gamma; dgamma and dbeta are
  /// the sums of g · x̂ and of g over the rows.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    let (x, mean) = (step.inputs[0], step.outputs[1])
    var result = [Tensor?](repeating: nil, count: step.inputs.count)
    if let gradient = step.upstream[0] {
      let deviation = try inverseDeviation(step.outputs[3], epsilon: epsilon)
      let operands = [x, gradient, mean, step.outputs[2], deviation]
      result[0] = try Node(
        RowNormGradient(axis: axis, isCentered: true), operands + step.inputs.dropFirst().prefix(1)
      ).output()
      let sums = try Node(RowNormParameterGradient(axis: axis, isCentered: true), operands)
      for place in result.indices.dropFirst() {
        result[place] = try sums.output(place - 1).cast(to: step.inputs[place].dtype)
      }
    }
    let throughMean = try step.upstream[1].map { try flow($0, to: x, factor: 1, center: nil) }
    let throughVariance = try step.upstream[3].map { try flow($0, to: x, factor: 2, center: mean) }
    result[0] = try joined(result[0], joined(throughMean, throughVariance))
    return result
  }
}

extension Tensor {
  /// Normalises the last axes to zero mean and unit variance, then scales and shifts them.
  ///
  /// The result is (x − mean) / √(variance + ε) · gamma + beta with the biased variance, of this
  /// tensor's shape and type; any floating-point type, sums in `float32`.
  ///
  /// - Parameters:
  ///   - axis: The first of the axes that are normalised together; negative counts from the end.
  ///   - gamma: Scale, of the shape of these axes, in this tensor's type or `float32`.
  ///   - beta: Shift, of the shape of these axes, in the type of gamma.
  ///   - epsilon: Added to the variance, at least 0.
  /// - Throws: `GraphError` if the axis does not exist or shapes or types do not fit.
  /// - SeeAlso: Ba et al. 2016, arXiv:1607.06450.
  public func layerNorm(
    from axis: Int = -1, gamma: Tensor? = nil, beta: Tensor? = nil, epsilon: Double = 1e-5
  ) throws -> Tensor {
    let axes = try resolved(axes: [axis], operation: LayerNorm.name)
    let primitive = LayerNorm(axis: axes[0], epsilon: epsilon)
    // A shift without a scale is another operation on the result.
    guard gamma == nil, let beta else {
      return try Node(primitive, [self] + [gamma, beta].compactMap { $0 }).output()
    }
    _ = try primitive.outputTypes([type, beta.type])
    let normal = try primitive(self)
    return try normal + beta.cast(to: dtype)
  }
}
