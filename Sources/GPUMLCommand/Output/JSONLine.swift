import GPUMLFormats

/// An object on one line, for scripts; its members keep their order.
struct JSONLine {
  private var members: [StrictJSON.Member] = []

  /// An empty object.
  init() {}

  /// An event of `train --json`.
  init(event: String) {
    add("event", .string(event))
    add("schema", .integer(1))
  }

  mutating func add(_ key: String, _ value: StrictJSON.Value) {
    members.append(StrictJSON.Member(key: key, value: value))
  }

  mutating func add(_ key: String, _ value: String) { add(key, .string(value)) }

  mutating func add(_ key: String, _ value: Int) { add(key, .integer(Int64(value))) }

  mutating func add(_ key: String, _ value: Bool) { add(key, .bool(value)) }

  /// Adds a number; one that JSON cannot express is left out.
  mutating func add(_ key: String, _ value: Double) {
    if value.isFinite { add(key, .double(value)) }
  }

  /// Adds a number in the shortest digits that read back the same.
  mutating func add(_ key: String, _ value: Float) {
    if let number = Double("\(value)") { add(key, number) }
  }

  mutating func add(_ metrics: [(name: String, value: Double)]) {
    for metric in metrics { add(metric.name, metric.value) }
  }

  /// The object as a value within another.
  var value: StrictJSON.Value { .object(members) }

  /// The text, without a line break.
  func text() throws -> String { try value.serialized() }

  /// Writes the object as a line of standard output.
  func print() throws { try Console.standardOutput(try text()) }
}
