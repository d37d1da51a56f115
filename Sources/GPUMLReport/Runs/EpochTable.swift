/// What came of a run's epochs, as `results.csv` holds it: one row of numbers an epoch.
public struct EpochTable: Sendable, Equatable {
  /// The columns' names, such as `train_loss`.
  public let columns: [String]
  /// The epochs in order; each has a number for every column.
  public let rows: [[Double]]

  /// Reads the text of `results.csv`.
  ///
  /// - Parameter file: The file, for errors.
  /// - Throws: `ReportError.malformed` if a row does not fit the header or is not of numbers.
  init(_ text: String, file: String) throws(ReportError) {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    columns = (lines.first ?? "").split(separator: ",", omittingEmptySubsequences: false)
      .map(String.init)
    guard columns.first == "epoch", Set(columns).count == columns.count else {
      throw .malformed(file: file, line: 1, reason: "its header is not that of a run's results")
    }
    var rows: [[Double]] = []
    for (place, line) in lines.enumerated().dropFirst() {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
      let numbers = cells.compactMap(\.self)
      guard cells.count == columns.count, numbers.count == cells.count else {
        throw .malformed(
          file: file, line: place + 1, reason: "is not a row of \(columns.count) numbers")
      }
      rows.append(numbers)
    }
    guard !rows.isEmpty else {
      throw .malformed(file: file, line: nil, reason: "holds no epoch")
    }
    self.rows = rows
  }

  /// The numbers of a column with their epochs, those that are not finite left out; empty if there
  /// is no such column.
  public func points(_ column: String) -> [(epoch: Double, value: Double)] {
    guard let place = columns.firstIndex(of: column) else { return [] }
    return rows.map { ($0[0], $0[place]) }.filter { $0.0.isFinite && $0.1.isFinite }
  }

  /// The number of a column in an epoch; nil if there is none that is finite.
  public func value(_ column: String, epoch: Int) -> Double? {
    guard let place = columns.firstIndex(of: column),
      let row = rows.first(where: { $0[0] == Double(epoch) })
    else { return nil }
    return row[place].isFinite ? row[place] : nil
  }

  /// The epoch that a training would have kept: that of the highest accuracy, else of the lowest
  /// loss on the validation examples, else the last.
  var bestEpoch: Int {
    let accuracies = points("val_accuracy")
    let losses = points("val_loss")
    var best = losses.min { $0.value < $1.value }?.epoch
    if let highest = accuracies.map(\.value).max() {
      let epochs = Set(accuracies.filter { $0.value == highest }.map(\.epoch))
      best = losses.filter { epochs.contains($0.epoch) }.min { $0.value < $1.value }?.epoch
    }
    return Int(exactly: best ?? rows.last?[0] ?? 0) ?? 0
  }
}
