import GPUMLDevice
import GPUMLGraph

extension GradientNorm: KernelLowering {
  /// One launch for each run of gradients that lie side by side, and a small one over their sums.
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    let isCPU = builder.family == .cpu
    let (chunk, group) = isCPU ? (32768, 1) : (16384, builder.group(256))
    let instance = KernelInstance(
      file: "Optimizer/norm", options: [("CHUNK", "\(chunk)"), ("WG", "\(group)")])
    let target = try builder.writing(node.output())
    let runs = try runs(of: node.inputs, in: builder)
    let counts = runs.map { quotientUp($0.count, chunk) }
    let total = counts.reduce(0, +)
    let partial = builder.scratch("sums of squares", byteCount: max(total, 1) * 4)
    var first = 0
    for (run, chunks) in zip(runs, counts) {
      builder.launch(
        "squares", of: instance, label: "squares of \(run.count) elements",
        [
          .reads(run.buffer), .writes(partial), try builder.int(run.count),
          try builder.int(first),
        ], global: WorkSize(chunks * group), local: WorkSize(group))
      first += chunks
    }
    builder.launch(
      "norm", of: instance, label: "norm of \(total) sums",
      [.reads(partial), .reads(builder.state()), .writes(target), try builder.int(total)],
      global: WorkSize(group), local: WorkSize(group))
  }

  /// The operands, those that are neighbours within a slab of gradients joined: what lies between
  /// them is padding, which is zero.
  private func runs(
    of gradients: [Tensor], in builder: PlanBuilder
  ) throws -> [(buffer: BufferID, count: Int)] {
    let size = MemoryLayout<Float>.size
    var runs: [(place: PlanBuffer.Place, buffer: BufferID, count: Int)] = []
    for gradient in gradients {
      let count = try builder.count(gradient)
      if count == 0 { continue }
      let buffer = try builder.reading(gradient)
      let place = builder.buffers[buffer.index].place
      if case .gradients(let next) = place, case .gradients(let last)? = runs.last?.place,
        next.slab == last.slab,
        next.offset == roundedUp(last.offset + last.byteCount, to: builder.alignment)
      {
        let joined = SlabRange(
          slab: last.slab, offset: last.offset,
          byteCount: next.offset + next.byteCount - last.offset)
        let all = builder.add(
          "gradients", byteCount: joined.byteCount, place: .gradients(joined))
        runs[runs.count - 1] = (.gradients(joined), all, joined.byteCount / size)
      } else {
        runs.append((place, buffer, count))
      }
    }
    return runs.map { ($0.buffer, $0.count) }
  }
}
