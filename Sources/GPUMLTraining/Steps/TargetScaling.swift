import GPUMLData
import GPUMLGraph

/// How a network's output near 0 becomes numbers of the targets' size: output · scale + center.
///
/// A network learns large or far-off targets only slowly; so they are learned unscaled, and the
/// scaling is part of the model's prediction.
public struct TargetScaling: Sendable, Hashable {
  /// The mean of the targets.
  public let center: Double
  /// Their standard deviation; above 0.
  public let scale: Double

  /// Puts both together; nil if they are not finite or `scale` is not above 0.
  public init?(center: Double, scale: Double) {
    guard center.isFinite, scale.isFinite, scale > 0 else { return nil }
    self.center = center
    self.scale = scale
  }

  /// Mean and standard deviation of the targets; nil if there are none or they are all the same.
  public init?(fittedTo targets: [Float]) {
    let count = Double(targets.count)
    let mean = targets.reduce(0) { $0 + Double($1) } / count
    let variance = targets.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count
    self.init(center: mean, scale: variance.squareRoot())
  }

  func scaled(_ output: Tensor) throws -> Tensor { try output * scale + center }

  func unscaled(_ target: Tensor) throws -> Tensor { try (target - center) / scale }
}
