import ArgumentParser
import GPUML

/// Where examples come from and how they are read.
struct DataOptions: ParsableArguments {
  /// How rows of a database are named.
  static let databaseHelp = "sqlite:PATH?table=NAME or sqlite:PATH?query=SELECT…"

  @Option(
    help: ArgumentHelp(
      """
      What to learn from: digits, a folder with MNIST's files, a CSV, TSV, JSON Lines, NPY or IDX file, \
      \(DataOptions.databaseHelp), or -; digits by default.
      """,
      valueName: "source"))
  var data: String?

  @OptionGroup var label: LabelOptions

  @Option(help: ArgumentHelp("Columns to leave out.", valueName: "column,column"))
  var drop: ColumnList?

  @Option(help: ArgumentHelp("The only columns to learn from.", valueName: "column,column"))
  var features: ColumnList?

  @Option(
    help: ArgumentHelp("What stands in for a missing number; median by default.", valueName: "way"))
  var impute: Imputation?

  @Flag(help: "Add a feature to each column with missing values that marks them.")
  var missingIndicator = false

  @Flag(help: "Keep only one of rows that are alike in every column used.")
  var dropDuplicates = false

  @Option(help: "How numbers are scaled; what suits the source by default.")
  var scale: ScaleName?

  @Option(
    help: ArgumentHelp(
      "The share of the examples that choose the best epoch; 0.2 by default.", valueName: "x"))
  var valSplit: Double?

  @Option(
    help: ArgumentHelp(
      "The share of the examples kept for a last test; none by default.", valueName: "x"))
  var testSplit: Double?

  @Option(
    help: ArgumentHelp(
      """
      Divides the examples into so many parts, validates on each with a model trained on the others, and \
      then trains on all.
      """,
      valueName: "k"))
  var folds: Int?

  mutating func validate() throws {
    if drop != nil && features != nil {
      throw ValidationError("--drop and --features exclude each other")
    }
  }

  /// What these options set.
  func settings() -> [(key: String, value: SettingValue?)] {
    [
      ("data", SettingValue(data)), ("target", SettingValue(label.target)),
      ("labels", SettingValue(label.labels)), ("task", SettingValue(label.task?.rawValue)),
      ("drop", drop.map { .list($0.names) }), ("features", features.map { .list($0.names) }),
      ("impute", SettingValue(impute?.rawValue)),
      ("missing_indicator", SettingValue(isOn: missingIndicator)),
      ("drop_duplicates", SettingValue(isOn: dropDuplicates)),
      ("scale", SettingValue(scale?.rawValue)), ("val_split", SettingValue(valSplit)),
      ("test_split", SettingValue(testSplit)), ("folds", SettingValue(folds)),
    ]
  }
}

/// Names with commas between them.
struct ColumnList: ExpressibleByArgument {
  let names: [String]

  init?(argument: String) {
    names = argument.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    if names.contains("") { return nil }
  }
}

/// The scalings that can be asked for.
enum ScaleName: String, CaseIterable, ExpressibleByArgument {
  case standard, minmax, none
}

extension LearningTask: ExpressibleByArgument {}
extension Imputation: ExpressibleByArgument {}
