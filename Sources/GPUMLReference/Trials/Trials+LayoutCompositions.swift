import GPUMLGraph

extension TrialTable {
  /// Shapes and layout: what is composed of slices, paddings, reshapes and repetitions.
  package static let layout: [TrialSubject] = axes + parts + repetitions + diagonals

  private static let axes = [
    subject("reshape_inferred", "a reshape that finds one size") { random in
      let shape = random.shape(ranks: 1...5, orEmpty: false)
      var target = [Dim](shape)
      target[random.axis(of: shape)] = -1
      let swapped = target.reversed().map { $0 }
      return Trial([random.any(shape)], note: swapped.text) { [try $0[0].reshaped(to: swapped)] }
    },
    subject("squeeze", "axes of size 1 left out") { random in
      let shape = random.shape()
      let ones = shape.indices.filter { shape[$0] == 1 }
      let chosen: [Int]? = random.bool() ? nil : ones.filter { _ in random.bool() }
      return Trial([random.any(shape)], note: "\(chosen ?? ones)") {
        [try $0[0].squeezed(axes: chosen)]
      }
    },
    subject("unsqueeze", "axes of size 1 put in") { random in
      let shape = random.shape()
      let rank = shape.count + 2
      let axes = Array(random.shuffled(Array(0..<rank)).prefix(2))
      let places = [axes[0], axes[1] - rank]
      return Trial([random.any(shape)], note: "\(places)") { [try $0[0].unsqueezed(axes: places)] }
    },
    subject("swap_axes", "two axes in each other's place") { random in
      let shape = random.shape(ranks: 1...5)
      let (first, second) = (random.axis(of: shape), random.axis(of: shape) - shape.count)
      return Trial([random.any(shape)], note: "\(first) \(second)") {
        [try $0[0].swappedAxes(first, second)]
      }
    },
    subject("move_axis", "an axis in another place") { random in
      let shape = random.shape(ranks: 1...5)
      let (from, to) = (random.axis(of: shape), random.axis(of: shape) - shape.count)
      return Trial([random.any(shape)], note: "\(from) \(to)") {
        [try $0[0].movedAxis(from: from, to: to)]
      }
    },
  ]

  private static let parts = [
    subject("stack", "tensors side by side along a new axis") { random in
      let shape = random.shape()
      let axis = random.int(0...shape.count) - (random.bool() ? shape.count + 1 : 0)
      let operands = (0...random.int(0...3)).map { _ in random.any(shape) }
      return Trial(operands, note: "axis \(axis)") { [try Tensor.stacked($0, axis: axis)] }
    },
    subject("split", "an axis cut into equal parts") { random in
      var shape = random.shape(ranks: 1...5)
      let axis = random.axis(of: shape)
      let count = random.int(1...4)
      shape[axis] = random.int(0...5) * count
      return Trial([random.any(shape)], note: "\(count) along \(axis)") {
        try $0[0].split(into: count, axis: axis)
      }
    },
    subject("split_sizes", "an axis cut into parts of given sizes") { random in
      var shape = random.shape(ranks: 1...5)
      let axis = random.axis(of: shape)
      let sizes = (0...random.int(0...3)).map { _ in random.int(0...9) }
      shape[axis] = sizes.reduce(0, +)
      return Trial([random.any(shape)], note: "\(sizes) along \(axis)") {
        try $0[0].split(sizes: [Dim](sizes), axis: axis)
      }
    },
    subject("slice_range", "a slice by start, end and step that are clamped") { random in
      let shape = random.shape(ranks: 1...5)
      let axes = random.axes(of: shape).map { random.bool() ? $0 : $0 - shape.count }
      func bounds() -> [Int] {
        axes.map { _ in random.pick([0, 1, 2, 5, 40, -1, -2, -9, .max, .min], or: 0) }
      }
      let (starts, ends) = (bounds(), bounds())
      let steps = axes.map { _ in random.pick([1, 1, 2, 3, -1, -2, .max, .min], or: 1) }
      return Trial([random.any(shape)], note: "\(starts) \(ends) \(steps) of axes \(axes)") {
        [try $0[0].sliced(starts: starts, ends: ends, axes: axes, steps: steps)]
      }.withNumbersAsSizes()
    },
    subject("slice_end", "a slice whose bounds count from the end") { random in
      var shape = random.shape(ranks: 1...5)
      let axis = random.axis(of: shape)
      shape[axis] = random.int(4...20)
      let (step, last) = (random.pick([1, 2, -1, -3], or: 1), random.int(-4 ... -2))
      let first = step > 0 ? random.int(0...1) : random.int(-2 ... -1)
      return Trial([random.any(shape)], note: "\(first) to \(last) by \(step) of axis \(axis)") {
        [
          try $0[0].sliced(axis: axis, from: Dim(first), to: Dim(last), by: step),
          try $0[0].sliced(axis: axis, from: Dim(last)), try $0[0].sliced(axis: axis, by: step),
        ]
      }
    },
    subject("flip", "the elements of some axes in reverse order") { random in
      let shape = random.shape()
      let axes: [Int]? = random.bool() ? nil : random.axes(of: shape)
      return Trial([random.any(shape)], note: "\(axes ?? [])") { [try $0[0].flipped(axes: axes)] }
    },
  ]

