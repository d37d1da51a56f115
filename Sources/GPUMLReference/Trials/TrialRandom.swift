import GPUMLGraph

/// What the shapes, attributes and elements of a trial are drawn from.
package struct TrialRandom: RandomNumberGenerator, Sendable {
  private var generator: Philox
  /// The element type that the trial is about, one of those that its subject claims.
  package let dtype: DType
  /// Counts the trials of a subject from 0, so that they can go through variants by turns.
  package let place: Int
  /// The most elements of one operand.
  package let mostElements: Int
  /// A shape to take where any would do: that of a tensor at hand.
  package var preferredShape: [Int]?

  package init(seed: UInt64, name: String, place: Int, dtypes: [DType], mostElements: Int = 2000) {
    generator = Philox(seed: seed &+ UInt64(place), stream: StableHash.fnv1a(name))
    // Every other trial is about the first type, for which most kernels are made.
    let others = dtypes.dropFirst()
    dtype =
      place.isMultiple(of: 2) || others.isEmpty
      ? dtypes.first ?? .float32
        // Each subject begins elsewhere, so that a few trials of many reach every type.
      : others[others.startIndex + (place / 2 + name.utf8.count) % others.count]
    self.place = place
    self.mostElements = mostElements
  }

  package mutating func next() -> UInt64 { generator.next() }

  package mutating func bool() -> Bool { Bool.random(using: &self) }

  package mutating func int(_ range: ClosedRange<Int>) -> Int {
    Int.random(in: range, using: &self)
  }

  package mutating func pick<Element>(_ elements: [Element], or fallback: Element) -> Element {
    elements.randomElement(using: &self) ?? fallback
  }

  package mutating func shuffled(_ elements: [Int]) -> [Int] { elements.shuffled(using: &self) }

  /// A size from 0, 1, 2, 3, 7, 17 and 65; rarely 0.
  package mutating func size(orEmpty: Bool = true) -> Int {
    if orEmpty, int(0...15) == 0 { return 0 }
    return pick([1, 1, 2, 3, 3, 7, 7, 17, 17, 65], or: 1)
  }

  /// A random shape of at most `mostElements`.
  ///
  /// - Parameter orEmpty: Whether a size may be 0.
  package mutating func shape(ranks: ClosedRange<Int> = 0...5, orEmpty: Bool = true) -> [Int] {
    if let shape = preferredShape, ranks.contains(shape.count), orEmpty || !shape.contains(0) {
      return shape
    }
    let rank = int(ranks)
    var shape: [Int] = []
    var product = 1
    for axis in 0..<rank {
      var size = size(orEmpty: orEmpty)
      // Leave something for the axes to come.
      let share = axis == rank - 1 ? 1 : 2
      if product * size * share > mostElements { size = min(size, 2) }
      if product * size > mostElements { size = 1 }
      product *= max(size, 1)
      shape.append(size)
    }
    return shape.shuffled(using: &self)
  }

  /// An axis of a shape that has one.
  package mutating func axis(of shape: [Int]) -> Int { int(0...max(0, shape.count - 1)) }

  /// Some axes of a shape, ascending; possibly none.
  package mutating func axes(of shape: [Int]) -> [Int] {
    shape.indices.filter { _ in bool() }
  }

  /// A shape that stretches to another: axes left out in front, others made 1.
  package mutating func stretching(to shape: [Int]) -> [Int] {
    // Half of the operands of a computation have its full shape.
    if bool() { return shape }
    let kept = int(0...shape.count)
    return shape.suffix(kept).map { int(0...2) == 0 ? 1 : $0 }
  }

  /// Shapes that stretch to one another's.
  package mutating func stretchingShapes(_ count: Int) -> [[Int]] {
    let full = shape()
    return (0..<count).map { _ in stretching(to: full) }
  }

  /// Every so many elements of an axis: a part of `size` elements, the start and the step that
  /// make one of it, and the size of the axis.
  package mutating func places(size: Int) -> (start: Int, step: Int, extent: Int) {
    let step = pick([1, 1, 2, 3, -1, -1, -2], or: 1)
    let (head, tail) = (pick([0, 0, 1, 5], or: 0), pick([0, 0, 1, 4], or: 0))
    if size == 0 { return (int(0...(head + tail)), step, head + tail) }
    let span = (size - 1) * abs(step)
    return (step > 0 ? head : head + span, step, head + span + 1 + tail)
  }

  /// A slice that has a shape, and the shape of a tensor of which it is a part.
  package mutating func slice(_ shape: [Int]) -> (StridedSlice, source: [Int]) {
    var places = shape.map { self.places(size: $0) }
    if places.reduce(1, { $0 * max($1.extent, 1) }) > 2 * mostElements {
      places = shape.map { (0, 1, $0) }
    }
    let slice = StridedSlice(
      starts: places.map { Dim($0.start) }, sizes: [Dim](shape), steps: places.map { Dim($0.step) })
    return (slice, places.map(\.extent))
  }

  /// An operand of real numbers, of the trial's type if that is a floating-point type.
  package func real(_ shape: [Int], _ low: Double = -3, _ high: Double = 3) -> Trial.Operand {
    Trial.Operand(shape, dtype.isFloating ? dtype : .float32, .real(low: low, high: high))
  }

  /// An operand of the trial's type, whatever that is: real numbers, small whole numbers or truth
  /// values.
  package func any(_ shape: [Int]) -> Trial.Operand { any(shape, of: dtype) }

  /// An operand of a type: real numbers, small whole numbers or truth values.
  package func any(_ shape: [Int], of dtype: DType) -> Trial.Operand {
    switch dtype {
    case .bool: Trial.Operand(shape, .bool, .integers(0...1))
    case .uint8, .uint32: Trial.Operand(shape, dtype, .integers(0...200))
    case .int8, .int32, .int64: Trial.Operand(shape, dtype, .integers(-100...100))
    default: Trial.Operand(shape, dtype, .real(low: -3, high: 3))
    }
  }

  /// An operand of truth values.
  package func truths(_ shape: [Int]) -> Trial.Operand {
    Trial.Operand(shape, .bool, .integers(0...1))
  }

  /// An operand of indices into an axis.
  package func indices(
    _ shape: [Int], below size: Int, _ dtype: DType = .int32
  ) -> Trial.Operand {
    Trial.Operand(shape, dtype, .integers(0...max(0, size - 1)))
  }

  /// Elements of an operand.
  package mutating func elements(_ values: Trial.Values, count: Int) -> [Double] {
    switch values {
    case .real(let low, let high):
      (0..<count).map { _ in low + (high - low) * Double(UInt32(next() >> 32)) * 0x1p-32 }
    case .distinct:
      // bfloat16 keeps eight bits: steps of 1/32 up to 4, and coarser ones beyond.
      shuffled(Array(0..<count)).map { place in
        let magnitude = place / 2
        let value = magnitude < 128 ? Double(magnitude + 1) / 32 : Double(magnitude - 123)
        return place.isMultiple(of: 2) ? value : -value
      }
    case .integers(let range): (0..<count).map { _ in Double(int(range)) }
    case .given(let given): given
    }
  }
}
