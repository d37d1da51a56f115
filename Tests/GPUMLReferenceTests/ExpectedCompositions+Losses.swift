import GPUMLGraph

extension ExpectedCompositions {
  static let activations: [String: Build] = [
    "log_sigmoid": { inputs, _ in [try inputs[0].logSigmoid()] },
    "prelu_of_channels": { inputs, _ in [try inputs[0].prelu(slope: inputs[1])] },
  ]

  static let losses: [String: Build] = [
    "cross_entropy_loss": { inputs, attributes in
      let ignored =
        attributes.values["ignored_label"] == nil
        ? nil : try attributes.int("ignored_label")
      return [
        try inputs[0].crossEntropy(
          labels: inputs[1], weights: inputs.count > 2 ? inputs[2] : nil,
          labelSmoothing: attributes.double("label_smoothing"), ignoring: ignored,
          reduction: reduction(attributes))
      ]
    },
    "cross_entropy_of_distributions": { inputs, attributes in
      [
        try inputs[0].crossEntropy(
          probabilities: inputs[1], weights: inputs.count > 2 ? inputs[2] : nil,
          labelSmoothing: attributes.double("label_smoothing"), reduction: reduction(attributes))
      ]
    },
    "binary_cross_entropy": { inputs, attributes in
      [
        try inputs[0].binaryCrossEntropy(
          target: inputs[1], weights: inputs.count > 2 ? inputs[2] : nil,
          positiveWeights: inputs.count > 3 ? inputs[3] : nil, reduction: reduction(attributes))
      ]
    },
    "squared_error": { [try $0[0].squaredError(target: $0[1], reduction: reduction($1))] },
    "absolute_error": { [try $0[0].absoluteError(target: $0[1], reduction: reduction($1))] },
    "huber_loss": {
      [
        try $0[0].huberLoss(
          target: $0[1], delta: $1.double("delta"), reduction: reduction($1))
      ]
    },
    "smooth_absolute_error": {
      [
        try $0[0].smoothAbsoluteError(
          target: $0[1], beta: $1.double("beta"), reduction: reduction($1))
      ]
    },
    "kl_divergence": {
      [
        try $0[0].klDivergence(
          target: $0[1], isTargetLogarithmic: $1.bool("logarithmic"), reduction: reduction($1))
      ]
    },
    "hinge_loss": {
      [
        try $0[0].hingeLoss(
          target: $0[1], margin: $1.double("margin"), reduction: reduction($1))
      ]
    },
    "cosine_similarity": {
      [
        try $0[0].cosineSimilarity(
          $0[1], axis: $1.int("axis"), epsilon: $1.double("epsilon"))
      ]
    },
  ]

  private static func reduction(_ attributes: Attributes) throws -> LossReduction {
    let name = try attributes.string("reduction")
    guard let reduction = LossReduction(rawValue: name) else {
      throw GraphError.malformed(reason: "no reduction '\(name)'")
    }
    return reduction
  }
}
