import GPUMLGraph

/// A buffer of a plan by number.
package struct BufferID: Sendable, Hashable {
  package let index: Int
}

/// A piece of memory that launches read and write.
package struct PlanBuffer: Sendable {
  /// Where the memory comes from.
  package enum Place: Sendable, Hashable {
    /// The plan's arena; lives as long as launches need it.
    case arena
    /// The numbered input of the graph, written before each run.
    case input(Int)
    /// Constant contents, written once.
    case constant(Int)
    /// A stretch of a slab of variables.
    case variables(SlabRange)
    /// A stretch of the gradients of a slab of parameters.
    case gradients(SlabRange)
    /// The state block.
    case state
    /// What is made of variables alone, and made again only when they have changed.
    case prepared(Preparation)
  }

  package let label: String
  package let byteCount: Int
  package let place: Place
}

/// How something is made of a stretch of variables; plans that make it alike share it.
package struct Preparation: Sendable, Hashable {
  package let source: SlabRange
  package let function: String
  package let instance: KernelInstance
  /// The sizes that the kernel is given, and the number of its work-items.
  package let numbers: [Int32]
}

/// A stretch of a slab, in bytes.
package struct SlabRange: Sendable, Hashable {
  package let slab: Int
  package let offset: Int
  package let byteCount: Int
}
