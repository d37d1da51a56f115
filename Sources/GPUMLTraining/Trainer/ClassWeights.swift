import GPUMLData

/// What the loss of an example counts, for each class.
///
/// Validation and test losses are not weighted, so that runs with different weights compare.
public enum ClassWeights: Sendable, Hashable {
  /// Every class counts as much as the others together: examples / (classes · examples of the class),
  /// over the classes that there are examples of to learn from. The mean over these examples is 1.
  case balanced
  /// One weight a class, in the classes' order; at least 0.
  case explicit([Double])

  /// Balanced weights for classes of so many examples; 1 for a class of none.
  public static func balanced(_ counts: [Int]) -> [Double] {
    let classes = counts.count { $0 > 0 }
    let total = counts.reduce(0, +)
    return counts.map { $0 > 0 ? Double(total) / (Double(classes) * Double($0)) : 1 }
  }

  /// The weights as numbers.
  ///
  /// - Parameter source: What is learned from.
  /// - Throws: `TrainingError.invalidConfiguration` if it has no classes, or another number of them;
  ///   what the source throws.
  func resolved(for source: any DataSource) async throws -> ClassWeights {
    let classes = source.classNames.count
    switch self {
    case .explicit(let values):
      // Where classes have no names, the model's output tells how many there are.
      guard classes == 0 || values.count == classes else {
        throw TrainingError.invalidConfiguration(
          key: "class-weights", reason: "\(values.count) weights for \(classes) classes")
      }
      return self
    case .balanced:
      guard classes > 0 else {
        throw TrainingError.invalidConfiguration(
          key: "class-weights", reason: "is for classes, and the data name none")
      }
      return .explicit(ClassWeights.balanced(try await source.classCounts()))
    }
  }
}

extension DataSource {
  /// How many examples there are of each class.
  ///
  /// A dataset knows; any other source is read once.
  /// - Throws: `TrainingError.invalidData` if a label is none of the classes; what the source throws.
  func classCounts() async throws -> [Int] {
    if let counts = (self as? PreparedDataset)?.knownClassCounts { return counts }
    var counts = [Int](repeating: 0, count: classNames.count)
    for try await batch in try BatchLoader(self, batchSize: min(max(1, count), 1024)) {
      guard case .int32(let labels)? = batch.labels?.storage else {
        throw TrainingError.invalidData(reason: "the examples have no classes to weight")
      }
      for label in labels {
        guard counts.indices.contains(Int(label)) else {
          throw TrainingError.invalidData(
            reason: "the label \(label) is none of the \(counts.count) classes")
        }
        counts[Int(label)] += 1
      }
    }
    return counts
  }
}

extension PreparedDataset {
  /// How many examples there are of each class; nil if the labels are no classes.
  fileprivate var knownClassCounts: [Int]? {
    guard case .classes(let labels, let names) = dataset.labels else { return nil }
    var counts = [Int](repeating: 0, count: names.count)
    if let indices {
      for index in indices { counts[Int(labels[index])] += 1 }
    } else {
      for label in labels { counts[Int(label)] += 1 }
    }
    return counts
  }
}
