import GPUMLGraph

/// A primitive of the bits of two whole numbers, or of two truth values.
package protocol ReferenceBitwise: ReferenceBinary {
  /// The meaning for 64 bits; truth values are 0 and 1.
  static func bits(_ left: Int64, _ right: Int64) -> Int64
}

extension ReferenceBitwise {
  /// Serves truth values.
  package static func real(_ left: Double, _ right: Double) -> Double {
    Double(bits(left == 0 ? 0 : 1, right == 0 ? 0 : 1))
  }
  /// Serves whole numbers.
  package static func integer(_ left: Int64, _ right: Int64) -> Int64? { bits(left, right) }
}

extension BitwiseAnd: ReferenceBitwise {
  /// The bits that both have.
  package static func bits(_ left: Int64, _ right: Int64) -> Int64 { left & right }
}

extension BitwiseOr: ReferenceBitwise {
  /// The bits that either has.
  package static func bits(_ left: Int64, _ right: Int64) -> Int64 { left | right }
}

extension BitwiseXor: ReferenceBitwise {
  /// The bits that one has.
  package static func bits(_ left: Int64, _ right: Int64) -> Int64 { left ^ right }
}

extension BitwiseNot: ReferenceUnary {
  /// The opposite of a truth value.
  package func real(_ x: Double) -> Double { x == 0 ? 1 : 0 }
  /// The bits inverted.
  package func integer(_ x: Int64) -> Int64? { ~x }
}

extension ShiftLeft: ReferenceBitwise {
  /// The bits moved up; those beyond the type's width are cut off afterwards.
  package static func bits(_ left: Int64, _ right: Int64) -> Int64 { right < 0 ? 0 : left << right }
}

extension ShiftRight: ReferenceBitwise {
  /// The bits moved down; nothing but the sign for a negative count.
  package static func bits(_ left: Int64, _ right: Int64) -> Int64 {
    left >> (right < 0 ? 63 : right)
  }
}
