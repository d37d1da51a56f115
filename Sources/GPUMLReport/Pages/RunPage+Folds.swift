/// What came of the folds of a cross-validation.
extension RunPage {
  var folds: String {
    guard let folds = facts?.folds, !folds.means.isEmpty else { return "" }
    let names = folds.means.map(\.name)
    func cells(_ metrics: [OutcomeFacts.Metric]) -> [String] {
      let values = Dictionary(metrics.map { ($0.name, $0.value) }) { first, _ in first }
      return names.map { name in values[name].map { Reading.value($0, of: name) } ?? "" }
    }
    var rows = folds.folds.enumerated().map { place, fold in
      ["\(place + 1)", "\(fold.bestEpoch)"] + cells(fold.metrics)
    }
    if folds.count > folds.folds.count {
      rows.append(["… of \(folds.count)", ""] + names.map { _ in "" })
    }
    rows.append(["mean", ""] + cells(folds.means))
    rows.append(["±", ""] + cells(folds.deviations))
    // All of them are of validation examples.
    let header =
      ["fold", "best epoch"]
      + names.map { Reading.name(of: $0.hasPrefix("val_") ? String($0.dropFirst(4)) : $0) }
    return HTML.section(
      "Cross-validation",
      note: "Each fold is measured by a model that learned from the others; "
        + "the run's model has learned from all of them.",
      [HTML.card("\(folds.count) folds", HTML.table(header, rows))])
  }
}
