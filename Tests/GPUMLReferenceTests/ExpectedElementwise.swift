import GPUMLGraph

extension ExpectedCompositions {
  /// What promotes types, compares and joins truth values.
  static let elementwise: [String: Build] = [
    "greater": { inputs, _ in [try inputs[0].isGreater(inputs[1])] },
    "greater_equal": { inputs, _ in [try inputs[0].isAtLeast(inputs[1])] },
    "logical_and": { inputs, _ in [try inputs[0].logicalAnd(inputs[1])] },
    "logical_or": { inputs, _ in [try inputs[0].logicalOr(inputs[1])] },
    "logical_xor": { inputs, _ in [try inputs[0].logicalXor(inputs[1])] },
    "logical_not": { inputs, _ in [try inputs[0].logicalNot()] },
    "where": { inputs, _ in [try .where(inputs[0], inputs[1], inputs[2])] },
    "promotion": { inputs, _ in [try inputs[0] * inputs[1]] },
    "number_operands": { inputs, _ in [try 2 * (1 + inputs[0]).power(3) - 3 / inputs[0]] },
    "power_of_number": { inputs, attributes in
      let exponent = try Tensor.constant(attributes.double("exponent"), dtype: inputs[0].dtype)
      return [try inputs[0].power(exponent)]
    },
  ]
}
