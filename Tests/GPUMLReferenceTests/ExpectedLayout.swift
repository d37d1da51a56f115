import GPUMLGraph

extension ExpectedCompositions {
  /// Shapes and layout.
  static let layout: [String: Build] = [
    "reshape_inferred": { [try $0[0].reshaped(to: $1.dims("shape"))] },
    "squeeze": { [try $0[0].squeezed(axes: $1.ints("axes"))] },
    "unsqueeze": { [try $0[0].unsqueezed(axes: $1.ints("axes"))] },
    "swap_axes": { inputs, attributes in
      let axes = try attributes.ints("axes")
      return [try inputs[0].swappedAxes(axes[0], axes[1])]
    },
    "move_axis": { inputs, attributes in
      let axes = try attributes.ints("axes")
      return [try inputs[0].movedAxis(from: axes[0], to: axes[1])]
    },
    "stack": { [try Tensor.stacked($0, axis: $1.int("axis"))] },
    "split": { inputs, attributes in
      let parts = try inputs[0].split(
        into: attributes.int("count"), axis: attributes.int("axis"))
      return [parts[try attributes.int("part")]]
    },
    "split_sizes": { inputs, attributes in
      let parts = try inputs[0].split(
        sizes: attributes.dims("sizes"), axis: attributes.int("axis"))
      return [parts[try attributes.int("part")]]
    },
    "slice_range": {
      [
        try $0[0].sliced(
          starts: $1.ints("starts"), ends: $1.ints("ends"), axes: $1.ints("axes"),
          steps: $1.ints("steps"))
      ]
    },
    "slice_end": { [try $0[0].sliced(axis: $1.int("axis"), from: Dim($1.int("start")))] },
    "flip": { [try $0[0].flipped(axes: $1.ints("axes"))] },
    "roll": { [try $0[0].rolled(by: $1.ints("shifts"), axes: $1.ints("axes"))] },
    "tile": { [try $0[0].tiled($1.dims("counts"))] },
    "repeat": { [try $0[0].repeated(Dim($1.int("count")), axis: $1.int("axis"))] },
    "diagonal": { inputs, attributes in
      let axes = try attributes.ints("axes")
      return [
        try inputs[0].diagonal(offset: attributes.int("offset"), axes: (axes[0], axes[1]))
      ]
    },
    "diagonal_matrix": { [try $0[0].diagonalMatrix(offset: $1.int("offset"))] },
    "eye": { _, attributes in
      let sizes = try attributes.dims("sizes")
      return [try .eye(sizes[0], columns: sizes[1], offset: attributes.int("offset"))]
    },
    "range_to": { _, attributes in
      [
        try .range(
          from: attributes.double("start"), to: attributes.double("end"),
          by: attributes.double("step"))
      ]
    },
  ]
}
