import ArgumentParser

/// A matrix product: `512`, or `128x512x784` for rows, columns and depth; `:left` or `:right` after
/// it says which operand lies transposed in memory.
struct ProductSize: Equatable {
  /// Which operand lies transposed.
  enum Transpose: String { case none, left, right }

  let rows: Int
  let columns: Int
  let depth: Int
  var transpose = Transpose.none

  /// The widest matrix: its elements can be counted in 32 bits.
  static let largest = 32_768

  init?(_ text: Substring) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let sizes = (parts.first ?? "").split(separator: "x", omittingEmptySubsequences: false)
    let numbers = sizes.compactMap { Int($0) }
    guard numbers.count == sizes.count, numbers.count == 1 || numbers.count == 3,
      numbers.allSatisfy({ (1...ProductSize.largest).contains($0) }), parts.count <= 2
    else { return nil }
    rows = numbers[0]
    columns = numbers.count == 3 ? numbers[1] : numbers[0]
    depth = numbers.count == 3 ? numbers[2] : numbers[0]
    if parts.count == 2 {
      guard let transpose = Transpose(rawValue: String(parts[1])) else { return nil }
      self.transpose = transpose
    }
  }

  /// The floats of the largest of the three matrices.
  var largestCount: Int { max(rows * columns, rows * depth, columns * depth) }

  /// Multiplications and additions.
  var operations: Double { 2 * Double(rows) * Double(columns) * Double(depth) }

  var description: String {
    "\(rows) × \(columns) × \(depth)" + (transpose == .none ? "" : ", \(transpose) transposed")
  }
}

/// Products with commas between them.
struct ProductSizes: ExpressibleByArgument {
  let sizes: [ProductSize]

  init(squares: [Int]) { sizes = squares.compactMap { ProductSize("\($0)") } }

  var defaultValueDescription: String { sizes.map { "\($0.rows)" }.joined(separator: ",") }

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    sizes = parts.compactMap { ProductSize($0) }
    if sizes.count != parts.count || sizes.isEmpty { return nil }
  }
}
