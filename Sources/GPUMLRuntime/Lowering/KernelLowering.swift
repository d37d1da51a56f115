import GPUMLGraph

/// A primitive that has a kernel of its own.
package protocol KernelLowering: Primitive {
  /// Adds the launches that compute the node's outputs.
  func lower(_ node: Node, in builder: PlanBuilder) throws
}

/// A primitive whose kernel can finish its result with a chain of elementwise primitives.
package protocol EpilogueLowering: KernelLowering {
  /// Whether the kernel that would be chosen takes an epilogue.
  func takesEpilogue(_ node: Node, in builder: PlanBuilder) throws -> Bool
  /// Adds the launches that compute the result of the chain.
  func lower(_ node: Node, epilogue: Epilogue?, in builder: PlanBuilder) throws
}

extension EpilogueLowering {
  /// Adds the launches without a chain.
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    try lower(node, epilogue: nil, in: builder)
  }
}
