import GPUMLGraph

extension ExpectedCompositions {
  /// Gathers, scatters and draws that are composed of primitives.
  static let indexing: [String: Build] = [
    "gather_nd": { inputs, _ in [try inputs[0].gathered(atPoints: inputs[1])] },
    "scatter": { inputs, attributes in
      [try inputs[0].scattering(inputs[1], at: inputs[2], axis: attributes.int("axis"))]
    },
    "scatter_add": { inputs, attributes in
      [try inputs[0].scatterAdding(inputs[1], at: inputs[2], axis: attributes.int("axis"))]
    },
    "scatter_nd": { inputs, _ in [try inputs[0].scattering(inputs[1], atPoints: inputs[2])] },
    "scatter_nd_add": { inputs, _ in
      [try inputs[0].scatterAdding(inputs[1], atPoints: inputs[2])]
    },
    "put_along_axis": { inputs, attributes in
      [try inputs[0].putting(inputs[1], at: inputs[2], alongAxis: attributes.int("axis"))]
    },
    "add_along_axis": { inputs, attributes in
      [try inputs[0].scatterAdding(inputs[1], at: inputs[2], alongAxis: attributes.int("axis"))]
    },
    "one_hot": { inputs, attributes in
      [try inputs[0].oneHot(depth: Dim(attributes.int("depth")), axis: attributes.int("axis"))]
    },
    "masked_select": { inputs, _ in [try inputs[0].elements(where: inputs[1])] },
    "masked_square_sum": { inputs, _ in
      let chosen = try inputs[0].elements(where: inputs[1])
      return [try (chosen * chosen).sum()]
    },
    "permutation": { _, attributes in
      [try .permutation(count: Dim(attributes.int("count")), stream: attributes.int("stream"))]
    },
    "bernoulli": { inputs, attributes in
      [try inputs[0].bernoulli(stream: attributes.int("stream"))]
    },
    "categorical": { inputs, attributes in
      [try inputs[0].categorical(stream: attributes.int("stream"))]
    },
  ]
}
