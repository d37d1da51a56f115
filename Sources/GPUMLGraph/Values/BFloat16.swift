/// A 16-bit float with the exponent of `Float` and 8 bits of precision: the high half of a `Float`.
public struct BFloat16: Sendable, Hashable {
  /// Sign, 8 exponent bits, 7 mantissa bits.
  public let bitPattern: UInt16

  /// Takes the bits as they are.
  public init(bitPattern: UInt16) { self.bitPattern = bitPattern }

  /// Rounds to nearest, ties to even; NaN stays NaN.
  public init(_ value: Float) {
    let bits = value.bitPattern
    if value.isNaN {
      bitPattern = UInt16(truncatingIfNeeded: bits >> 16) | 0x40
    } else {
      let rounding: UInt32 = 0x7FFF + ((bits >> 16) & 1)
      bitPattern = UInt16(truncatingIfNeeded: (bits &+ rounding) >> 16)
    }
  }
}

extension Float {
  /// The exact value of a `BFloat16`.
  public init(_ value: BFloat16) { self.init(bitPattern: UInt32(value.bitPattern) << 16) }
}
