/// How a variable gets its first value.
public enum Initializer: Sendable, Hashable {
  /// All elements 0.
  case zeros
  /// All elements the same.
  case constant(Float)
  /// Evenly distributed between `low` (included) and `high`.
  case uniform(low: Float, high: Float)
  /// Normally distributed.
  case normal(mean: Float, deviation: Float)

  /// Uniform in ±gain·√(3/fanIn): He et al. 2015, arXiv:1502.01852; `gain` is √2 for ReLU.
  public static func kaimingUniform(fanIn: Int, gain: Float = 1.4142135) -> Initializer {
    let bound = gain * (3 / Float(max(fanIn, 1))).squareRoot()
    return .uniform(low: -bound, high: bound)
  }

  /// Uniform in ±√(6/(fanIn+fanOut)): Glorot and Bengio 2010.
  public static func xavierUniform(fanIn: Int, fanOut: Int) -> Initializer {
    let bound = (6 / max(Float(fanIn) + Float(fanOut), 1)).squareRoot()
    return .uniform(low: -bound, high: bound)
  }

  /// The first values of a variable; the same seed and name always give the same.
  ///
  /// - Throws: `GraphError.invalidValue` if `shape` is negative or overflows.
  package func values(shape: [Int], dtype: DType, seed: UInt64, name: String) throws -> HostTensor {
    guard let count = HostTensor.elementCount(of: shape) else {
      throw GraphError.invalidValue(
        operation: "Initializer", reason: "the shape \(shape) is negative or too large")
    }
    var random = Philox(seed: seed, stream: StableHash.fnv1a(name))
    let values: [Float] =
      switch self {
      case .zeros: [Float](repeating: 0, count: count)
      case .constant(let value): [Float](repeating: value, count: count)
      case .uniform(let low, let high):
        (0..<count).map { _ in low + (high - low) * random.uniform() }
      case .normal(let mean, let deviation):
        (0..<count).map { _ in mean + deviation * random.normal() }
      }
    return try HostTensor(values, shape: shape).converted(to: dtype)
  }
}

/// A hash that is the same in every process, unlike `Hasher`.
package enum StableHash {
  /// 64-bit FNV-1a of the text's UTF-8.
  package static func fnv1a(_ text: String) -> UInt64 {
    text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}
