import GPUMLNN
import GPUMLSystem

/// Numbers as people read them.
package enum Reading {
  /// What a metric is called; the names that scripts read have a prefix for the part measured.
  static func name(of metric: String) -> String {
    let names = [
      "loss": "loss", "accuracy": "accuracy", "r2": "R²", "rmse": "RMSE", "mae": "MAE",
      "macro_f1": "macro F1", "roc_auc": "ROC-AUC",
    ]
    let parts = [("train_", "training"), ("val_", "validation"), ("test_", "test")]
    for (prefix, part) in parts where metric.hasPrefix(prefix) {
      let rest = String(metric.dropFirst(prefix.count))
      return "\(part) \(names[rest] ?? rest.replacing("_", with: " "))"
    }
    return names[metric] ?? metric.replacing("_", with: " ")
  }

  /// A metric's value: shares as per cent.
  static func value(_ value: Double, of metric: String) -> String {
    if metric.hasSuffix("accuracy") { return share(value) }
    if metric.hasSuffix("r2") { return value.fixed(4) }
    return value.significant
  }

  /// Whether less of a metric is better.
  package static func isBetterLower(_ metric: String) -> Bool {
    !["accuracy", "r2", "f1", "precision", "recall", "auc"].contains { metric.hasSuffix($0) }
  }

  /// A share as per cent.
  static func share(_ value: Double) -> String { (value * 100).fixed(2) + " %" }

  /// A time in the units that suit it.
  static func time(_ seconds: Double) -> String {
    guard seconds >= 60, seconds < 1e9 else {
      return (seconds < 10 ? seconds.fixed(2) : seconds.fixed(1)) + " s"
    }
    let whole = Int(seconds.rounded())
    return whole < 3600
      ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole / 60 % 60) min"
  }

  /// A whole number with commas between thousands.
  static func count(_ value: Int) -> String { ModelSummary.grouped(value) }

  /// A number of examples a second.
  static func speed(_ value: Double) -> String {
    value.magnitude >= 100 && value.magnitude < 1e15
      ? count(Int(value.rounded())) : value.significant
  }

  /// The words before a capital letter in front.
  static func capitalized(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }
}
