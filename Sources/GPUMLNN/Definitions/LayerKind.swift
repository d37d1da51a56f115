import GPUMLGraph

/// A kind of layer that can be named. A further one is a further entry of `all`.
struct LayerKind: Sendable {
  /// The name in model files.
  let name: String
  /// The settings; the first is the one meant where a value stands without a name, as in `linear: 64`.
  var settings: [String] = []
  let make: @Sendable (LayerSettings, LayerPlace) throws -> any Module

  static let all: [LayerKind] = layers + normalizations + activations

  private static let layers = [
    LayerKind(name: "linear", settings: ["outputs", "bias"]) { settings, place in
      try Linear(
        inputs: place.width(of: settings.kind),
        outputs: try settings.integer("outputs") ?? place.outputs,
        bias: try settings.truth("bias") ?? true)
    },
    LayerKind(name: "flatten", settings: ["from"]) { settings, _ in
      try Flatten(from: try settings.integer("from") ?? 1)
    },
    LayerKind(name: "dropout", settings: ["rate"]) { settings, _ in
      guard let rate = try settings.number("rate") else {
        throw NNError.invalidLayer(
          kind: settings.kind, reason: "rate is missing, as in dropout: 0.2")
      }
      return try Dropout(rate: rate)
    },
  ]

  private static let normalizations = [
    LayerKind(name: LayerNormalization.layerName, settings: ["epsilon"]) { settings, place in
      try LayerNormalization(
        size: place.width(of: settings.kind), epsilon: try settings.number("epsilon") ?? 1e-5)
    },
    LayerKind(name: RMSNormalization.layerName, settings: ["epsilon"]) { settings, place in
      try RMSNormalization(
        size: place.width(of: settings.kind), epsilon: try settings.number("epsilon") ?? 1e-5)
    },
    LayerKind(
      name: BatchNormalization.layerName, settings: ["momentum", "epsilon"]
    ) { settings, place in
      guard let channels = place.shape.first else {
        throw NNError.invalidLayer(
          kind: settings.kind, reason: "takes examples with at least one axis")
      }
      return try BatchNormalization(
        channels: channels, momentum: try settings.number("momentum") ?? 0.1,
        epsilon: try settings.number("epsilon") ?? 1e-5)
    },
  ]

  private static let activations =
    Activation.all.map { activation in
      LayerKind(name: activation.layerName) { _, _ in activation }
    } + [
      LayerKind(name: "leaky-relu", settings: ["slope"]) { settings, _ in
        try Activation.leakyReLU(slope: settings.number("slope") ?? 0.01)
      },
      LayerKind(name: "elu", settings: ["alpha"]) { settings, _ in
        try Activation.elu(alpha: settings.number("alpha") ?? 1)
      },
    ]
}
