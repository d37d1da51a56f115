// Comparisons broadcast, promote both operands to one type and give `bool`. With NaN all are false
// but `isNotEqual`.

extension Tensor {
  /// Whether each element is less than the other's; any type but `bool`.
  public func isLess(_ other: Tensor) throws -> Tensor { try LessThan().promoting(self, other) }
  /// Whether each element is less than a number, which the tensor's type must hold.
  public func isLess(_ other: Double) throws -> Tensor { try isLess(filled(with: other)) }
  /// Whether each element is at most the other's; any type but `bool`.
  public func isAtMost(_ other: Tensor) throws -> Tensor {
    try LessOrEqual().promoting(self, other)
  }
  /// Whether each element is at most a number, which the tensor's type must hold.
  public func isAtMost(_ other: Double) throws -> Tensor { try isAtMost(filled(with: other)) }
  /// Whether each element is greater than the other's; any type but `bool`.
  public func isGreater(_ other: Tensor) throws -> Tensor { try other.isLess(self) }
  /// Whether each element is greater than a number, which the tensor's type must hold.
  public func isGreater(_ other: Double) throws -> Tensor { try isGreater(filled(with: other)) }
  /// Whether each element is at least the other's; any type but `bool`.
  public func isAtLeast(_ other: Tensor) throws -> Tensor { try other.isAtMost(self) }
  /// Whether each element is at least a number, which the tensor's type must hold.
  public func isAtLeast(_ other: Double) throws -> Tensor { try isAtLeast(filled(with: other)) }
  /// Whether each element equals the other's; NaN equals nothing.
  public func isEqual(_ other: Tensor) throws -> Tensor { try EqualTo().promoting(self, other) }
  /// Whether each element equals a number, which the tensor's type must hold.
  public func isEqual(_ other: Double) throws -> Tensor { try isEqual(filled(with: other)) }
  /// Whether each element differs from the other's; NaN differs from everything.
  public func isNotEqual(_ other: Tensor) throws -> Tensor {
    try NotEqual().promoting(self, other)
  }
  /// Whether each element differs from a number, which the tensor's type must hold.
  public func isNotEqual(_ other: Double) throws -> Tensor {
    try isNotEqual(filled(with: other))
  }
}
