/// Curves over epochs.
struct LineChart {
  typealias Point = (epoch: Double, value: Double)

  /// One curve.
  struct Line {
    /// What it shows.
    let name: String
    /// Its points by epoch.
    let points: [Point]
    /// Which of the page's colours it has.
    let colour: Int
    /// The epoch that is marked, if it is among the points.
    var marked: Double?
  }

  /// What the chart shows.
  let title: String
  /// The curves, the most important last.
  let lines: [Line]
  /// The most points that a curve is drawn with.
  var mostPoints = 1000
  /// Whether a wide range of values may be spread by logarithm.
  var mayBeLogarithmic = true

  /// The vertical axis.
  private var y: ChartScale {
    ChartScale(
      covering: lines.flatMap { $0.points.map(\.value) }, from: ChartFrame.bottom,
      to: ChartFrame.top, mayBeLogarithmic: mayBeLogarithmic)
  }

  /// Whether equal ratios have equal distances.
  var isLogarithmic: Bool { y.isLogarithmic }

  /// The drawing.
  var svg: String {
    let (y, x) = (
      y,
      ChartScale(
        covering: lines.flatMap { $0.points.map(\.epoch) }, from: ChartFrame.left + 6,
        to: ChartFrame.right, most: 7, isWhole: true)
    )
    let drawn = lines.map { line in
      let points = LineChart.thinned(line.points, to: mostPoints)
      var text = ""
      if points.count > 1 {
        let places = points.map { "\(x($0.epoch).coordinate) \(y($0.value).coordinate)" }
        text += "<path class=\"line c\(line.colour)\" d=\"M\(places.joined(separator: "L"))\"/>\n"
      }
      if let marked = line.marked, let point = line.points.first(where: { $0.epoch == marked }) {
        let (px, py) = (x(point.epoch).coordinate, y(point.value).coordinate)
        // Of several marks each is a dot: their lines would stand between the curves.
        if lines.count(where: { $0.marked != nil }) == 1 {
          text +=
            "<line class=\"best\" x1=\"\(px)\" y1=\"\(ChartFrame.top.coordinate)\" x2=\"\(px)\" "
            + "y2=\"\(ChartFrame.bottom.coordinate)\"/>"
        }
        text += LineChart.dot(px, py, line.colour, "best epoch \(marked.significant)", point.value)
      } else if points.count == 1, let point = points.first {
        text += LineChart.dot(
          x(point.epoch).coordinate, y(point.value).coordinate, line.colour, line.name, point.value)
      }
      return text
    }
    return ChartFrame(x: x, y: y, xLabel: "epoch", title: title).svg(drawn.joined())
  }

  private static func dot(
    _ x: String, _ y: String, _ colour: Int, _ name: String, _ value: Double
  ) -> String {
    "<circle class=\"dot c\(colour)\" cx=\"\(x)\" cy=\"\(y)\" r=\"4.5\">"
      + "<title>\(name.html): \(value.significant)</title></circle>\n"
  }

  /// Of long curves the lowest and the highest point of each stretch, so that no spike is lost.
  static func thinned(_ points: [Point], to most: Int) -> [Point] {
    guard points.count > most, most >= 4 else { return points }
    let stretches = most / 2 - 1
    var kept: [Int] = [0]
    for stretch in 0..<stretches {
      let range =
        stretch * points.count / stretches..<(stretch + 1) * points.count / stretches
      guard let lowest = range.min(by: { points[$0].value < points[$1].value }),
        let highest = range.max(by: { points[$0].value < points[$1].value })
      else { continue }
      kept += Set([lowest, highest]).sorted()
    }
    kept.append(points.count - 1)
    return Set(kept).sorted().map { points[$0] }
  }
}
