/// A symbolic tensor: one value that a graph computes.
///
/// Building with tensors only describes the work; a session plans and runs it on a device. Tensors
/// are immutable and may be shared between tasks.
public struct Tensor: Sendable {
  package let node: Node
  package let index: Int

  package init(node: Node, index: Int = 0) {
    self.node = node
    self.index = index
  }

  /// The size of each axis.
  public var shape: [Dim] { type.shape }
  /// The element type.
  public var dtype: DType { type.dtype }
  /// The number of axes.
  public var rank: Int { shape.count }

  package var type: TensorType { node.outputs[index] }
}

extension Tensor: Hashable {
  /// Whether both are the same output of the same node.
  public static func == (left: Tensor, right: Tensor) -> Bool {
    left.node === right.node && left.index == right.index
  }

  /// Hashes the identity.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(ObjectIdentifier(node))
    hasher.combine(index)
  }
}

/// The shape and element type of a tensor.
public struct TensorType: Sendable, Hashable {
  /// The size of each axis.
  public let shape: [Dim]
  /// The element type.
  public let dtype: DType

  /// Puts both together.
  public init(_ shape: [Dim], _ dtype: DType) {
    self.shape = shape
    self.dtype = dtype
  }
}

extension Primitive {
  /// Adds a node that applies this primitive, and returns its first output.
  package func callAsFunction(_ inputs: Tensor...) throws -> Tensor {
    try Node(self, inputs).output()
  }
}
