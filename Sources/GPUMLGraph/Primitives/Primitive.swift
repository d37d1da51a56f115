/// An operation of the graph: what it is called, its shape rule and its gradient.
///
/// What it computes is written down as its float64 meaning in the reference module; how a device
/// computes it, as its lowering in the runtime module. Both extend the type there, so that a new
/// primitive is a matter of new files and a line in `PrimitiveRegistry`.
public protocol Primitive: Sendable {
  /// The name in saved graphs; it never changes.
  static var name: String { get }
  /// What it computes, in a few words for the table of primitives.
  static var summary: String { get }
  /// The element types that the first operand may have; of a source, those of its result.
  static var dtypes: [DType] { get }
  /// Whether gradients exist, or why not.
  static var differentiability: Differentiability { get }
  /// What a saved graph keeps besides the operands.
  var attributes: Attributes { get }
  /// Restores a primitive from a saved graph.
  ///
  /// - Throws: `GraphError.malformed` if an attribute is missing or out of range.
  init(_ attributes: Attributes) throws
  /// The shape rule: the types of the outputs.
  ///
  /// - Throws: `GraphError` if the operands do not fit.
  func outputTypes(_ inputs: [TensorType]) throws -> [TensorType]
  /// The vector-Jacobian product: for each input the gradient of the loss, nil where there is none.
  func gradient(_ step: BackwardStep) throws -> [Tensor?]
}

/// Whether a primitive has a gradient.
public enum Differentiability: Sendable, Equatable {
  /// Gradients flow to the floating-point inputs.
  case differentiable
  /// The gradient is zero wherever there is one: nothing flows to the inputs.
  case zero
  /// No gradient, and why.
  case none(reason: String)
}

/// What a primitive's gradient is built from.
public struct BackwardStep: Sendable {
  /// The operands of the forward step.
  public let inputs: [Tensor]
  /// What the forward step computed.
  public let outputs: [Tensor]
  /// The gradient of the loss with respect to each output; nil where it is zero.
  public let upstream: [Tensor?]

  /// The gradient with respect to the first output; nil where it is zero.
  public var gradient: Tensor? { upstream.first ?? nil }
}

extension Primitive {
  /// The name in saved graphs.
  public var name: String { Self.name }

  /// No gradient.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    step.inputs.map { _ in nil }
  }

  /// Checks the number of operands.
  package func expect(_ count: Int, _ inputs: [TensorType]) throws {
    guard inputs.count == count else {
      throw GraphError.invalidValue(
        operation: name, reason: "takes \(count) operands, not \(inputs.count)")
    }
  }

  /// Checks that an operand, usually the first, has one of the types that the primitive takes.
  package func expectDType(_ type: TensorType) throws {
    guard Self.dtypes.contains(type.dtype) else {
      throw GraphError.unsupportedDType(operation: name, dtype: type.dtype)
    }
  }

  package func expectFloating(_ type: TensorType) throws {
    guard type.dtype.isFloating else {
      throw GraphError.unsupportedDType(operation: name, dtype: type.dtype)
    }
  }

  package func mismatch(_ inputs: [TensorType], _ reason: String) -> GraphError {
    .shapeMismatch(operation: name, shapes: inputs.map(\.shape.text), reason: reason)
  }
}
