import GPUMLGraph

/// A computation on random operands by which a device is compared with the reference.
package struct Trial: Sendable {
  /// One operand: what its elements are drawn from.
  package struct Operand: Sendable {
    package let shape: [Int]
    package let dtype: DType
    package let values: Values
    /// Whether it stays as drawn where others take special values.
    package private(set) var isPlain = false

    package init(_ shape: [Int], _ dtype: DType = .float32, _ values: Values) {
      self.shape = shape
      self.dtype = dtype
      self.values = values
    }

    /// Never NaN, infinite or of extreme size.
    package func plain() -> Operand {
      var operand = self
      operand.isPlain = true
      return operand
    }
  }

  /// What elements are drawn from.
  package enum Values: Sendable {
    /// Evenly distributed real numbers.
    case real(low: Double, high: Double)
    /// Real numbers no two of which are closer than 0.02, so that their order is certain.
    case distinct
    /// Whole numbers, both ends included; truth values are 0 and 1.
    case integers(ClosedRange<Int>)
    /// These, in row-major order.
    case given([Double])
  }

  /// How far a device may be from the reference.
  package struct Tolerance: Sendable {
    /// Of each element.
    package var relative = 1e-5
    /// Added to that.
    package var absolute = 1e-6
    /// For sums: the number of terms, each of which may be off by 2⁻²³ of the sum of magnitudes,
    /// which is the result for operands without their signs.
    package var terms = 0
    /// Whether a zero may have either sign where everything else is the same.
    package var allowsEitherZero = false

    package init(relative: Double = 1e-5, absolute: Double = 1e-6, terms: Int = 0) {
      self.relative = relative
      self.absolute = absolute
      self.terms = terms
    }

    /// The same bits.
    package static let exact = Tolerance(relative: 0, absolute: 0)

    /// The same numbers: of zeros of both signs either is the largest, in whatever order they are taken.
    package static var exactNumbers: Tolerance {
      var tolerance = exact
      tolerance.allowsEitherZero = true
      return tolerance
    }
  }

  /// What a trial does to variables.
  package struct Changes: Sendable {
    /// What the variables become, and results besides, from the operands; the variables are made
    /// anew by each call.
    package let build: @Sendable ([Tensor]) throws -> (updates: [Update], results: [Tensor])
    /// What the first values of a variable are drawn from.
    package let values: @Sendable (Variable) -> Values
  }

  /// The operands.
  package let operands: [Operand]
  /// What is computed from them, one tensor or more.
  package let build: @Sendable ([Tensor]) throws -> [Tensor]
  /// What it is, for messages: the attributes.
  package let note: String
  /// The primitive, if it is about one alone.
  package private(set) var primitive: (any Primitive)?
  package var tolerance = Tolerance()
  /// Whether the gradient exists at all operands that may be drawn.
  package var isSmooth = true
  /// Whether real operands may be NaN, infinite, −0 or of extreme size as well.
  package var takesSpecialValues = false
  /// What is done to variables; then nothing is computed from the operands alone.
  package private(set) var changes: Changes?

  /// Whether it means the same for sizes that only a run knows.
  package var takesSymbolicSizes = true

  package init(
    _ operands: [Operand], note: String = "",
    build: @escaping @Sendable ([Tensor]) throws -> [Tensor]
  ) {
    self.operands = operands
    self.note = note
    self.build = build
  }

  /// A trial of one primitive.
  package init(_ primitive: any Primitive, _ operands: [Operand]) {
    self.init(operands, note: primitive.attributes.text) { inputs in
      let node = try Node(primitive, inputs)
      return node.outputs.indices.map { node.output($0) }
    }
    self.primitive = primitive
  }

  /// A trial of what variables become.
  package init(
    _ operands: [Operand], note: String = "",
    changing build: @escaping @Sendable ([Tensor]) throws -> (updates: [Update], results: [Tensor]),
    from values: @escaping @Sendable (Variable) -> Values
  ) {
    self.init(operands, note: note) { _ in [] }
    changes = Changes(build: build, values: values)
    isSmooth = false
  }

  package func tolerating(
    relative: Double = 1e-5, absolute: Double = 1e-6, terms: Int = 0
  ) -> Trial {
    var trial = self
    trial.tolerance = Tolerance(relative: relative, absolute: absolute, terms: terms)
    return trial
  }

  /// The same bits are expected.
  package func exact() -> Trial {
    var trial = self
    trial.tolerance = .exact
    return trial
  }

  /// The gradient is not checked: it does not exist everywhere.
  package func withoutGradient() -> Trial {
    var trial = self
    trial.isSmooth = false
    return trial
  }

  /// All sizes are numbers: the computation looks at them while it is built.
  package func withNumbersAsSizes() -> Trial {
    var trial = self
    trial.takesSymbolicSizes = false
    return trial
  }

  /// NaN, infinities, −0 and extreme numbers may be drawn as well.
  package func takingSpecialValues() -> Trial {
    var trial = self
    trial.takesSpecialValues = true
    return trial
  }
}

extension Attributes {
  /// The values in short, sorted by name.
  package var text: String {
    values.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.text)" }.joined(separator: ", ")
  }
}

extension Attributes.Value {
  fileprivate var text: String {
    switch self {
    case .int(let value): "\(value)"
    case .double(let value): "\(value)"
    case .string(let value): value
    case .bool(let value): "\(value)"
    case .ints(let value): "\(value)"
    case .dims(let value): value.text
    case .tensor(let value): "\(value.dtype) \(value.shape)"
    }
  }
}
