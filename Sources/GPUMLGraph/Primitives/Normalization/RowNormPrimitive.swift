/// What layer and RMS normalisation and their gradients have in common: the last axes of the first
/// operand, from `axis` on, are a row that is normalised by itself.
package protocol RowNormPrimitive: Primitive {
  /// The first axis of a row.
  var axis: Int { get }
}

/// Layer or RMS normalisation.
package protocol RowNormForward: RowNormPrimitive {
  /// What is added to the variance or the mean square.
  var epsilon: Double { get }
  /// Takes both as they are.
  init(axis: Int, epsilon: Double)
}

extension RowNormForward {
  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws {
    self.init(axis: try attributes.int("axis"), epsilon: try attributes.double("epsilon"))
  }

  /// Axis and ε.
  public var attributes: Attributes {
    Attributes(["axis": .int(axis), "epsilon": .double(epsilon)])
  }
}

/// A gradient of layer or RMS normalisation.
package protocol RowNormBackward: RowNormPrimitive {
  /// Whether the mean is taken off: layer normalisation.
  var isCentered: Bool { get }
  /// Takes both as they are.
  init(axis: Int, isCentered: Bool)
}

extension RowNormBackward {
  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws {
    self.init(axis: try attributes.int("axis"), isCentered: try attributes.bool("centered"))
  }

  /// The axis and whether the mean is taken off.
  public var attributes: Attributes {
    Attributes(["axis": .int(axis), "centered": .bool(isCentered)])
  }
}

extension RowNormPrimitive {
  /// Checks that the first operand is of floating point and has the axis.
  package func expectRows(_ inputs: [TensorType], counts: ClosedRange<Int>) throws {
    guard counts.contains(inputs.count) else {
      throw GraphError.invalidValue(
        operation: name,
        reason: "takes \(counts.lowerBound) to \(counts.upperBound) operands, not \(inputs.count)")
    }
    try expectFloating(inputs[0])
    guard inputs[0].shape.indices.contains(axis) else {
      throw mismatch([inputs[0]], "there is no axis \(axis)")
    }
  }

  /// Checks scales and shifts: of the shape of a row, in one type, that of `x` or `float32`.
  package func expectParameters(_ parameters: [TensorType], of inputs: [TensorType]) throws {
    let row = Array(inputs[0].shape[axis...])
    for parameter in parameters {
      guard parameter.dtype == .float32 || parameter.dtype == inputs[0].dtype,
        parameter.dtype == parameters[0].dtype
      else {
        throw GraphError.unsupportedDType(
          operation: "\(name) parameters", dtype: parameter.dtype)
      }
      guard parameter.shape == row else {
        throw mismatch(inputs, "scale and shift have the shape of the last axes, \(row.text)")
      }
    }
  }

  /// One number a row, in `float32`.
  package func statistic(_ x: TensorType) -> TensorType {
    TensorType(Array(x.shape[..<axis]), .float32)
  }

  /// A number a row, so that it stretches over the rows.
  package func stretching(_ statistic: Tensor, over x: Tensor) throws -> Tensor {
    try statistic.reshaped(to: x.shape.enumerated().map { $0.offset < axis ? $0.element : 1 })
  }

  /// 1 / √(variance + ε).
  package func inverseDeviation(_ variance: Tensor, epsilon: Double) throws -> Tensor {
    try variance.filled(with: 1) / (variance + epsilon).squareRoot()
  }

  /// What flows to `x` through the statistics of its rows: c · g · (x − center) / size, where a nil
  /// center leaves the factor out.
  package func flow(
    _ gradient: Tensor, to x: Tensor, factor: Double, center: Tensor?
  ) throws -> Tensor {
    let size = try SizeOf.tensor(Array(x.shape[axis...]), dtype: .float32)
    let share = try stretching(gradient * factor / size, over: x)
    guard let center else { return try share.expanded(to: x.shape).cast(to: x.dtype) }
    let deviation = try x.cast(to: .float32) - stretching(center, over: x)
    return try (share * deviation).cast(to: x.dtype)
  }
}

/// The sum of two gradients either of which may be zero.
func joined(_ first: Tensor?, _ second: Tensor?) throws -> Tensor? {
  guard let first else { return second }
  return try second.map { try first + $0 } ?? first
}
