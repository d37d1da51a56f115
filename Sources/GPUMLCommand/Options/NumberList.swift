import ArgumentParser

/// Whole numbers with commas between them, such as `512,1024`.
struct NumberList: ExpressibleByArgument {
  /// Each at least 1; at least one.
  let numbers: [Int]

  init(numbers: [Int]) { self.numbers = numbers }

  var defaultValueDescription: String { numbers.map { "\($0)" }.joined(separator: ",") }

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Int($0) }
    guard numbers.count == parts.count, numbers.allSatisfy({ $0 >= 1 && $0 <= 1 << 20 }) else {
      return nil
    }
    self.numbers = numbers
  }
}
