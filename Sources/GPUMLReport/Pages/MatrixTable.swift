import GPUMLSystem

/// The confusion matrix as a shaded table.
struct MatrixTable {
  let classes: ClassFacts

  private var kind: String {
    switch classes.counts.count {
    case ...4: "matrix few"
    case ...12: "matrix"
    case ...26: "matrix some"
    default: "matrix many"
    }
  }

  var html: String {
    let names = classes.names + (classes.pooled > 0 ? ["\(classes.pooled) others"] : [])
    let most = classes.counts.count <= 4 ? 9 : classes.counts.count <= 12 ? 3 : 1
    let isTall = names.contains { !$0.isShort(most) }
    let header = names.map { "<th title=\"\($0.html)\"><span>\($0.html)</span></th>" }.joined()
    let rows = zip(names, classes.counts.enumerated()).map { name, row in
      let total = max(1, row.element.reduce(0, +))
      let cells = row.element.enumerated().map { place, count in
        let words = "\(name) → \(names[place]): \(count)"
        // Within the pool are right predictions and wrong ones.
        if place == row.offset, place >= classes.names.count {
          return "<td class=\"pool\" title=\"\(words.html)\">\(count)</td>"
        }
        return cell(count, of: total, isHit: place == row.offset, words)
      }
      return "<tr><th title=\"\(name.html)\">\(name.html)</th>" + cells.joined() + "</tr>\n"
    }
    return "<div class=\"scroll\"><table class=\"\(kind)\">\n"
      + "<thead><tr\(isTall ? " class=\"tall\"" : "")><td class=\"corner\"></td>\(header)</tr>"
      + "</thead>\n<tbody>\n" + rows.joined() + "</tbody></table></div>\n"
  }

  private func cell(_ count: Int, of total: Int, isHit: Bool, _ words: String) -> String {
    if count == 0 { return "<td class=\"none\">0</td>" }
    let share = Double(count) / Double(total)
    // A few mistakes among many hits must be seen: the square root lifts them.
    let shade = 0.12 + 0.88 * (isHit ? share : share.squareRoot())
    let kinds = (isHit ? ["hit"] : []) + (shade > 0.6 ? ["deep"] : [])
    let kind = kinds.isEmpty ? "" : " class=\"\(kinds.joined(separator: " "))\""
    return "<td\(kind) style=\"--a:\(shade.fixed(2))\" title=\"\(words.html)\">\(count)</td>"
  }
}
