extension Double {
  /// The number with so many digits after the point, whatever the locale; very large ones in their
  /// shortest form.
  package func fixed(_ digits: Int) -> String {
    let factor = (0..<max(0, min(digits, 9))).reduce(1.0) { product, _ in product * 10 }
    let scaled = (magnitude * factor).rounded()
    guard scaled < 1e15 else { return "\(self)" }
    let whole = String(Int(scaled))
    let sign = self < 0 && scaled > 0 ? "-" : ""
    if factor == 1 { return sign + whole }
    let padded = String(repeating: "0", count: max(0, digits + 1 - whole.count)) + whole
    return sign + padded.dropLast(digits) + "." + padded.suffix(digits)
  }
}
