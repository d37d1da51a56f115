import GPUMLData

/// Rows of SQLite databases as sources of data.
///
/// It is a library of its own because GRDB, which it uses, adds operators to every file of a program
/// that it is part of, with which the compiler takes longer over large expressions.
public enum SQLite {
  /// Lets `Dataset.load`, `DatasetReader` and trainings read `sqlite:PATH?table=NAME` and
  /// `sqlite:PATH?query=SELECT…` from now on.
  public static func enable() {
    DatabaseDriver.use { address throws(DataError) in try SQLiteRows(address) }
  }
}
