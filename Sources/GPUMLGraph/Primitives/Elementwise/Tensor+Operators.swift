extension Tensor {
  /// The sum, with broadcasting. - Throws: `GraphError` if shapes or types do not fit.
  public static func + (left: Tensor, right: Tensor) throws -> Tensor { try Add()(left, right) }
  /// The difference, with broadcasting. - Throws: `GraphError` if shapes or types do not fit.
  public static func - (left: Tensor, right: Tensor) throws -> Tensor {
    try Subtract()(left, right)
  }
  /// The product, with broadcasting. - Throws: `GraphError` if shapes or types do not fit.
  public static func * (left: Tensor, right: Tensor) throws -> Tensor {
    try Multiply()(left, right)
  }
  /// The quotient, with broadcasting. - Throws: `GraphError` if shapes or types do not fit.
  public static func / (left: Tensor, right: Tensor) throws -> Tensor {
    try Divide()(left, right)
  }

  /// Adds a number, taken in the tensor's type.
  public static func + (left: Tensor, right: Double) throws -> Tensor {
    try left + left.filled(with: right)
  }
  /// Subtracts a number, taken in the tensor's type.
  public static func - (left: Tensor, right: Double) throws -> Tensor {
    try left - left.filled(with: right)
  }
  /// Subtracts from a number, taken in the tensor's type.
  public static func - (left: Double, right: Tensor) throws -> Tensor {
    try right.filled(with: left) - right
  }
  /// Multiplies by a number, taken in the tensor's type.
  public static func * (left: Tensor, right: Double) throws -> Tensor {
    try left * left.filled(with: right)
  }
  /// Divides by a number, taken in the tensor's type.
  public static func / (left: Tensor, right: Double) throws -> Tensor {
    try left / left.filled(with: right)
  }

  /// The larger of both, element by element, with broadcasting; NaN if either is NaN.
  public func maximum(_ other: Tensor) throws -> Tensor { try Maximum()(self, other) }
  /// Whether each element is less than the other's, as `bool`.
  public func isLess(_ other: Tensor) throws -> Tensor { try LessThan()(self, other) }
  /// Whether each element is less than a number, as `bool`.
  public func isLess(_ other: Double) throws -> Tensor {
    try LessThan()(self, filled(with: other))
  }
  /// Whether each element is at most a number, as `bool`.
  public func isAtMost(_ other: Double) throws -> Tensor {
    try LessOrEqual()(self, filled(with: other))
  }
  /// Whether each element equals the other's, as `bool`; NaN equals nothing.
  public func isEqual(_ other: Tensor) throws -> Tensor { try EqualTo()(self, other) }
}
