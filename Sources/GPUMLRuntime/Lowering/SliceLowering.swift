import GPUMLGraph

extension StridedSlice: KernelLowering {
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    let shape = try builder.shape(node.output())
    let extents = try builder.shape(node.inputs[0])
    let axes = try places.values(shape, within: extents, symbols: builder.symbols, operation: name)
    let target = try builder.writing(node.output())
    if try builder.count(node.output()) == 0 { return }
    try StridedCopy(
      shape, from: StridedCopy.View(axes, of: extents), to: StridedCopy.View(whole: shape)
    ).lower(
      from: builder.reading(node.inputs[0]), to: target, node.outputs[0].dtype,
      label: "slice \(shape) of \(extents)", in: builder)
  }
}

extension StridedPlacement: KernelLowering {
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    let shape = try builder.shape(node.inputs[0])
    let extents = try builder.shape(node.output())
    let axes = try places.values(shape, within: extents, symbols: builder.symbols, operation: name)
    let target = try builder.writing(node.output())
    if try builder.count(node.output()) == 0 { return }
    try builder.fill(target, node.outputs[0], with: 0)
    if try builder.count(node.inputs[0]) == 0 { return }
    try StridedCopy(
      shape, from: StridedCopy.View(whole: shape), to: StridedCopy.View(axes, of: extents)
    ).lower(
      from: builder.reading(node.inputs[0]), to: target, node.outputs[0].dtype,
      label: "place \(shape) in \(extents)", in: builder)
  }
}

extension StridedCopy.View {
  /// Places of a tensor in row-major order.
  ///
  /// The step of an axis with one place or none plays no part, and need not even be a number of
  /// elements that exist.
  fileprivate init(_ axes: [StridedPlaces.Axis], of shape: [Int]) {
    let whole = Self(whole: shape)
    self.init(steps: [])
    for (axis, places) in axes.enumerated() {
      if places.size > 0 { offset += places.start * whole.steps[axis] }
      steps.append(places.size > 1 ? places.step * whole.steps[axis] : 0)
    }
  }
}

extension Concatenate: KernelLowering {
  /// A copy of each operand to its part of every row.
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    let shape = try builder.shape(node.output())
    let target = try builder.writing(node.output())
    if try builder.count(node.output()) == 0 { return }
    let rows = shape[..<axis].reduce(1, *)
    let width = shape[axis...].reduce(1, *)
    var offset = 0
    for operand in node.inputs {
      let size = try builder.shape(operand)[axis...].reduce(1, *)
      if size == 0 { continue }
      try StridedCopy(
        [rows, size], from: StridedCopy.View(whole: [rows, size]),
        to: StridedCopy.View(offset: offset, steps: [width, 1])
      ).lower(
        from: builder.reading(operand), to: target, operand.dtype,
        label: "concatenate \(rows)×\(size) of \(width)", in: builder)
      offset += size
    }
  }
}
