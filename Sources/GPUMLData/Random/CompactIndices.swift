/// Indices of examples in half the memory, for orders and divisions of many millions.
enum CompactIndices {
  /// `0..<count`.
  ///
  /// - Throws: `DataError.invalidValue` for more than 4,294,967,295 examples.
  static func all(_ count: Int) throws(DataError) -> [UInt32] {
    guard let count = UInt32(exactly: max(0, count)) else { throw tooLarge(count) }
    return Array(0..<count)
  }

  /// The same indices.
  ///
  /// - Throws: `DataError.invalidValue` for one below 0 or above 4,294,967,295.
  static func of(_ indices: [Int]) throws(DataError) -> [UInt32] {
    if let index = indices.first(where: { UInt32(exactly: $0) == nil }) { throw tooLarge(index) }
    return indices.map { UInt32(truncatingIfNeeded: $0) }
  }

  private static func tooLarge(_ index: Int) -> DataError {
    .invalidValue(
      operation: "examples", reason: "an index of \(index) is not in 0...\(UInt32.max)")
  }
}
