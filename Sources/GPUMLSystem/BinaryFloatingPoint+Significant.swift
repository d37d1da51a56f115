extension BinaryFloatingPoint {
  /// The number in four significant digits, whole numbers of up to nine digits in full.
  package var significant: String {
    let number = Double(self)
    guard number.isFinite, number != 0 else { return number == 0 ? "0" : "\(number)" }
    if number == number.rounded(), abs(number) < 1e9 { return String(Int(number)) }
    var unit = 1.0
    var magnitude = abs(number)
    while magnitude >= 10_000, unit < 1e300 {
      magnitude /= 10
      unit *= 10
    }
    while magnitude < 1000, unit > 1e-300 {
      magnitude *= 10
      unit /= 10
    }
    let rounded = magnitude.rounded()
    // Powers of ten below one are inexact: dividing by their inverse is not.
    let value = unit < 1 ? rounded / (1 / unit).rounded() : rounded * unit
    let text = "\(number < 0 ? -value : value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
