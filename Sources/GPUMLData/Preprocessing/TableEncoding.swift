/// How a table's columns become features: numbers and dates as numbers, texts one-hot.
///
/// A table's rows are kept as one number a column: the number itself, the place of a text among the
/// categories, or NaN where a value is missing. `Preprocessing` makes features of them.
public struct TableEncoding: Sendable, Equatable {
  /// A column that is used.
  public struct Column: Sendable, Equatable {
    /// What the column's values become.
    public enum Kind: String, Sendable, Codable {
      /// A number, or 1 and 0 for true and false.
      case number
      /// The days since the beginning of 2000.
      case date
      /// A feature for each text that it may hold, of which one is 1.
      case category
    }

    /// The column's name.
    public let name: String
    /// What its values become.
    public let kind: Kind
    /// The texts that have a feature of their own; empty unless `kind` is `category`.
    public let categories: [String]
    /// Whether a further feature stands for all other texts; without, they are no category.
    public let poolsOthers: Bool
    /// Whether a last feature is 1 where the value is missing.
    public let marksMissing: Bool

    /// Describes a column.
    init(
      name: String, kind: Kind, categories: [String] = [], poolsOthers: Bool = false,
      marksMissing: Bool = false
    ) {
      self.name = name
      self.kind = kind
      self.categories = categories
      self.poolsOthers = poolsOthers
      self.marksMissing = marksMissing
    }

    /// The number of features it makes.
    public var width: Int { valueWidth + (marksMissing ? 1 : 0) }

    /// The same without the one that marks missing values.
    var valueWidth: Int { kind == .category ? categories.count + (poolsOthers ? 1 : 0) : 1 }
  }

  /// The columns used, in the order of their features.
  public let columns: [Column]
  /// The column that is predicted, if one is.
  public let target: String?

  /// The number of features.
  public var width: Int { columns.reduce(0) { $0 + $1.width } }

  /// A name for each feature: the column's, with `=text` for a category, `=…` for all others of them
  /// and `=missing` for what marks missing values.
  public var featureNames: [String] {
    columns.flatMap { column -> [String] in
      var names = column.kind == .category ? [] : [column.name]
      names += column.categories.map { "\(column.name)=\($0)" }
      if column.poolsOthers { names.append("\(column.name)=…") }
      if column.marksMissing { names.append("\(column.name)=missing") }
      return names
    }
  }

  /// Whether the features are the columns' numbers as they are.
  var isPlain: Bool { columns.allSatisfy { $0.kind != .category && !$0.marksMissing } }

  /// The first feature of each column.
  var firstFeatures: [Int] {
    var next = 0
    return columns.map { column in
      defer { next += column.width }
      return next
    }
  }

  init(columns: [Column], target: String?) {
    self.columns = columns
    self.target = target
  }

  /// Columns of numbers.
  init(numericColumns names: [String]) {
    self.init(columns: names.map { Column(name: $0, kind: .number) }, target: nil)
  }
}

extension TableEncoding: Codable {}

extension TableEncoding.Column: Codable {
  private enum CodingKeys: String, CodingKey {
    case name, kind, categories, poolsOthers, marksMissing
  }

  /// Reads a column; the first version of saved models tells categories by their being there.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let categories = try values.decodeIfPresent([String].self, forKey: .categories)
    let kind = try values.decodeIfPresent(Kind.self, forKey: .kind)
    self.init(
      name: try values.decode(String.self, forKey: .name),
      kind: kind ?? (categories == nil ? .number : .category), categories: categories ?? [],
      poolsOthers: try values.decodeIfPresent(Bool.self, forKey: .poolsOthers) ?? false,
      marksMissing: try values.decodeIfPresent(Bool.self, forKey: .marksMissing) ?? false)
    guard self.kind == .category || self.categories.isEmpty && !poolsOthers else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "categories of numbers"))
    }
  }

  /// Writes a column, leaving out what does not apply.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(name, forKey: .name)
    try values.encode(kind, forKey: .kind)
    if kind == .category { try values.encode(categories, forKey: .categories) }
    if poolsOthers { try values.encode(true, forKey: .poolsOthers) }
    if marksMissing { try values.encode(true, forKey: .marksMissing) }
  }
}
