/// How features are brought to a range a network learns well from.
public enum FeatureScaling: Sendable, Equatable, Codable {
  /// As they are.
  case none
  /// Each feature to mean 0 and variance 1 over the training examples; constant features to 0.
  case standard
  /// Each feature to the range 0 to 1 over the training examples; constant features to 0.
  case minMax
  /// `(x - center) · scale` for all of them.
  case fixed(center: Float, scale: Float)

  /// The names that `init(named:)` knows.
  package static let names = ["standard", "minmax", "none"]
  /// The name of a scaling that a source brings along.
  package static let ownName = "fixed"

  /// A scaling that can be asked for; nil if there is none of that name.
  package init?(named name: String) {
    switch name {
    case "standard": self = .standard
    case "minmax": self = .minMax
    case "none": self = .none
    default: return nil
    }
  }

  /// The name of the kind.
  package var name: String {
    switch self {
    case .none: "none"
    case .standard: "standard"
    case .minMax: "minmax"
    case .fixed: FeatureScaling.ownName
    }
  }
}

/// What stands in for a missing value of a feature.
public enum Imputation: String, Sendable, Codable, CaseIterable {
  /// The middle of the training examples' values.
  case median
  /// Their mean.
  case mean
  /// The most frequent of them; of several, the smallest.
  case mostFrequent = "most-frequent"
  /// Nothing does: a missing value is an error.
  case none
}
