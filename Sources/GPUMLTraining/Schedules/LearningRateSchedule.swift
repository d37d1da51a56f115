#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// How the learning rate changes during a training.
public enum LearningRateSchedule: Sendable, Hashable {
  /// It stays.
  case constant
  /// It is multiplied by `factor` after every `epochs` epochs.
  case step(epochs: Int, factor: Double)
  /// It falls along half a cosine to 0: Loshchilov and Hutter 2016, arXiv:1608.03983.
  case cosine
  /// It rises from 1/25 during the first three tenths, then falls along half a cosine to
  /// 1/250,000: Smith and Topin 2017, arXiv:1708.07120.
  case oneCycle

  /// The names that `init(named:)` knows.
  public static let names = ["constant", "step", "cosine", "onecycle"]

  /// A schedule with its defaults; nil if there is none of that name.
  public init?(named name: String) {
    switch name {
    case "constant": self = .constant
    case "step": self = .step(epochs: 10, factor: 0.3)
    case "cosine": self = .cosine
    case "onecycle": self = .oneCycle
    default: return nil
    }
  }

  /// The name in configurations.
  public var name: String {
    switch self {
    case .constant: "constant"
    case .step: "step"
    case .cosine: "cosine"
    case .oneCycle: "onecycle"
    }
  }

  /// What the learning rate is multiplied with at a step.
  ///
  /// - Parameters:
  ///   - step: Counted from 0.
  ///   - total: The steps of the whole training.
  ///   - stepsPerEpoch: The steps of an epoch, at least 1.
  ///   - warmup: The number of steps over which the rate rises evenly at the beginning.
  public func factor(step: Int, total: Int, stepsPerEpoch: Int, warmup: Int = 0) -> Double {
    if step < warmup { return Double(step + 1) / Double(warmup) }
    let rest = max(1, total - warmup)
    let progress = min(1, Double(step - warmup) / Double(rest))
    switch self {
    case .constant: return 1
    case .step(let epochs, let factor):
      return pow(factor, Double(step / max(1, stepsPerEpoch) / max(1, epochs)))
    case .cosine: return Self.fall(progress, from: 1, to: 0)
    case .oneCycle:
      let peak = 0.3
      return progress < peak
        ? Self.fall(progress / peak, from: 1 / 25, to: 1)
        : Self.fall((progress - peak) / (1 - peak), from: 1, to: 1 / 250_000)
    }
  }

  /// Half a cosine between two values.
  private static func fall(_ progress: Double, from start: Double, to end: Double) -> Double {
    end + (start - end) * (1 + cos(Double.pi * progress)) / 2
  }

  /// Checks the constants.
  func validate() throws(TrainingError) {
    if case .step(let epochs, let factor) = self {
      guard epochs >= 1, factor > 0, factor <= 1 else {
        throw .invalidConfiguration(
          key: "lr-schedule",
          reason: "a step of \(epochs) epochs by \(factor); at least 1 epoch, a factor in 0...1")
      }
    }
  }
}
