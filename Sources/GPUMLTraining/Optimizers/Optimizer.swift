import GPUMLGraph
import GPUMLNN

/// How gradients change parameters.
///
/// The learning rate is not part of it: it lies in the step's state on the device, where a schedule
/// sets it.
public protocol Optimizer: Sendable {
  /// The name in configurations, such as `adamw`.
  var name: String { get }
  /// The constants for reports, in a fixed order.
  var settings: [(name: String, value: Double)] { get }
  /// Sets one of the constants; a name that is none of them changes nothing.
  mutating func set(_ name: String, to value: Double)
  /// The learning rate that suits most small networks.
  var defaultLearningRate: Double { get }
  /// Builds the updates of `parameters` and of the slots the optimizer keeps for them.
  ///
  /// The slots are variables made anew by each call, with the role `slot`; the nth slot of a kind
  /// belongs to the nth parameter.
  /// - Parameters:
  ///   - parameters: What changes.
  ///   - gradients: One a parameter, of its shape.
  ///   - scale: A scalar that all gradients are multiplied with; nil for 1.
  /// - Throws: `GraphError` if a constant is out of range, or parameters and gradients do not fit.
  func updates(
    _ parameters: [Variable], gradients: [Tensor], scale: Tensor?
  ) throws -> [Update]
}

/// The optimizers by their names in configurations.
public enum Optimizers {
  /// The names that `named(_:)` knows.
  public static let names = ["sgd", "adam", "adamw", "rmsprop", "adagrad", "lion", "lamb"]

  /// An optimizer with some of its constants set.
  ///
  /// - Throws: `TrainingError.invalidConfiguration` if there is none of that name, or it has no such
  ///   constant.
  public static func named(
    _ name: String, settings: [String: Double]
  ) throws -> any Optimizer {
    guard var result = named(name) else {
      throw TrainingError.invalidConfiguration(
        key: "optimizer", reason: "'\(name)' is not one of \(names.joined(separator: ", "))")
    }
    let known = result.settings.map(\.name)
    for (key, value) in settings.sorted(by: { $0.key < $1.key }) {
      guard known.contains(key) else {
        let nearest = NearestName.find(key, among: known).map { "; did you mean '\($0)'?" } ?? ""
        throw TrainingError.invalidConfiguration(
          key: "optimizer-settings", reason: "\(name) has no '\(key)'\(nearest)")
      }
      result.set(key, to: value)
    }
    return result
  }

  /// An optimizer with its defaults and perhaps a weight decay; nil if there is none of that name.
  public static func named(_ name: String, weightDecay: Double? = nil) -> (any Optimizer)? {
    switch name {
    case "sgd": SGD(momentum: 0.9, weightDecay: weightDecay ?? 0)
    case "adam": Adam(weightDecay: weightDecay ?? 0)
    case "adamw": weightDecay.map { AdamW(weightDecay: $0) } ?? AdamW()
    case "rmsprop": RMSProp(weightDecay: weightDecay ?? 0)
    case "adagrad": Adagrad(weightDecay: weightDecay ?? 0)
    case "lion": Lion(weightDecay: weightDecay ?? 0)
    case "lamb": weightDecay.map { LAMB(weightDecay: $0) } ?? LAMB()
    default: nil
    }
  }
}
