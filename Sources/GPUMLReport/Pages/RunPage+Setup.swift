import GPUMLSystem

/// What was trained on what, and how.
extension RunPage {
  /// Longer values of settings are cut.
  private static let mostCharacters = 300
  private static let mostSettings = 200

  var setup: String {
    HTML.section("Model and data", [HTML.cards([model, data])])
  }

  private var model: String {
    guard let model = facts?.model else { return "" }
    var rows = model.layers.map {
      [$0.name.cut, $0.kind.cut, $0.output.cut, Reading.count($0.parameters)]
    }
    if model.omitted > 0 { rows.append(["… and \(model.omitted) more", "", "", ""]) }
    rows.append(["all", "", "", Reading.count(model.parameters)])
    let name = (report.settings["model"] ?? "").cut
    return HTML.card(
      "Model", remark: "<span class=\"aside\">\(name.html)</span>",
      HTML.table(["layer", "kind", "output", "parameters"], rows, textColumns: 3))
  }

  private var data: String {
    guard let data = facts?.data else { return "" }
    var rows: [(name: String, value: String)] = [("source", String(data.source.prefix(300)))]
    if let target = data.target { rows.append(("predicted column", target.cut)) }
    let shape = data.featureShape.map(String.init).joined(separator: " × ")
    rows.append((data.target == nil ? "an example’s shape" : "feature columns", shape))
    if let classes = data.classCount { rows.append(("classes", Reading.count(classes))) }
    rows.append(("examples learned from", Reading.count(data.trainCount)))
    rows.append(("validation examples", Reading.count(data.validationCount)))
    rows.append(("test examples", Reading.count(data.testCount)))
    return HTML.card("Data", HTML.facts(rows))
  }

  var settings: String {
    let all = report.settings.all
    let rows = all.prefix(RunPage.mostSettings).map { setting in
      (name: setting.key.cut, value: RunPage.shortened(setting.value))
    }
    let note = all.count > rows.count ? "The first \(rows.count) of \(all.count)." : ""
    return HTML.section("Settings", note: note, [HTML.card(HTML.facts(rows))])
  }

  static func shortened(_ value: String) -> String {
    value.isShort(mostCharacters)
      ? value : String(value.unicodeScalars.prefix(mostCharacters)) + "…"
  }
}
