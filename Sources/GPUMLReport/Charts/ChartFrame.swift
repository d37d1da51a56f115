import GPUMLSystem

/// The axes of a chart with their numbers, as inline SVG.
struct ChartFrame {
  static let width = 440.0
  static let height = 250.0
  static let left = 50.0
  static let right = 426.0
  static let top = 12.0
  static let bottom = 208.0

  let x: ChartScale
  let y: ChartScale
  /// What the horizontal axis counts.
  let xLabel: String
  /// What the chart shows, for who cannot see it.
  let title: String

  /// The chart with something drawn in it.
  func svg(_ content: String) -> String {
    var lines: [String] = []
    for tick in y.ticks {
      let place = y(tick).coordinate
      lines.append(
        "<line class=\"grid\" x1=\"\(ChartFrame.left.coordinate)\" y1=\"\(place)\" "
          + "x2=\"\(ChartFrame.right.coordinate)\" y2=\"\(place)\"/>"
          + "<text class=\"tick\" x=\"\((ChartFrame.left - 8).coordinate)\" y=\"\(place)\" "
          + "dy=\"0.32em\" text-anchor=\"end\">\(tick.significant)</text>")
    }
    let floor = ChartFrame.bottom.coordinate
    lines.append(
      "<line class=\"axis\" x1=\"\(ChartFrame.left.coordinate)\" y1=\"\(floor)\" "
        + "x2=\"\(ChartFrame.right.coordinate)\" y2=\"\(floor)\"/>")
    for tick in x.ticks {
      let place = x(tick).coordinate
      lines.append(
        "<line class=\"axis\" x1=\"\(place)\" y1=\"\(floor)\" x2=\"\(place)\" "
          + "y2=\"\((ChartFrame.bottom + 4).coordinate)\"/>"
          + "<text class=\"tick\" x=\"\(place)\" y=\"\((ChartFrame.bottom + 17).coordinate)\" "
          + "text-anchor=\"middle\">\(tick.significant)</text>")
    }
    let middle = (ChartFrame.left + ChartFrame.right) / 2
    lines.append(
      "<text class=\"tick name\" x=\"\(middle.coordinate)\" "
        + "y=\"\((ChartFrame.height - 6).coordinate)\" text-anchor=\"middle\">"
        + "\(xLabel.html)</text>")
    return "<svg class=\"chart\" viewBox=\"0 0 \(ChartFrame.width.coordinate) "
      + "\(ChartFrame.height.coordinate)\" role=\"img\" aria-label=\"\(title.html)\">\n"
      + lines.joined(separator: "\n") + "\n" + content + "</svg>\n"
  }
}

extension Double {
  /// A place in a drawing, to a tenth of its unit.
  var coordinate: String {
    let text = isFinite ? fixed(1) : "0"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
