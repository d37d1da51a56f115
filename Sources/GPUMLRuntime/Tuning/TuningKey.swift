import GPUMLDevice

/// What a set of tuned parameters is for: one kernel, one kind of shape.
package struct TuningKey: Sendable, Hashable, Codable {
  package let family: KernelFamily
  /// Such as "matmul".
  package let kernel: String
  /// Such as "large nt".
  package let shapes: String

  package init(_ family: KernelFamily, _ kernel: String, _ shapes: String) {
    self.family = family
    self.kernel = kernel
    self.shapes = shapes
  }
}

/// Parameters of kernels that stand in for the shipped ones.
///
/// What is here may come from a file: who uses values checks them, and takes the shipped ones in
/// place of what makes no sense.
package struct Tuning: Sendable, Equatable {
  private var parameters: [TuningKey: [String: Int]] = [:]

  package init() {}

  package init(_ parameters: [TuningKey: [String: Int]]) { self.parameters = parameters }

  package var isEmpty: Bool { parameters.isEmpty }

  package subscript(_ key: TuningKey) -> [String: Int]? {
    get { parameters[key] }
    set { parameters[key] = newValue }
  }

  /// What there is, in a fixed order.
  package var entries: [(key: TuningKey, values: [String: Int])] {
    parameters.map { ($0.key, $0.value) }.sorted { Tuning.text($0) < Tuning.text($1) }
  }

  /// A line for each, such as "matmul large nt (gpu kernels) KWG=16 MWG=64": what a run records.
  package var lines: [String] { entries.map { Tuning.text($0) } }

  private static func text(_ entry: (key: TuningKey, values: [String: Int])) -> String {
    let (key, values) = entry
    return "\(key.kernel) \(key.shapes) (\(key.family.rawValue) kernels) " + text(values)
  }

  /// Such as "KWG=16 MWG=64".
  package static func text(_ values: [String: Int]) -> String {
    values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
  }
}
