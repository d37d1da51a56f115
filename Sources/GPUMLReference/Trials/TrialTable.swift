import GPUMLGraph

/// A primitive that can be tried on random operands.
package protocol Trialled: Primitive {
  /// A random use of the primitive; over several, every attribute and form comes up.
  static func trial(_ random: inout TrialRandom) throws -> Trial
}

/// What the table of trials holds: a primitive, or a computation that is composed of primitives.
package struct TrialSubject: Sendable {
  package let name: String
  package let summary: String
  package let dtypes: [DType]
  /// Whether it has a gradient.
  package let isDifferentiable: Bool
  package let isPrimitive: Bool
  private let make: @Sendable (inout TrialRandom) throws -> Trial

  /// A computation composed of primitives.
  package init(
    _ name: String, _ summary: String, dtypes: [DType] = DType.floating,
    isDifferentiable: Bool = true,
    trial: @escaping @Sendable (inout TrialRandom) throws -> Trial
  ) {
    self.name = name
    self.summary = summary
    self.dtypes = dtypes
    self.isDifferentiable = isDifferentiable
    isPrimitive = false
    make = trial
  }

  package init<Subject: Trialled>(_ primitive: Subject.Type) {
    name = Subject.name
    summary = Subject.summary
    dtypes = Subject.dtypes
    if case .none = Subject.differentiability {
      isDifferentiable = false
    } else {
      isDifferentiable = true
    }
    isPrimitive = true
    make = { try Subject.trial(&$0) }
  }

  /// The element type of the trial with a number.
  package func dtype(_ place: Int) -> DType {
    TrialRandom(seed: 0, name: name, place: place, dtypes: dtypes).dtype
  }

  /// The trial with a number; the same seed and number always give the same.
  ///
  /// - Parameter preferredShape: A shape to take where any would do.
  package func trial(
    _ place: Int, seed: UInt64, mostElements: Int = 2000, preferredShape: [Int]? = nil
  ) throws -> Trial {
    var random = TrialRandom(
      seed: seed, name: name, place: place, dtypes: dtypes, mostElements: mostElements)
    random.preferredShape = preferredShape
    return try make(&random)
  }
}

/// What is tried on devices, by the tests and by `gpuml doctor`: every primitive, then what is
/// composed of them.
package enum TrialTable {
  package static let all: [TrialSubject] = primitives + composed

  /// The primitives in the order of their registry.
  package static let primitives: [TrialSubject] = PrimitiveRegistry.all.compactMap { primitive in
    (primitive as? any Trialled.Type).map { subject($0) }
  }

  /// One line a family.
  package static let composed: [TrialSubject] = [
    elementwise, activations, layout, indexing, dataDependent, distributions, products,
    losses, normalizations, optimizers,
  ].flatMap { $0 }

  private static func subject<Subject: Trialled>(_ primitive: Subject.Type) -> TrialSubject {
    TrialSubject(primitive)
  }
}
