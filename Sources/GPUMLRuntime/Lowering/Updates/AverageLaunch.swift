import GPUMLDevice
import GPUMLGraph

extension EMAUpdate: UpdateLowering {
  package var kernel: String { "ema" }
  package var constants: [Float] { [Float(decay), Float(1 - decay)] }
}

/// Adds the launches of moving averages, which read what the variables have become.
package struct AverageLaunch {
  private let primitive: EMAUpdate
  private let layout: VariableLayout
  private let shadows: [Tensor]
  private let followed: [Tensor]

  /// - Throws: `RuntimeError.unsupported` if an average follows what is not the next value of a
  ///   variable.
  package init(_ node: Node, _ graph: Graph, layout: VariableLayout) throws {
    guard let primitive = node.primitive as? EMAUpdate else {
      throw RuntimeError.unsupported(primitive: node.primitive.name, reason: "is no average")
    }
    self.primitive = primitive
    self.layout = layout
    let next = Dictionary(
      graph.updates.map { ($0.value, $0.variable) }, uniquingKeysWith: { first, _ in first })
    let count = node.inputs.count / 2
    shadows = Array(node.inputs[..<count])
    followed = try node.inputs[count...].map { value in
      guard let variable = next[value] else {
        throw RuntimeError.unsupported(
          primitive: EMAUpdate.name, reason: "it follows what no variable becomes")
      }
      return variable.tensor
    }
  }

  /// Adds a launch for each stretch of shadows and variables that lie side by side.
  package func lower(in builder: PlanBuilder) throws {
    let instance = KernelInstance(
      file: "Optimizer/\(primitive.kernel)", options: UpdateLaunch.options(in: builder))
    for stretch in try layout.stretches([shadows, followed, followed]) {
      let size = UpdateSize(byteCount: stretch[0].byteCount, in: builder)
      func slab(_ range: SlabRange) -> BufferID {
        builder.add("variables", byteCount: range.byteCount, place: .variables(range))
      }
      builder.launch(
        primitive.kernel, of: instance, label: "\(primitive.name) of \(size.count) elements",
        [.writes(slab(stretch[0])), .reads(slab(stretch[1])), .reads(builder.state())]
          + [try builder.int(size.count)] + primitive.constants.map { .float($0) },
        global: size.global, local: size.local)
    }
  }
}
