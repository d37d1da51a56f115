import GPUMLGraph
import GPUMLNN
import GPUMLSystem

/// How gradients change parameters.
///
/// The learning rate is not part of it: it lies in the step's state on the device, where a schedule
/// sets it.
public protocol Optimizer: Sendable {
  /// The name in configurations, such as `adamw`.
  var name: String { get }
  /// The constants by their names in configurations, in a fixed order.
  static var constants: [(name: String, path: WritableKeyPath<Self, Double>)] { get }
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

extension Optimizer {
  /// The constants for reports.
  public var settings: [(name: String, value: Double)] {
    Self.constants.map { ($0.name, self[keyPath: $0.path]) }
  }

  /// Sets one of the constants; a name that is none of them changes nothing.
  public mutating func set(_ name: String, to value: Double) {
    for constant in Self.constants where constant.name == name {
      self[keyPath: constant.path] = value
    }
  }
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
        key: "optimizer",
        reason: "'\(name.excerpt())' is not one of \(names.joined(separator: ", "))")
    }
    let known = result.settings.map(\.name)
    for (key, value) in settings.sorted(by: { $0.key < $1.key }) {
      guard known.contains(key) else {
        let nearest = NearestName.hint(key, among: known)
        throw TrainingError.invalidConfiguration(
          key: "optimizer-settings", reason: "\(name) has no '\(key.excerpt())'\(nearest)")
      }
      result.set(key, to: value)
    }
    return result
  }

  /// An optimizer with its defaults; nil if there is none of that name.
  public static func named(_ name: String) -> (any Optimizer)? {
    switch name {
    case "sgd": SGD(momentum: 0.9)
    case "adam": Adam()
    case "adamw": AdamW()
    case "rmsprop": RMSProp()
    case "adagrad": Adagrad()
    case "lion": Lion()
    case "lamb": LAMB()
    default: nil
    }
  }
}
