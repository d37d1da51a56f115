/// Whether a page is well-formed, and whether it needs anything that is not in it.
enum PageCheck {
  /// What is wrong with a page; nil if nothing is.
  static func problem(in page: String) -> String? {
    markup(page) ?? references(page) ?? entities(page)
  }

  /// Every tag is closed in order, and attributes are in quotes.
  private static func markup(_ page: String) -> String? {
    var open: [Substring] = []
    var rest = page[...]
    while let start = rest.firstIndex(of: "<") {
      if rest[..<start].contains(">") { return "a stray > before \(rest[start...].prefix(40))" }
      guard let end = rest[start...].firstIndex(of: ">") else { return "a tag without end" }
      let tag = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      if tag.contains("<") { return "a stray < in \(tag.prefix(40))" }
      if tag == "!DOCTYPE html" { continue }
      if tag.first == "/" {
        guard open.popLast() == tag.dropFirst() else { return "\(tag) closes another tag" }
        continue
      }
      if let reason = attributes(tag) { return reason }
      if tag.last == "/" { continue }
      let name = tag.prefix { $0 != " " }
      open.append(name)
      if name == "style", let close = rest.firstRange(of: "</style>") {
        if rest[..<close.lowerBound].contains(where: { "<&".contains($0) }) {
          return "a style with markup"
        }
        rest = rest[close.lowerBound...]
      }
    }
    return open.isEmpty ? nil : "\(open) not closed"
  }

  private static func attributes(_ tag: Substring) -> String? {
    let quotes = tag.count { $0 == "\"" }
    let equal = tag.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 0 }.reduce(0) { $0 + $1.element.count { $0 == "=" } }
    return quotes == 2 * equal ? nil : "attributes without quotes in \(tag.prefix(60))"
  }

  /// No script, and nothing from elsewhere.
  private static func references(_ page: String) -> String? {
    let words = [
      "<script", "<link", "<iframe", "<object", "@import", "url(", " href=\"", " onload=\"",
    ]
    if let word = words.first(where: { page.contains($0) }) { return "it has \(word)" }
    for part in page.split(separator: " src=\"").dropFirst()
    where !part.hasPrefix("data:image/png;base64,") {
      return "it takes \(part.prefix(40)) from elsewhere"
    }
    return nil
  }

  /// Only what a page and XML both know, and no character that they forbid.
  private static func entities(_ page: String) -> String? {
    let known = ["amp;", "lt;", "gt;", "quot;", "#39;"]
    for part in page.split(separator: "&", omittingEmptySubsequences: false).dropFirst()
    where !known.contains(where: part.hasPrefix) {
      return "a bare & before \(part.prefix(20))"
    }
    let control = page.unicodeScalars.first { $0.value < 32 && $0 != "\n" }
    return control.map { "the character \($0.value)" }
  }
}
