/// The exponential moving average of parameters: shadow ← decay·shadow + (1−decay)·parameter, with
/// the value that the parameter has after the step; the first step of all copies the parameter.
///
/// Operands: n shadows, then the n values that updates of the same graph give to parameters; outputs:
/// the n next shadows. All are `float32`. While the state block's `finite` flag is down, nothing
/// changes.
///
/// - SeeAlso: Polyak and Juditsky 1992, SIAM J. Control Optim. 30(4); PyTorch's `AveragedModel`.
public struct EMAUpdate: UpdatePrimitive {
  /// The name in saved graphs.
  public static let name = "ema_update"
  /// What it computes.
  public static let summary = "the next moving averages of parameters"
  /// What the first operand may be.
  public static let dtypes = [DType.float32]
  /// None: the shadows stand in the place of parameters.
  public var slotKinds: [String] { [] }

  /// How much of the shadow stays, in 0...1.
  public let decay: Double

  /// Sets the decay. - Throws: `GraphError.invalidValue` if it is out of range.
  public init(decay: Double = 0.999) throws {
    guard (0...1).contains(decay) else {
      throw GraphError.invalidValue(
        operation: Self.name, reason: "decay \(decay) is not in 0...1")
    }
    self.decay = decay
  }

  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws {
    try self.init(decay: attributes.double("decay"))
  }

  /// The decay.
  public var attributes: Attributes { Attributes(["decay": .double(decay)]) }

  /// The types of the shadows.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    let count = inputs.count / 2
    guard count > 0, inputs.count == 2 * count else {
      throw GraphError.invalidValue(
        operation: name, reason: "\(inputs.count) operands are not a shadow for each parameter")
    }
    for (shadow, value) in zip(inputs, inputs[count...]) {
      for type in [shadow, value] where type.dtype != .float32 {
        throw GraphError.unsupportedDType(operation: name, dtype: type.dtype)
      }
      guard shadow.shape == value.shape else {
        throw mismatch([shadow, value], "shadow and parameter have one shape")
      }
    }
    return Array(inputs[..<count])
  }

  /// Builds the averages of the parameters that `updates` change, with new shadows: variables of the
  /// role `slot` and the kind `ema`, in the order of the parameters.
  ///
  /// A training that goes on from a saved step must be given the shadows too: only its very first
  /// step copies the parameters.
  ///
  /// - Parameter updates: Those of optimizers; what they do to other variables is not averaged.
  /// - Throws: `GraphError` if a parameter is not `float32`.
  public func updates(following updates: [Update]) throws -> [Update] {
    let followed = updates.filter { $0.variable.role == .parameter }
    if followed.isEmpty { return [] }
    let shadows = try followed.map {
      try Variable(shape: $0.variable.shape, role: .slot(kind: "ema"))
    }
    let node = try Node(self, shadows.map(\.tensor) + followed.map(\.value))
    return shadows.enumerated().map {
      Update(variable: $0.element, value: node.output($0.offset))
    }
  }
}
