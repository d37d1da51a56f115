import Synchronization

/// A primitive with a size that depends on the values of its operand.
///
/// The shape holds a symbol of the primitive's own for that size. A run computes what the operand
/// needs, counts, gives the symbol its value, and only then plans what follows.
public protocol DataDependentPrimitive: Primitive {
  /// The symbol that stands for the size.
  var symbol: String { get }
  /// What computes the size from the operands, as an `int32` scalar.
  var counter: any Primitive { get }
}

/// A name for a size that only a run knows; no two calls give the same.
package enum FreshSymbol {
  private static let counter = Atomic<Int>(0)

  /// The name with a number, as saved graphs count them and as this process does.
  static func name(_ number: Int) -> String { "non_zero#\(number)" }

  static func next() -> String {
    name(counter.wrappingAdd(1, ordering: .relaxed).oldValue)
  }
}
