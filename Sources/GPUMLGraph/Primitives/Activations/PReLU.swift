/// The leaky rectifier whose slope is a second operand, which stretches to the first.
///
/// - SeeAlso: He et al. 2015, arXiv:1502.01852.
public struct PReLU: ElementwisePrimitive {
  /// The name in saved graphs.
  public static let name = "prelu"
  /// What it computes.
  public static let summary = "a above 0, elsewhere a·b; b stretches to a"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to both operands.
  public static let differentiability = Differentiability.differentiable
  /// None.
  public var attributes: Attributes { Attributes() }

  /// The one value.
  public init() {}
  /// The one value.
  public init(_ attributes: Attributes) throws {}

  /// The type of the first operand.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(2, inputs)
    try expectFloating(inputs[0])
    guard inputs[0].dtype == inputs[1].dtype else {
      throw GraphError.invalidValue(
        operation: name,
        reason: "the operands are \(inputs[0].dtype) and \(inputs[1].dtype); cast one of them")
    }
    guard Broadcasting.stretches(inputs[1].shape, to: inputs[0].shape) else {
      throw mismatch(inputs, "the slope does not stretch to the operand")
    }
    return [inputs[0]]
  }

  /// The vector-Jacobian product; at 0 that of the side below.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil, nil] }
    let (x, slope) = (step.inputs[0], step.inputs[1])
    let isBelow = try x.isAtMost(0)
    return [
      try isBelow.select(gradient * slope, gradient),
      try isBelow.select(gradient * x, gradient.filled(with: 0)).summed(to: slope.shape),
    ]
  }
}

extension Tensor {
  /// The parametric rectifier: x above 0, elsewhere slope·x with a learned slope; NaN stays NaN.
  ///
  /// - Parameters:
  ///   - slope: In this tensor's type. Of one element, or of shape `[channels]`, the size of
  ///     `axis`, as in PyTorch; of any other rank it must stretch to this tensor's shape.
  ///   - axis: Where the channels of a slope `[channels]` lie; negative counts from the end. A
  ///     tensor of one axis has its channels there.
  /// - Throws: `GraphError` if shapes or types do not fit.
  /// - SeeAlso: He et al. 2015, arXiv:1502.01852.
  public func prelu(slope: Tensor, axis: Int = 1) throws -> Tensor {
    guard slope.rank == 1, slope.shape != [1], rank > 1 else { return try PReLU()(self, slope) }
    let axis = try resolved(axes: [axis], operation: PReLU.name)[0]
    let ones = [Dim](repeating: 1, count: rank - axis - 1)
    return try PReLU()(self, slope.reshaped(to: slope.shape + ones))
  }
}
