/// Predicted numbers over the true ones.
struct ScatterChart {
  let pairs: [NumberFacts.Pair]

  /// The drawing: a point a pair, and the line on which predictions are true.
  var svg: String {
    let values = pairs.flatMap { [$0.actual, $0.predicted] }
    let x = ChartScale(covering: values, from: ChartFrame.left, to: ChartFrame.right)
    let y = ChartScale(covering: values, from: ChartFrame.bottom, to: ChartFrame.top)
    let (low, high) = (x.ticks.first ?? 0, x.ticks.last ?? 1)
    let points = pairs.map {
      "<circle class=\"point\" cx=\"\(x($0.actual).coordinate)\" "
        + "cy=\"\(y($0.predicted).coordinate)\" r=\"2.6\"/>"
    }
    return ChartFrame(x: x, y: y, xLabel: "true", title: "predicted numbers over true ones").svg(
      "<line class=\"best\" x1=\"\(x(low).coordinate)\" y1=\"\(y(low).coordinate)\" "
        + "x2=\"\(x(high).coordinate)\" y2=\"\(y(high).coordinate)\"/>\n"
        + points.joined(separator: "\n") + "\n")
  }
}

/// How errors are distributed.
struct ResidualChart {
  let numbers: NumberFacts

  /// The drawing: a bar for each part of the range.
  var svg: String {
    let bins = numbers.bins
    let y = ChartScale(
      covering: [0] + bins.map(Double.init), from: ChartFrame.bottom, to: ChartFrame.top)
    let x = ChartScale(
      covering: [numbers.lowest, numbers.highest], from: ChartFrame.left, to: ChartFrame.right)
    let (start, end) = (x(numbers.lowest), x(numbers.highest))
    let width = max(2, (end - start) / Double(max(1, bins.count)))
    let bars = bins.enumerated().filter { $0.element > 0 }.map { place, count in
      let top = y(Double(count))
      return "<rect class=\"bar\" x=\"\((start + Double(place) * width + 0.75).coordinate)\" "
        + "y=\"\(top.coordinate)\" width=\"\(max(1, width - 1.5).coordinate)\" "
        + "height=\"\((ChartFrame.bottom - top).coordinate)\"><title>\(count)</title></rect>"
    }
    let zero = x(0)
    let isZeroInside = (ChartFrame.left...ChartFrame.right).contains(zero)
    let line =
      "<line class=\"best\" x1=\"\(zero.coordinate)\" y1=\"\(ChartFrame.top.coordinate)\" "
      + "x2=\"\(zero.coordinate)\" y2=\"\(ChartFrame.bottom.coordinate)\"/>\n"
    return ChartFrame(
      x: x, y: y, xLabel: "predicted less true", title: "how many examples have which error"
    ).svg(bars.joined(separator: "\n") + "\n" + (isZeroInside ? line : ""))
  }
}
