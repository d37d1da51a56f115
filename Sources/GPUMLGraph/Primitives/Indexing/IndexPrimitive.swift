/// A primitive that finds places along one axis by indices, its last operand.
///
/// Indices are `int32` or `int64`. A negative one counts from the end: −1 is the last place. One
/// that names no place even so is out of range; nothing outside a tensor is read or written.
public protocol IndexPrimitive: Primitive {
  /// The axis along which indices name places.
  var axis: Int { get }
}

/// An index primitive that reads at the places.
package protocol GatherPrimitive: IndexPrimitive {
  /// Whether an index out of range gives 0 even where NaN could tell of it.
  var fillsZero: Bool { get }
  /// Takes both as they are.
  init(axis: Int, fillsZero: Bool)
}

/// An index primitive that makes an axis of its own.
public protocol ScatterPrimitive: IndexPrimitive {
  /// The size of the axis that it makes.
  var size: Dim { get }
  /// Puts both together.
  init(axis: Int, size: Dim)
}

extension IndexPrimitive {
  package func expectIndices(_ type: TensorType) throws {
    guard type.dtype == .int32 || type.dtype == .int64 else {
      throw GraphError.unsupportedDType(operation: "\(name) indices", dtype: type.dtype)
    }
  }

  package func expectAxis(_ inputs: [TensorType]) throws {
    guard axis >= 0, axis < inputs[0].shape.count else {
      throw mismatch(inputs, "there is no axis \(axis)")
    }
  }

  /// Checks that values and indices have the same sizes, the axis possibly excepted.
  package func expectAlike(_ inputs: [TensorType], exceptAxis: Bool) throws {
    let (values, indices) = (inputs[0].shape, inputs[1].shape)
    let fits =
      values.count == indices.count
      && values.indices.allSatisfy { exceptAxis && $0 == axis || values[$0] == indices[$0] }
    guard fits else {
      throw mismatch(
        inputs, "the indices need the sizes of the values\(exceptAxis ? " but at the axis" : "")")
    }
  }
}

extension GatherPrimitive {
  /// Reads along an axis; an index out of range gives NaN where there is one.
  package init(axis: Int) { self.init(axis: axis, fillsZero: false) }

  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws {
    self.init(axis: try attributes.int("axis"), fillsZero: try attributes.bool("fills_zero"))
  }

  /// The axis and what fills.
  public var attributes: Attributes {
    Attributes(["axis": .int(axis), "fills_zero": .bool(fillsZero)])
  }
}

extension ScatterPrimitive {
  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws {
    self.init(axis: try attributes.int("axis"), size: try attributes.dim("size"))
  }

  /// The axis and its size.
  public var attributes: Attributes { Attributes(["axis": .int(axis), "size": .dims([size])]) }

  package func expectSize(_ inputs: [TensorType]) throws {
    guard (size.constant ?? 0) >= 0 else { throw mismatch(inputs, "the size \(size) is negative") }
  }
}
