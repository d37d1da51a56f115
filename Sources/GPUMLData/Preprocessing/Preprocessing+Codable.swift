extension Preprocessing: Codable {
  /// The version that is written, and the newest that is read.
  ///
  /// The first, which did not name its version, kept one fill value a feature rather than one a
  /// column, and had neither dates, pooled texts nor marks of missing values.
  static let currentVersion = 2

  private enum CodingKeys: String, CodingKey {
    case version, featureShape, center, scale, fill, table
  }

  /// Reads and checks a saved preprocessing of any version so far.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let version = try values.decodeIfPresent(Int.self, forKey: .version) ?? 1
    guard (1...Preprocessing.currentVersion).contains(version) else {
      throw DataError.invalidValue(
        operation: "Preprocessing",
        reason: "version \(version), where this gpuml reads up to \(Preprocessing.currentVersion)")
    }
    var featureShape = try values.decode([Int].self, forKey: .featureShape)
    var fill = try values.decode([Float].self, forKey: .fill)
    let table = try values.decodeIfPresent(TableEncoding.self, forKey: .table)
    if version == 1, let table {
      guard featureShape == [table.width] else {
        throw DataError.invalidValue(
          operation: "Preprocessing",
          reason: "columns that make \(table.width) features for \(featureShape)")
      }
      featureShape = [table.columns.count]
      if fill.count == table.width {
        fill = table.firstFeatures.map { $0 < fill.count ? fill[$0] : 0 }
      }
    }
    try self.init(
      featureShape: featureShape, center: try values.decode([Float].self, forKey: .center),
      scale: try values.decode([Float].self, forKey: .scale), fill: fill, table: table)
  }

  /// Writes the current version.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(Preprocessing.currentVersion, forKey: .version)
    try values.encode(featureShape, forKey: .featureShape)
    try values.encode(center, forKey: .center)
    try values.encode(scale, forKey: .scale)
    try values.encode(fill, forKey: .fill)
    try values.encodeIfPresent(table, forKey: .table)
  }
}
