import GPUMLDevice
import GPUMLGraph

/// A copy from one strided view to another of the same sizes.
///
/// Neighbouring axes along which both views go on as one become one, so that a slice of leading
/// rows, say, is a plain copy.
struct StridedCopy {
  /// A tensor's memory as seen by axes: element (i0, i1, …) is at offset + Σ iₖ·stepsₖ.
  struct View {
    var offset = 0
    var steps: [Int]

    init(offset: Int = 0, steps: [Int]) {
      self.offset = offset
      self.steps = steps
    }

    /// A whole tensor in row-major order.
    init(whole shape: [Int]) {
      var step = 1
      steps = shape.reversed().map { size in
        defer { step *= size }
        return step
      }.reversed()
    }
  }

  private var sizes: [Int] = []
  private var source: View
  private var target: View

  init(_ sizes: [Int], from source: View, to target: View) {
    self.source = View(offset: source.offset, steps: [])
    self.target = View(offset: target.offset, steps: [])
    for (axis, size) in sizes.enumerated() where size != 1 {
      let (from, to) = (source.steps[axis], target.steps[axis])
      let joins = self.source.steps.last == from * size && self.target.steps.last == to * size
      let joined = joins ? self.sizes.removeLast() * size : size
      if joins {
        self.source.steps.removeLast()
        self.target.steps.removeLast()
      }
      self.sizes.append(joined)
      self.source.steps.append(from)
      self.target.steps.append(to)
    }
    if self.sizes.isEmpty {
      self.sizes = [1]
      (self.source.steps, self.target.steps) = ([1], [1])
    }
  }

  /// Adds the launch, if there is anything to copy.
  func lower(
    from buffer: BufferID, to destination: BufferID, _ dtype: DType, label: String,
    in builder: PlanBuilder
  ) throws {
    if sizes.contains(0) { return }
    // On a CPU vectors of 32 bits an element are wide enough.
    let (copy, bytes) = widened(dtype.byteCount, limit: builder.family == .cpu ? 4 : 16)
    let outer = Array(copy.sizes.dropLast())
    let last = outer.count
    let blocks = RowBlocks(inner: copy.sizes[last], outer: outer.reduce(1, *), in: builder)
    var row = try RowIndices(outer, in: builder)
    for axis in outer.indices {
      try row.add("x_step\(axis)", copy.source.steps[axis], in: builder)
      try row.add("y_step\(axis)", copy.target.steps[axis], in: builder)
      row.add("from += (long)a\(axis) * x_step\(axis); to += (long)a\(axis) * y_step\(axis)")
    }
    let isContiguous = copy.source.steps[last] == 1 && copy.target.steps[last] == 1
    let options = [
      ("ELEMENT", KernelInstance.mover(byteCount: bytes)),
      ("CONTIGUOUS", isContiguous ? "1" : "0"), ("COPY_PARAMS", row.list), ("COPY_ROW", row.code),
    ]
    let numbers = try [
      copy.source.offset, copy.source.steps[last], copy.target.offset, copy.target.steps[last],
    ].map(builder.int)
    try builder.launch(
      "strided_copy",
      of: KernelInstance(file: "Layout/strided_copy", options: options + blocks.options),
      label: label,
      [.reads(buffer), .writes(destination)] + numbers + blocks.arguments(in: builder)
        + row.arguments,
      global: blocks.global, local: blocks.local)
  }

  /// The same copy with neighbours taken together as larger elements, and their bytes.
  private func widened(_ byteCount: Int, limit: Int) -> (StridedCopy, Int) {
    var (copy, bytes) = (self, byteCount)
    let last = sizes.count - 1
    guard source.steps[last] == 1, target.steps[last] == 1 else { return (copy, bytes) }
    while bytes < limit {
      let numbers =
        [copy.sizes[last], copy.source.offset, copy.target.offset] + copy.source.steps[..<last]
        + copy.target.steps[..<last]
      guard numbers.allSatisfy({ $0.isMultiple(of: 2) }) else { break }
      copy.sizes[last] /= 2
      copy.source = copy.source.halved
      copy.target = copy.target.halved
      bytes *= 2
    }
    return (copy, bytes)
  }
}

extension StridedCopy.View {
  /// The same in elements of twice the size, side by side along the last axis.
  fileprivate var halved: Self {
    Self(offset: offset / 2, steps: steps.dropLast().map { $0 / 2 } + [1])
  }
}
