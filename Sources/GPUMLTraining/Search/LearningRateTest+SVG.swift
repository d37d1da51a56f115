#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension LearningRateTest {
  /// A picture of the loss over the learning rate, whose axis is logarithmic: the steps as dots, their
  /// smoothed loss as a line, and the suggested rate.
  package var svg: String {
    let chart = Chart(points)
    var lines = [
      ##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 420" font-size="13" font-family="sans-serif" fill="#222">"##,
      "<title>Loss over learning rate</title>",
      ##"<rect width="720" height="420" fill="#fff"/>"##,
    ]
    lines += chart.grid
    if let suggestedRate {
      let x = chart.x(suggestedRate).fixed(1)
      lines += [
        ##"<path d="M\##(x) 30V360" stroke="#c2410c" stroke-dasharray="5 4"/>"##,
        ##"<text x="\##(x)" y="22" text-anchor="middle" fill="#c2410c">\##(suggestedRate.rateText)</text>"##,
      ]
    }
    if !points.isEmpty {
      let places = points.map { "\(chart.x($0.rate).fixed(1)) \(chart.y($0.loss).fixed(1))" }
      // A line of no length with round ends is a dot.
      lines.append(
        ##"<path d="\##(places.map { "M\($0)h0" }.joined())" stroke="#94a3b8" stroke-width="4" stroke-linecap="round"/>"##
      )
      let line = points.map { "\(chart.x($0.rate).fixed(1)) \(chart.y($0.smoothedLoss).fixed(1))" }
      lines.append(
        ##"<path d="M\##(line.joined(separator: "L"))" fill="none" stroke="#1d4ed8" stroke-width="2"/>"##
      )
    }
    lines += [
      #"<text x="390" y="408" text-anchor="middle">learning rate</text>"#,
      #"<text x="18" y="195" text-anchor="middle" transform="rotate(-90 18 195)">loss</text>"#,
      "</svg>",
    ]
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Double {
  /// A learning rate for people and for `--lr`: two digits that count, such as `0.0031` or `2.5e-06`.
  package var rateText: String {
    guard self > 0, isFinite else { return "\(self)" }
    let unit = pow(10, floor(log10(self)) - 1)
    // Two digits times a power of ten; divided where that is exact, so that the text is short.
    let digits = (self / unit).rounded()
    let exponent = Int(floor(log10(self))) - 1
    return "\(exponent < 0 ? digits / pow(10, Double(-exponent)) : digits * unit)"
  }
}

/// Places within the picture: 60...720 across, 30...360 down.
private struct Chart {
  private let rates: ClosedRange<Double>
  private let losses: ClosedRange<Double>

  init(_ points: [LearningRateTest.Point]) {
    let first = log10(points.first?.rate ?? 1e-6)
    rates = first...max(log10(points.last?.rate ?? 1), first + 1)
    // Where the loss explodes, the rest would be a line at the bottom.
    let smoothed = points.map(\.smoothedLoss)
    let (low, high) = (smoothed.min() ?? 0, smoothed.first ?? 1)
    let top = max(high + 0.5 * abs(high - low), low + 1e-6)
    losses = (low - 0.1 * (top - low))...top
  }

  func x(_ rate: Double) -> Double {
    60 + 640 * (log10(rate) - rates.lowerBound) / (rates.upperBound - rates.lowerBound)
  }

  /// What is above the picture is at its edge.
  func y(_ loss: Double) -> Double {
    let place = (loss - losses.lowerBound) / (losses.upperBound - losses.lowerBound)
    return 360 - 330 * min(max(place, 0), 1)
  }

  /// The axes: a line a power of ten, and five losses.
  var grid: [String] {
    var lines: [String] = []
    for exponent in Int(rates.lowerBound.rounded(.up))...Int(rates.upperBound.rounded(.down)) {
      let x = x(pow(10, Double(exponent))).fixed(1)
      lines += [
        ##"<path d="M\##(x) 30V360" stroke="#e2e8f0"/>"##,
        #"<text x="\#(x)" y="380" text-anchor="middle">1e\#(exponent)</text>"#,
      ]
    }
    for place in 0...4 {
      let loss =
        losses.lowerBound + (losses.upperBound - losses.lowerBound) * Double(place) / 4
      let y = y(loss).fixed(1)
      lines += [
        ##"<path d="M60 \##(y)H700" stroke="#e2e8f0"/>"##,
        #"<text x="54" y="\#(y)" dy="4" text-anchor="end">\#(loss.fixed(2))</text>"#,
      ]
    }
    return lines
  }
}
