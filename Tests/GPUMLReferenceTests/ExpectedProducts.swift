import GPUMLGraph

extension ExpectedCompositions {
  static let products: [String: Build] = [
    "matmul_vector": { inputs, attributes in
      [
        try inputs[0].matmul(
          inputs[1], transposesLeft: attributes.bool("transposes_left"),
          transposesRight: attributes.bool("transposes_right"))
      ]
    },
    "dot": { inputs, _ in [try inputs[0].dot(inputs[1])] },
    "outer": { inputs, _ in [try inputs[0].outer(inputs[1])] },
    "einsum": { inputs, attributes in [try .einsum(attributes.string("equation"), inputs)] },
  ]
}
