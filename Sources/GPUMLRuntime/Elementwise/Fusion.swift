import GPUMLGraph

/// Which elementwise nodes become one kernel.
package struct Fusion {
  /// The groups; empty ones were merged into others.
  package private(set) var groups: [ElementwiseGroup] = []
  private var groupByNode: [ObjectIdentifier: Int] = [:]

  /// More members or operands would spill registers on a CPU and exceed arguments on a GPU.
  private static let mostMembers = 48
  private static let mostOperands = 12

  /// Groups the nodes of a graph.
  ///
  /// A node joins the group of its consumers if they are all in one group, of the same shape as
  /// the node, and nothing else needs its result.
  package init(_ graph: Graph, in builder: PlanBuilder) throws {
    var consumers: [ObjectIdentifier: [Node]] = [:]
    for node in graph.nodes {
      for input in node.inputs { consumers[ObjectIdentifier(input.node), default: []].append(node) }
    }
    let kept = Set(
      (graph.outputs.map(\.tensor) + graph.updates.map(\.value)).map { ObjectIdentifier($0.node) })
    for node in graph.nodes.reversed() where node.primitive is any ElementwisePrimitive {
      let identity = ObjectIdentifier(node)
      let users = consumers[identity] ?? []
      let userGroups = Set(users.map { groupByNode[ObjectIdentifier($0)] })
      if !kept.contains(identity), userGroups.count == 1, let only = userGroups.first,
        let group = only, try Fusion.fits(node, groups[group], in: builder)
      {
        groups[group].members.insert(node, at: 0)
        groupByNode[identity] = group
      } else {
        groupByNode[identity] = groups.count
        groups.append(ElementwiseGroup(members: [node]))
      }
    }
  }

  private static func fits(
    _ node: Node, _ group: ElementwiseGroup, in builder: PlanBuilder
  ) throws -> Bool {
    guard let root = group.root, group.members.count < mostMembers,
      group.operands.count + node.inputs.count <= mostOperands
    else { return false }
    // Where one is disabled in a family, its neighbours may stay there and it may not.
    if try builder.family(of: [node]) != builder.family(of: [root]) { return false }
    let shape = try builder.shape(node.output())
    if shape == (try builder.shape(root.output())) { return true }
    // A single number is computed again for each element rather than in a launch of its own.
    return shape.allSatisfy { $0 == 1 } && !(node.primitive is any RandomPrimitive)
  }

  /// The group that a node belongs to.
  package func group(of node: Node) -> ElementwiseGroup? {
    groupByNode[ObjectIdentifier(node)].map { groups[$0] }
  }

  /// The product whose kernel can finish with the group as its epilogue.
  ///
  /// The last member of the group that a product feeds decides; the product's result must have the
  /// shape of the group's and no other use.
  package func epilogueHost(
    of group: ElementwiseGroup, uses: [Tensor: Int], in builder: PlanBuilder
  ) throws -> Node? {
    guard let root = group.root, group.isVectorizable else { return nil }
    let shape = try builder.shape(root.output())
    let inside = Set(group.members.map { ObjectIdentifier($0) })
    for operand in group.operands.reversed() {
      guard let host = operand.node.primitive as? any EpilogueLowering,
        try builder.shape(operand) == shape, builder.location(of: operand) == nil,
        operand.dtype.isFloating,
        try builder.family(of: [operand.node]) == builder.family(of: group.members),
        try host.takesEpilogue(operand.node, in: builder)
      else { continue }
      let usesInside = group.members.filter { inside.contains(ObjectIdentifier($0)) }
        .flatMap(\.inputs).filter { $0 == operand }.count
      if uses[operand] == usesInside { return operand.node }
    }
    return nil
  }
}
