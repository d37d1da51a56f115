/// Reads dates and times as ISO 8601 writes them, as numbers.
package enum DateText {
  /// The days since the beginning of 2000, a time of day as a fraction; nil if the text is no date.
  ///
  /// Understood are `2024-02-29`, also with `/`, and behind it a space or `T` and `23:59`,
  /// `23:59:59` or `23:59:59.999`, and behind that `Z` or an offset such as `+02:00`.
  static func days(_ bytes: [UInt8], from start: Int, to end: Int) -> Double? {
    var scan = Scan(bytes: bytes, index: start, end: end)
    while let next = scan.peek, next == 0x20 || next == 0x09 { scan.index += 1 }
    while scan.end > scan.index, bytes[scan.end - 1] == 0x20 || bytes[scan.end - 1] == 0x09 {
      scan.end -= 1
    }
    guard (8...40).contains(scan.end - scan.index), let date = scan.date() else { return nil }
    if scan.isAtEnd { return Double(date) }
    guard let time = scan.time(), scan.isAtEnd else { return nil }
    return Double(date) + time
  }

  /// The days from 2000-01-01 to a date of the Gregorian calendar; nil if there is no such date.
  ///
  /// After H. Hinnant, "chrono-compatible low-level date algorithms" (2021): years begin in March, so that the
  /// leap day is their last.
  static func days(year: Int, month: Int, day: Int) -> Int? {
    guard year >= 1, (1...12).contains(month), day >= 1 else { return nil }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard day <= lengths[month - 1] else { return nil }
    let shifted = month <= 2 ? year - 1 : year
    let monthOfYear = (month + 9) % 12
    let dayOfYear = (153 * monthOfYear + 2) / 5 + day - 1
    return 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 730_425
  }

  /// The date that lies so many days after the beginning of 2000, without the time of day.
  ///
  /// - Precondition: The year has four digits.
  package static func text(days: Double) -> String {
    let shifted = Int(days.rounded(.down)) + 730_425
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthOfYear = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthOfYear + 2) / 5 + 1
    let month = monthOfYear < 10 ? monthOfYear + 3 : monthOfYear - 9
    let year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
    func padded(_ number: Int, _ width: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }

  private struct Scan {
    let bytes: [UInt8]
    var index: Int
    var end: Int

    var isAtEnd: Bool { index == end }
    var peek: UInt8? { index < end ? bytes[index] : nil }

    mutating func take(_ byte: UInt8) -> Bool {
      guard peek == byte else { return false }
      index += 1
      return true
    }

    /// A number of exactly `digits` digits.
    mutating func number(_ digits: Int) -> Int? {
      guard end - index >= digits else { return nil }
      var value = 0
      for _ in 0..<digits {
        let digit = bytes[index] &- UInt8(ascii: "0")
        if digit > 9 { return nil }
        value = value * 10 + Int(digit)
        index += 1
      }
      return value
    }

    mutating func date() -> Int? {
      guard let year = number(4) else { return nil }
      let separator = UInt8(ascii: peek == UInt8(ascii: "/") ? "/" : "-")
      guard take(separator), let month = number(2), take(separator), let day = number(2) else {
        return nil
      }
      return DateText.days(year: year, month: month, day: day)
    }

    /// The time behind a date, as a fraction of a day, an offset from Greenwich taken off.
    mutating func time() -> Double? {
      let colon = UInt8(ascii: ":")
      guard take(UInt8(ascii: "T")) || take(UInt8(ascii: " ")) else { return nil }
      guard let hour = number(2), hour < 24, take(colon), let minute = number(2), minute < 60
      else { return nil }
      var seconds = Double(hour * 3600 + minute * 60)
      if take(colon) {
        guard let second = number(2), second <= 60 else { return nil }
        seconds += Double(second)
        if take(UInt8(ascii: ".")) {
          var unit = 0.1
          guard let first = number(1) else { return nil }
          seconds += Double(first) * unit
          while let next = peek, (0x30...0x39).contains(next), let digit = number(1) {
            unit /= 10
            seconds += Double(digit) * unit
          }
        }
      }
      if take(UInt8(ascii: "Z")) || isAtEnd { return seconds / 86_400 }
      let isEast = take(UInt8(ascii: "+"))
      guard isEast || take(UInt8(ascii: "-")), let hours = number(2), hours < 24 else {
        return nil
      }
      _ = take(colon)
      guard let minutes = isAtEnd ? 0 : number(2), minutes < 60 else {
        return nil
      }
      let offset = Double(hours * 3600 + minutes * 60)
      return (seconds + (isEast ? -offset : offset)) / 86_400
    }
  }
}
