extension Tensor {
  /// The larger of both, element by element, with broadcasting and promotion; NaN if either is.
  public func maximum(_ other: Tensor) throws -> Tensor { try Maximum().promoting(self, other) }
  /// The larger of each element and a number, which the tensor's type must hold.
  public func maximum(_ other: Double) throws -> Tensor { try maximum(filled(with: other)) }
  /// The smaller of both, element by element, with broadcasting and promotion; NaN if either is.
  public func minimum(_ other: Tensor) throws -> Tensor { try Minimum().promoting(self, other) }
  /// The smaller of each element and a number, which the tensor's type must hold.
  public func minimum(_ other: Double) throws -> Tensor { try minimum(filled(with: other)) }

  /// The quotient rounded down, with broadcasting and promotion; its gradient is zero.
  ///
  /// Any type but `bool`. Integers give 0 for a divisor of 0; floating-point numbers give what `/`
  /// gives there.
  public func floorDivide(_ divisor: Tensor) throws -> Tensor {
    try FloorDivide().promoting(self, divisor)
  }
  /// The quotient by a number, which the tensor's type must hold, rounded down.
  public func floorDivide(_ divisor: Double) throws -> Tensor {
    try floorDivide(filled(with: divisor))
  }

  /// What the quotient rounded down leaves, with broadcasting and promotion: it has the sign of the
  /// divisor.
  ///
  /// Any type but `bool`. Integers give 0 for a divisor of 0, floating-point numbers NaN.
  public func remainder(_ divisor: Tensor) throws -> Tensor {
    try Remainder().promoting(self, divisor)
  }
  /// What the quotient by a number, which the tensor's type must hold, leaves.
  public func remainder(_ divisor: Double) throws -> Tensor {
    try remainder(filled(with: divisor))
  }

  /// A power, with broadcasting and promotion.
  ///
  /// Any type but `bool`; x⁰ is 1. A negative floating-point base gives NaN unless the exponent is
  /// whole. Integers wrap around, and a negative exponent of theirs gives the power truncated
  /// toward zero. Where the base is not positive, the gradient by the exponent is 0.
  public func power(_ exponent: Tensor) throws -> Tensor {
    try Power().promoting(self, exponent)
  }
  /// The power with a number, which the tensor's type must hold, as exponent.
  ///
  /// Squares and cubes are products.
  public func power(_ exponent: Double) throws -> Tensor {
    switch exponent {
    case 2: try self * self
    case 3: try self * self * self
    default: try power(filled(with: exponent))
    }
  }

  /// The angle in (−π, π] of the point whose y is this tensor, with broadcasting and promotion.
  ///
  /// Floating point; the gradient at the origin is 0.
  ///
  /// - Parameter x: The other coordinate.
  public func atan2(_ x: Tensor) throws -> Tensor { try ArcTangent2().promoting(self, x) }
}
