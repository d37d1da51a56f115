/// The gradient of `LayerNorm` or `RMSNorm` with respect to x.
///
/// Operands: x; the gradient with respect to the result, of x's shape and type; of layer
/// normalisation the mean and what its rounding has left out, then of both 1 / √(variance + ε), one
/// number a row in `float32`; then perhaps gamma.
public struct RowNormGradient: RowNormBackward {
  /// The name in saved graphs.
  public static let name = "row_norm_gradient"
  /// What it computes.
  public static let summary = "the gradient of layer_norm or rms_norm"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// None.
  public static let differentiability = Differentiability.none(
    reason: "second derivatives of the fused kernel are not offered; compose it from means")

  /// The first axis of those that are normalised together.
  public let axis: Int
  /// Whether the mean is taken off: layer normalisation.
  public let isCentered: Bool

  package init(axis: Int, isCentered: Bool) {
    self.axis = axis
    self.isCentered = isCentered
  }

  /// The type of x.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    let statistics = isCentered ? 3 : 1
    try expectRows(inputs, counts: (2 + statistics)...(3 + statistics))
    try expectGradient(inputs, statistics: statistics)
    try expectParameters(Array(inputs.dropFirst(2 + statistics)), of: inputs)
    return [inputs[0]]
  }
}

/// The gradient of `LayerNorm` or `RMSNorm` with respect to gamma and, of layer normalisation, beta.
///
/// Operands: those of `RowNormGradient` without gamma. The results are `float32`, of the shape of the
/// last axes.
public struct RowNormParameterGradient: RowNormBackward {
  /// The name in saved graphs.
  public static let name = "row_norm_parameter_gradient"
  /// What it computes.
  public static let summary = "the gradient of layer_norm or rms_norm by its scale and shift"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// None.
  public static let differentiability = Differentiability.none(
    reason: "second derivatives of the fused kernel are not offered; compose it from means")

  /// The first axis of those that are normalised together.
  public let axis: Int
  /// Whether the mean is taken off: layer normalisation.
  public let isCentered: Bool

  package init(axis: Int, isCentered: Bool) {
    self.axis = axis
    self.isCentered = isCentered
  }

  /// A row for gamma and, of layer normalisation, one for beta.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    let statistics = isCentered ? 3 : 1
    try expectRows(inputs, counts: (2 + statistics)...(2 + statistics))
    try expectGradient(inputs, statistics: statistics)
    let row = TensorType(Array(inputs[0].shape[axis...]), .float32)
    return isCentered ? [row, row] : [row]
  }
}

extension RowNormPrimitive {
  /// Checks the upstream gradient and the statistics.
  fileprivate func expectGradient(_ inputs: [TensorType], statistics: Int) throws {
    guard inputs[1] == inputs[0] else {
      throw mismatch(inputs, "the gradient has another shape or type than x")
    }
    for type in inputs[2..<(2 + statistics)] where type != statistic(inputs[0]) {
      throw mismatch(inputs, "statistics are one float32 a row")
    }
  }
}
