/// Divides the last axes by their root mean square, then scales them.
///
/// Operands: x, then perhaps gamma, of the shape of the last axes, in x's type or `float32`. Results:
/// x / √(mean(x²) + ε) · gamma in x's type, and mean(x²), one number a row in `float32`.
///
/// - SeeAlso: Zhang and Sennrich 2019, arXiv:1910.07467.
public struct RMSNorm: RowNormForward {
  /// The name in saved graphs.
  public static let name = "rms_norm"
  /// What it computes.
  public static let summary = "the last axes divided by their root mean square, scaled"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to x and gamma.
  public static let differentiability = Differentiability.differentiable

  /// The first axis of those that are normalised together.
  public let axis: Int
  /// ε, at least 0, added to the mean square; its unit is that of x squared.
  public let epsilon: Double

  package init(axis: Int, epsilon: Double) {
    self.axis = axis
    self.epsilon = epsilon
  }

  /// The type of x, then one number a row.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expectRows(inputs, counts: 1...2)
    try expectParameters(Array(inputs.dropFirst()), of: inputs)
    _ = try Self.checked(epsilon, "epsilon", .atLeastZero)
    return [inputs[0], statistic(inputs[0])]
  }

  /// dx = (h − x̂ · mean (h·x̂)) / √(mean(x²) + ε) with h = g · gamma; dgamma is the sum of g · x̂ over
  /// the rows.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    let x = step.inputs[0]
    var result = [Tensor?](repeating: nil, count: step.inputs.count)
    if let gradient = step.upstream[0] {
      let inverse = try inverseDeviation(step.outputs[1], epsilon: epsilon)
      let operands = [x, gradient, inverse]
      result[0] = try Node(
        RowNormGradient(axis: axis, isCentered: false), operands + step.inputs.dropFirst()
      ).output()
      if step.inputs.count > 1 {
        let sums = try Node(RowNormParameterGradient(axis: axis, isCentered: false), operands)
        result[1] = try sums.output().cast(to: step.inputs[1].dtype)
      }
    }
    let throughSquares = try step.upstream[1].map {
      try flow($0, to: x, factor: 2, center: $0.filled(with: 0).expanded(to: $0.shape))
    }
    result[0] = try joined(result[0], throughSquares)
    return result
  }
}

extension Tensor {
  /// Divides the last axes by their root mean square, then scales them.
  ///
  /// The result is x / √(mean(x²) + ε) · gamma, of this tensor's shape and type; any floating-point
  /// type, sums in `float32`.
  ///
  /// - Parameters:
  ///   - axis: The first of the axes that are normalised together; negative counts from the end.
  ///   - gamma: Scale, of the shape of these axes, in this tensor's type or `float32`.
  ///   - epsilon: Added to the mean square, at least 0.
  /// - Throws: `GraphError` if the axis does not exist or shapes or types do not fit.
  /// - SeeAlso: Zhang and Sennrich 2019, arXiv:1910.07467.
  public func rmsNorm(
    from axis: Int = -1, gamma: Tensor? = nil, epsilon: Double = 1e-5
  ) throws -> Tensor {
    let axes = try resolved(axes: [axis], operation: RMSNorm.name)
    return try Node(
      RMSNorm(axis: axes[0], epsilon: epsilon), [self] + [gamma].compactMap { $0 }
    ).output()
  }
}