  private static let repetitions = [
    subject("roll", "the elements moved round along axes") { random in
      let shape = random.shape()
      let axes = random.axes(of: shape)
      let shifts = axes.map { _ in random.pick([0, 1, -1, 4, -100, 1000], or: 0) }
      return Trial([random.any(shape)], note: "\(shifts) along \(axes)") {
        [try $0[0].rolled(by: shifts, axes: axes)]
      }
    },
    subject("tile", "the whole tensor over and over") { random in
      let shape = random.shape()
      let counts = (0..<random.int(0...(shape.count + 1))).map { _ in
        random.pick([1, 1, 2, 3, random.bool() ? 0 : 1], or: 1)
      }
      return Trial([random.any(shape)], note: "\(counts)") { [try $0[0].tiled([Dim](counts))] }
    },
    subject("repeat", "each element several times in a row") { random in
      let shape = random.shape(ranks: 1...5)
      let axis = random.axis(of: shape)
      let count = random.int(0...4)
      return Trial([random.any(shape)], note: "\(count) along \(axis)") {
        [try $0[0].repeated(Dim(count), axis: axis)]
      }
    },
  ]

  private static let diagonals = [
    subject("diagonal", "a diagonal of matrices") { random in
      var shape = random.shape(ranks: 2...5)
      let axes = Array(random.shuffled(Array(shape.indices)).prefix(2))
      // Of square matrices of symbolic size the length is known too.
      if random.bool() {
        for axis in axes { shape[axis] = 6 }
      }
      let offset = random.pick([0, 0, 1, -1, 3, -4, .max, .min], or: 0)
      let trial = Trial([random.any(shape)], note: "\(offset) of axes \(axes)") {
        [try $0[0].diagonal(offset: offset, axes: (axes[0], axes[1] - $0[0].rank))]
      }
      // Of symbolic sizes a diagonal outside is an error, not empty.
      let isInside = axes.allSatisfy { offset.magnitude <= shape[$0] }
      return isInside ? trial : trial.withNumbersAsSizes()
    },
    subject("diagonal_matrix", "matrices with a diagonal") { random in
      let shape = random.shape(ranks: 1...3)
      let offset = random.pick([0, 0, 1, -1, 3, -4], or: 0)
      return Trial([random.any(shape)], note: "\(offset)") {
        [try $0[0].diagonalMatrix(offset: offset)]
      }
    },
    subject("eye", "a matrix with 1 on a diagonal") { random in
      let (rows, columns) = (random.size(), random.bool() ? random.size() : nil)
      let (offset, dtype) = (random.pick([0, 1, -2, 40, .max, .min], or: 0), random.dtype)
      return Trial([], note: "\(rows)×\(columns ?? rows), \(offset)") { _ in
        [
          try .eye(Dim(rows), columns: columns.map { Dim($0) }, offset: offset, dtype: dtype)
        ]
      }
    },
  ]

  /// What only moves elements, of any type.
  private static func subject(
    _ name: String, _ summary: String,
    trial: @escaping @Sendable (inout TrialRandom) throws -> Trial
  ) -> TrialSubject {
    TrialSubject(name, summary, dtypes: DType.allCases, isDifferentiable: name != "eye") {
      try trial(&$0).exact()
    }
  }
}
