import GPUMLDevice
import GPUMLGraph

extension LAMBUpdate: UpdateLowering {
  package var kernel: String { "lamb" }
  package var constants: [Float] {
    [
      Float(beta1), Float(1 - beta1), Float(logarithm(beta1)), Float(beta2), Float(1 - beta2),
      Float(logarithm(beta2)), Float(epsilon), Float(weightDecay),
    ]
  }

  /// Three launches: the moments with the sums of each chunk, the ratio of each tensor, the step.
  ///
  /// A chunk belongs to one tensor, and its size is fixed, so that the result is the same on every
  /// device.
  package func lower(_ stretch: UpdateStretch, in builder: PlanBuilder) throws {
    let chunks = Chunks(stretch.parameters)
    let group = UpdateLaunch.group(in: builder)
    let instance = KernelInstance(
      file: "Optimizer/lamb",
      options: [("SCALED", stretch.scale == nil ? "0" : "1"), ("WG", "\(group)")])
    let table = try builder.reading(.constant(HostTensor(chunks.table)))
    let starts = try builder.reading(.constant(HostTensor(chunks.starts)))
    let partial = builder.scratch("sums of squares", byteCount: chunks.count * 8)
    let ratio = builder.scratch("trust ratios", byteCount: stretch.parameters.count * 4)
    let label = "of \(stretch.size.count) elements in \(stretch.parameters.count) tensors"
    func launch(_ function: String, _ groups: Int, _ arguments: [Launch.Argument]) {
      builder.launch(
        function, of: instance, label: "\(function) \(label)", arguments,
        global: WorkSize(groups * group), local: WorkSize(group))
    }
    launch(
      "lamb_moments", chunks.count,
      stretch.operands + [.reads(table), .writes(partial)] + constants.map { .float($0) })
    launch(
      "lamb_ratios", stretch.parameters.count,
      [.reads(partial), .reads(starts), .reads(builder.state()), .writes(ratio)])
    launch(
      "lamb_step", chunks.count,
      [stretch.operands[0], stretch.operands[2], stretch.operands[3], .reads(builder.state())]
        + [.reads(table), .reads(ratio)]
        + [Float(logarithm(beta1)), Float(logarithm(beta2)), Float(epsilon), Float(weightDecay)]
        .map { .float($0) })
  }
}

/// Tensors of a slab cut into chunks.
private struct Chunks {
  private static let mostElements = 16384

  /// First element, number of elements and tensor of each chunk.
  private(set) var table: [Int32] = []
  /// The first chunk of each tensor, then the number of chunks.
  private(set) var starts: [Int32] = []

  var count: Int { table.count / 3 }

  init(_ tensors: [Range<Int>]) {
    for (tensor, range) in tensors.enumerated() {
      starts.append(Int32(clamping: count))
      for first in stride(from: range.lowerBound, to: range.upperBound, by: Chunks.mostElements) {
        let size = min(Chunks.mostElements, range.upperBound - first)
        table += [first, size, tensor].map { Int32(clamping: $0) }
      }
    }
    starts.append(Int32(clamping: count))
  }
}
