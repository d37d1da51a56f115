import GPUMLSystem

extension String {
  /// The text as a page's text or attribute: nothing in it is markup, and it has only characters
  /// that a page may have.
  var html: String {
    var result = ""
    for scalar in escapingControlCharacters().unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      // Half of a character pair, and what Unicode keeps free of characters.
      case "\u{fffe}", "\u{ffff}": result += "\u{fffd}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Whether it has so many characters or fewer.
  func isShort(_ most: Int) -> Bool { unicodeScalars.prefix(most + 1).count <= most }
}

/// Pieces that pages are made of.
enum HTML {
  /// A whole page of its own.
  static func page(title: String, _ content: [String]) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8"/>
    <meta name="viewport" content="width=device-width, initial-scale=1"/>
    <meta name="color-scheme" content="light dark"/>
    <title>\(title.html)</title>
    <style>
    \(Stylesheet.text)</style>
    </head>
    <body>
    <main>

    """ + content.filter { !$0.isEmpty }.joined(separator: "\n") + "\n</main>\n</body>\n</html>\n"
  }

  /// A part of the page under a heading; empty if there is nothing in it.
  static func section(_ title: String, note: String = "", _ content: [String]) -> String {
    let content = content.filter { !$0.isEmpty }
    if content.isEmpty { return "" }
    let remark = note.isEmpty ? "" : "<p class=\"note\">\(note.html)</p>\n"
    return "<section>\n<h2>\(title.html)</h2>\n" + remark + content.joined(separator: "\n")
      + "</section>\n"
  }

  /// Cards side by side where there is room.
  static func cards(_ cards: [String]) -> String {
    let cards = cards.filter { !$0.isEmpty }
    return cards.isEmpty ? "" : "<div class=\"cards\">\n" + cards.joined() + "</div>\n"
  }

  /// A framed part with a heading of its own.
  ///
  /// - Parameters:
  ///   - remark: Stands beside the title.
  ///   - kind: Further classes, for its look.
  static func card(
    _ title: String, remark: String = "", kind: String = "", _ content: String
  ) -> String {
    var head = ""
    if !title.isEmpty {
      head = "<h3>\(title.html)</h3>"
      if !remark.isEmpty { head += remark }
      head = "<div class=\"head\">\(head)</div>\n"
    }
    return "<div class=\"card\(kind.isEmpty ? "" : " " + kind)\">\n" + head + content + "</div>\n"
  }

  /// A framed part without a heading.
  static func card(_ content: String) -> String { card("", content) }

  /// The numbers that matter most, in a row.
  static func tiles(_ tiles: [(name: String, value: String, detail: String)]) -> String {
    let cells = tiles.map { tile in
      let detail = tile.detail.isEmpty ? "" : " <small>\(tile.detail.html)</small>"
      return "<div class=\"tile\"><dt>\(tile.name.html)</dt>"
        + "<dd>\(tile.value.html)\(detail)</dd></div>\n"
    }
    return "<dl class=\"tiles\">\n" + cells.joined() + "</dl>\n"
  }

  /// Names and values.
  static func facts(_ facts: [(name: String, value: String)]) -> String {
    let rows = facts.map {
      "<div><dt>\($0.name.html)</dt><dd>\($0.value.html)</dd></div>\n"
    }
    return "<dl class=\"facts\">\n" + rows.joined() + "</dl>\n"
  }

  /// A table whose first `textColumns` columns are texts and whose others are numbers.
  static func table(_ header: [String], _ rows: [[String]], textColumns: Int = 1) -> String {
    func line(_ cells: [String], _ tag: String) -> String {
      let texts = cells.enumerated().map { place, cell in
        let kind = place < textColumns ? "" : " class=\"number\""
        return "<\(tag)\(kind)>\(cell.html)</\(tag)>"
      }
      return "<tr>" + texts.joined() + "</tr>\n"
    }
    return "<div class=\"scroll\"><table class=\"plain\">\n<thead>" + line(header, "th")
      + "</thead>\n<tbody>\n" + rows.map { line($0, "td") }.joined() + "</tbody></table></div>\n"
  }

  /// What a chart's colours stand for.
  static func legend(_ lines: [LineChart.Line]) -> String {
    let keys = lines.map { "<span class=\"key c\($0.colour)\">\($0.name.html)</span>" }
    let marks = lines.count { $0.marked != nil }
    let best = "<span class=\"key \(marks > 1 ? "many" : "mark")\">best epoch</span>"
    return "<span class=\"legend\">" + keys.joined() + (marks > 0 ? best : "") + "</span>"
  }
}
