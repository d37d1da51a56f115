/// What libFuzzer calls to change an input: every other time, a whole number or a quoted word gives way to
/// another, which keeps a text in form where changes of bytes hardly ever do.
@_cdecl("LLVMFuzzerCustomMutator")
func mutate(_ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, _ most: Int, _ seed: UInt32) -> Int
{
  var choices = Choices(state: UInt64(seed))
  let input = UnsafeBufferPointer(start: bytes, count: count)
  guard seed % 2 == 0, let other = exchanged(Array(input), &choices), other.count <= most else {
    return mutateBytes(bytes, count, most)
  }
  bytes.update(from: other, count: other.count)
  return other.count
}

/// libFuzzer's own mutations; a function of C whose arguments are passed as Swift's are.
@_silgen_name("LLVMFuzzerMutate")
private func mutateBytes(_ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, _ most: Int) -> Int

/// A linear congruential generator (Knuth's MMIX), of which the high half is used.
private struct Choices {
  var state: UInt64

  mutating func pick<Element>(_ elements: [Element]) -> Element? {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return elements.isEmpty ? nil : elements[Int(state >> 33) % elements.count]
  }
}

private let quote = UInt8(ascii: "\"")
private let backslash = UInt8(ascii: "\\")

/// The text with one of its tokens exchanged for another of its kind; nil if it has none.
private func exchanged(_ bytes: [UInt8], _ choices: inout Choices) -> [UInt8]? {
  let found = tokens(bytes)
  guard let place = choices.pick(found) else { return nil }
  func kind(_ first: UInt8?) -> UInt8? { first == quote || first == backslash ? first : nil }
  let wanted = kind(bytes[place.lowerBound])
  var others = found.map { Array(bytes[$0]) }.filter { kind($0.first) == wanted }
  others += wanted == quote ? words : wanted == backslash ? escapedWords : numbers
  guard let other = choices.pick(others) else { return nil }
  return bytes[..<place.lowerBound] + other + bytes[place.upperBound...]
}

private let words: [[UInt8]] = (FuzzTarget.chosen?.words ?? []).map { Array($0.utf8) }.filter {
  $0.count > 2 && $0.first == UInt8(ascii: "\"") && $0.last == UInt8(ascii: "\"")
}

/// The words as they stand in a text within a text.
private let escapedWords: [[UInt8]] = words.map { word in
  [backslash] + word.dropLast() + [backslash, quote]
}

private let numbers: [[UInt8]] = [
  "-9223372036854775808", "-2147483649", "-2", "-1", "0", "1", "2", "3", "4", "5", "8", "64", "65",
  "255", "65536", "2147483648", "4294967296", "4611686018427387904", "9223372036854775807", "0.5",
  "1e300",
].map { Array($0.utf8) }

/// Where numbers stand, and words in quotes or in quotes with backslashes.
private func tokens(_ bytes: [UInt8]) -> [Range<Int>] {
  let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
  var found: [Range<Int>] = []
  var start = 0
  while start < bytes.count {
    var end = start + 1
    let first = bytes[start]
    if digits.contains(first) || first == UInt8(ascii: "-") {
      while end < bytes.count, digits.contains(bytes[end]) { end += 1 }
      found.append(start..<end)
    } else if first == quote || (first == backslash && end < bytes.count && bytes[end] == quote) {
      let inside = first == quote ? end : end + 1
      guard let last = bytes[inside...].firstIndex(of: quote) else { return found }
      // A quote that ends with the other kind holds a text of its own.
      if (bytes[last - 1] == backslash) == (first == backslash) {
        end = last + 1
        found.append(start..<end)
      }
    }
    start = end
  }
  return found
}
