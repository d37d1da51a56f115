/// Reads rows of a database one after the other; a block of them is in memory.
///
/// The values are cells of their texts, so that what they mean is found out as in a CSV file: what is
/// missing in a text file is missing here.
struct DatabaseReader {
  private let blocks: any DatabaseBlocks
  private var block = DatabaseBlock()
  private var position = 0
  private let columnCount: Int
  /// The texts of the block's values.
  var bytes: [UInt8] { block.bytes }
  /// The cells of the row, by their places in `bytes`.
  private(set) var cells: [TableCell] = []
  /// The number of the row, from 1 on.
  private(set) var line = 0

  init(_ rows: any DatabaseRows) throws(DataError) {
    blocks = try rows.blocks()
    columnCount = rows.columnNames.count
  }

  /// Reads the next row; false after the last.
  ///
  /// - Throws: `DataError.malformed` with the number of a row that is at fault; `unreadable`.
  mutating func next() throws(DataError) -> Bool {
    if position == block.cells.count {
      block = try blocks.next(after: line)
      position = 0
      if block.cells.isEmpty { return false }
    }
    cells.removeAll(keepingCapacity: true)
    cells += block.cells[position..<position + columnCount]
    position += columnCount
    line += 1
    return true
  }
}
