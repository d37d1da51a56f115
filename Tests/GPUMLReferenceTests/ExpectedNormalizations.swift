import GPUMLGraph

extension ExpectedCompositions {
  /// Normalisations that are composed of others.
  static let normalizations: [String: Build] = [
    "group_norm": { inputs, attributes in
      [
        try inputs[0].groupNorm(
          groups: attributes.int("groups"), gamma: inputs[1], beta: inputs[2],
          epsilon: attributes.double("epsilon"))
      ]
    },
    "batch_norm": { inputs, attributes in
      [
        try inputs[0].batchNorm(
          gamma: inputs[1], beta: inputs[2], epsilon: attributes.double("epsilon")
        ).output
      ]
    },
    "batch_norm_statistics": { inputs, attributes in
      let next = try RunningStatistics.next(
        mean: inputs[1], variance: inputs[2], with: inputs[0].batchNorm(),
        momentum: attributes.double("momentum"))
      return [next.mean, next.variance]
    },
    "batch_norm_inference": { inputs, attributes in
      [
        try inputs[0].batchNorm(
          mean: inputs[1], variance: inputs[2], gamma: inputs[3], beta: inputs[4],
          epsilon: attributes.double("epsilon"))
      ]
    },
  ]

  /// What is done to gradients before an update.
  static let clippings: [String: Build] = [
    "clip_by_norm": { inputs, attributes in
      let norm = try globalNorm(of: inputs)
      let scale = try clippingScale(norm: norm, maximum: attributes.double("maximum"))
      return try [norm, scale] + inputs.map { try $0 * scale }
    },
    "clip_by_value": { inputs, attributes in
      [try inputs[0].clippedByValue(attributes.double("limit"))]
    },
  ]
}
