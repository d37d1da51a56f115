extension Tensor {
  /// Whether both hold, with broadcasting; of other types than `bool`, every value but 0 holds.
  public func logicalAnd(_ other: Tensor) throws -> Tensor {
    try BitwiseAnd()(cast(to: .bool), other.cast(to: .bool))
  }
  /// Whether one holds, with broadcasting; of other types than `bool`, every value but 0 holds.
  public func logicalOr(_ other: Tensor) throws -> Tensor {
    try BitwiseOr()(cast(to: .bool), other.cast(to: .bool))
  }
  /// Whether one alone holds, with broadcasting; of other types than `bool`, all but 0 hold.
  public func logicalXor(_ other: Tensor) throws -> Tensor {
    try BitwiseXor()(cast(to: .bool), other.cast(to: .bool))
  }
  /// Whether each element does not hold; of other types than `bool`, every value but 0 holds.
  public func logicalNot() throws -> Tensor { try BitwiseNot()(cast(to: .bool)) }

  /// The bits that both have, with broadcasting and promotion; integers and `bool`.
  public func bitwiseAnd(_ other: Tensor) throws -> Tensor {
    try BitwiseAnd().promoting(self, other)
  }
  /// The bits that either has, with broadcasting and promotion; integers and `bool`.
  public func bitwiseOr(_ other: Tensor) throws -> Tensor {
    try BitwiseOr().promoting(self, other)
  }
  /// The bits that just one has, with broadcasting and promotion; integers and `bool`.
  public func bitwiseXor(_ other: Tensor) throws -> Tensor {
    try BitwiseXor().promoting(self, other)
  }
  /// The bits inverted; integers and `bool`.
  public func bitwiseNot() throws -> Tensor { try BitwiseNot()(self) }

  /// The bits moved up, with broadcasting and promotion; 0 for a count below 0 or beyond the width.
  ///
  /// Integers of any type.
  public func shiftedLeft(by count: Tensor) throws -> Tensor {
    try ShiftLeft().promoting(self, count)
  }
  /// The bits moved down, with broadcasting and promotion; signed numbers keep their sign.
  ///
  /// Integers of any type. A count below 0 or beyond the width leaves 0, of a negative number −1.
  public func shiftedRight(by count: Tensor) throws -> Tensor {
    try ShiftRight().promoting(self, count)
  }

  /// `first` where the condition holds, else `second`, with broadcasting and promotion.
  ///
  /// - Parameter condition: Of type `bool`.
  /// - Throws: `GraphError` if the condition is of another type or the shapes do not broadcast.
  public static func `where`(
    _ condition: Tensor, _ first: Tensor, _ second: Tensor
  ) throws -> Tensor {
    let dtype = first.dtype.promoted(with: second.dtype)
    return try Select()(condition, first.cast(to: dtype), second.cast(to: dtype))
  }
  /// `first` where the condition holds, else a number, which the tensor's type must hold.
  public static func `where`(
    _ condition: Tensor, _ first: Tensor, _ second: Double
  ) throws -> Tensor {
    try .where(condition, first, first.filled(with: second))
  }
  /// A number, which the tensor's type must hold, where the condition holds, else `second`.
  public static func `where`(
    _ condition: Tensor, _ first: Double, _ second: Tensor
  ) throws -> Tensor {
    try .where(condition, second.filled(with: first), second)
  }
}
