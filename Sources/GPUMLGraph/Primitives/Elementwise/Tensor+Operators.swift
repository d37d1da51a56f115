// What two tensors are computed together in is said by `DType.promoted(with:)`; the primitives
// themselves take operands of one type.

extension BinaryPrimitive {
  /// Applies the primitive to both operands in their promoted type.
  package func promoting(_ left: Tensor, _ right: Tensor) throws -> Tensor {
    let dtype = left.dtype.promoted(with: right.dtype)
    return try self(left.cast(to: dtype), right.cast(to: dtype))
  }
}

extension Tensor {
  /// The sum, with broadcasting and promotion; integers wrap around.
  ///
  /// - Throws: `GraphError` if the shapes do not broadcast or both are `bool`.
  public static func + (left: Tensor, right: Tensor) throws -> Tensor {
    try Add().promoting(left, right)
  }
  /// The difference, with broadcasting and promotion; integers wrap around.
  ///
  /// - Throws: `GraphError` if the shapes do not broadcast or both are `bool`.
  public static func - (left: Tensor, right: Tensor) throws -> Tensor {
    try Subtract().promoting(left, right)
  }
  /// The product, with broadcasting and promotion; integers wrap around.
  ///
  /// - Throws: `GraphError` if the shapes do not broadcast or both are `bool`.
  public static func * (left: Tensor, right: Tensor) throws -> Tensor {
    try Multiply().promoting(left, right)
  }
  /// The quotient, with broadcasting and promotion.
  ///
  /// Integers stay integers, as in Swift: the quotient is truncated toward zero, and is 0 for a
  /// divisor of 0. Cast one operand for real quotients.
  ///
  /// - Throws: `GraphError` if the shapes do not broadcast or both are `bool`.
  public static func / (left: Tensor, right: Tensor) throws -> Tensor {
    try Divide().promoting(left, right)
  }

  /// Adds a number, which the tensor's type must hold.
  public static func + (left: Tensor, right: Double) throws -> Tensor {
    try left + left.filled(with: right)
  }
  /// Adds to a number, which the tensor's type must hold.
  public static func + (left: Double, right: Tensor) throws -> Tensor {
    try right.filled(with: left) + right
  }
  /// Subtracts a number, which the tensor's type must hold.
  public static func - (left: Tensor, right: Double) throws -> Tensor {
    try left - left.filled(with: right)
  }
  /// Subtracts from a number, which the tensor's type must hold.
  public static func - (left: Double, right: Tensor) throws -> Tensor {
    try right.filled(with: left) - right
  }
  /// Multiplies by a number, which the tensor's type must hold.
  public static func * (left: Tensor, right: Double) throws -> Tensor {
    try left * left.filled(with: right)
  }
  /// Multiplies a number, which the tensor's type must hold.
  public static func * (left: Double, right: Tensor) throws -> Tensor {
    try right.filled(with: left) * right
  }
  /// Divides by a number, which the tensor's type must hold.
  public static func / (left: Tensor, right: Double) throws -> Tensor {
    try left / left.filled(with: right)
  }
  /// Divides a number, which the tensor's type must hold.
  public static func / (left: Double, right: Tensor) throws -> Tensor {
    try right.filled(with: left) / right
  }

  /// A number as a scalar of this tensor's element type.
  ///
  /// - Throws: `GraphError.invalidValue` if an integer type or `bool` does not hold it.
  package func filled(with value: Double) throws -> Tensor {
    try dtype.expectHolds(value, operation: "a number beside \(dtype)")
    return try .constant(value, dtype: dtype)
  }
}
