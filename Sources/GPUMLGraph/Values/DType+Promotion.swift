extension DType {
  /// The type in which elements of two types are computed together.
  ///
  /// `bool` gives way to integers, integers to floating-point types. `float16` with `bfloat16`
  /// gives `float32`, because neither holds the other. Of two integer types of one signedness the
  /// wider is taken; a signed one holds an unsigned one only if it is wider, otherwise the next
  /// wider signed type is: `uint8` with `int8` gives `int32` (there is no `int16`), `uint32` with
  /// `int32` gives `int64`. The order of any number of operands does not matter.
  ///
  /// Numbers of Swift are weak: they take the tensor's type, which must hold them.
  public func promoted(with other: DType) -> DType {
    if self == other || other == .bool { return self }
    if self == .bool { return other }
    if isFloating || other.isFloating {
      if !other.isFloating { return self }
      return isFloating ? .float32 : other
    }
    let (narrow, wide) = byteCount <= other.byteCount ? (self, other) : (other, self)
    if narrow.isSigned == wide.isSigned || wide.isSigned && wide.byteCount > narrow.byteCount {
      return wide
    }
    return wide.byteCount < 4 ? .int32 : .int64
  }

  /// Whether whole numbers of this type may be negative.
  package var isSigned: Bool { self == .int8 || self == .int32 || self == .int64 }

  /// Whether a number of Swift is one of this type; floating-point types round what they are given.
  private func holds(_ value: Double) -> Bool {
    switch self {
    case .float32, .float16, .bfloat16: true
    case .int8: Int8(exactly: value) != nil
    case .uint8: UInt8(exactly: value) != nil
    case .int32: Int32(exactly: value) != nil
    case .uint32: UInt32(exactly: value) != nil
    case .int64: Int64(exactly: value) != nil
    case .bool: value == 0 || value == 1
    }
  }

  /// - Throws: `GraphError.invalidValue` unless a number of Swift is one of this type.
  package func expectHolds(
    _ value: Double, operation: String, advice: String = "cast the tensor"
  ) throws {
    guard holds(value) else {
      throw GraphError.invalidValue(
        operation: operation, reason: "\(value) is not a value of \(self); \(advice)")
    }
  }
}
