/// What the weighted cross-entropy and its gradients have in common.
public protocol CrossEntropyPrimitive: Primitive {
  /// The share ε of the target that all classes divide among them.
  var labelSmoothing: Double { get }
  /// The label that counts for nothing.
  var ignoredLabel: Int? { get }
}

extension CrossEntropyPrimitive {
  /// The smoothing, and the ignored label if there is one.
  public var attributes: Attributes {
    var values: [String: Attributes.Value] = ["label_smoothing": .double(labelSmoothing)]
    if let ignoredLabel { values["ignored_label"] = .int(ignoredLabel) }
    return Attributes(values)
  }

  package static func checked(_ attributes: Attributes) throws -> (Double, Int?) {
    let ignored =
      attributes.values["ignored_label"] == nil ? nil : try attributes.int("ignored_label")
    return try checked(attributes.double("label_smoothing"), ignored)
  }

  /// - Throws: `GraphError.invalidValue` if a number is out of range.
  package static func checked(
    _ labelSmoothing: Double, _ ignoredLabel: Int?
  ) throws -> (Double, Int?) {
    guard (0...1).contains(labelSmoothing) else {
      throw GraphError.invalidValue(
        operation: name, reason: "the label smoothing must be from 0 to 1, not \(labelSmoothing)")
    }
    if let ignoredLabel, Int32(exactly: ignoredLabel) == nil {
      throw GraphError.invalidValue(
        operation: name, reason: "the ignored label \(ignoredLabel) is beyond int32")
    }
    return (labelSmoothing, ignoredLabel)
  }

  /// Checks logits, labels, weights, and upstream gradients if there are any.
  package func checkLines(_ inputs: [TensorType]) throws {
    let logits = inputs[0]
    try expectFloating(logits)
    guard inputs[1].dtype == .int32 else {
      throw GraphError.unsupportedDType(operation: "\(name) labels", dtype: inputs[1].dtype)
    }
    for other in inputs[2...] where other.dtype != logits.dtype {
      throw GraphError.invalidValue(
        operation: name,
        reason: "the operands are \(logits.dtype) and \(other.dtype); cast one of them")
    }
    guard logits.shape.count > 1, inputs[2].shape == [logits.shape[1]],
      inputs[1].shape == [logits.shape[0]] + logits.shape[2...],
      inputs[3...].allSatisfy({ $0.shape == inputs[1].shape })
    else {
      throw mismatch(
        inputs,
        "takes logits [batch, classes, …], labels [batch, …], weights [classes] and gradients in "
          + "the labels' shape")
    }
  }
}
