/// Finds what a misspelt name was meant to be.
package enum NearestName {
  /// The known name with the fewest edits, if few enough to be a slip.
  package static func find(_ name: String, among known: [String]) -> String? {
    // A long text is no slip, and comparing it would take long.
    if name.utf8.count > 64 { return nil }
    let ranked = known.map { (name: $0, edits: distance(name.lowercased(), $0.lowercased())) }
    guard let best = ranked.min(by: { $0.edits < $1.edits }) else { return nil }
    return best.edits <= max(2, best.name.count / 2) ? best.name : nil
  }

  /// The nearest name as the end of a message; empty if none is near.
  package static func hint(_ name: String, among known: [String]) -> String {
    find(name, among: known).map { "; did you mean '\($0)'?" } ?? ""
  }

  /// The number of inserted, deleted and replaced characters (Levenshtein 1966).
  package static func distance(_ left: String, _ right: String) -> Int {
    let right = Array(right)
    var row = Array(0...right.count)
    for (place, character) in left.enumerated() {
      var diagonal = row[0]
      row[0] = place + 1
      for column in right.indices {
        let replaced = diagonal + (character == right[column] ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(replaced, row[column] + 1, row[column + 1] + 1)
      }
    }
    return row[right.count]
  }
}
