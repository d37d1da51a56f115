extension ConfusionMatrix: Codable {
  /// More than there can be examples.
  private static let mostCount = 1 << 40

  /// Reads the counts.
  ///
  /// - Throws: `DecodingError` unless there are as many columns as rows, of counts from 0 on.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let counts = try container.decode([[Int]].self)
    guard
      counts.allSatisfy({ row in
        row.count == counts.count && row.allSatisfy { (0...ConfusionMatrix.mostCount).contains($0) }
      }), counts.joined().reduce(0.0, { $0 + Double($1) }) <= Double(ConfusionMatrix.mostCount)
    else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "these are not the counts of a confusion matrix")
    }
    self.init(counts: counts)
  }

  /// Writes the counts.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(counts)
  }
}
