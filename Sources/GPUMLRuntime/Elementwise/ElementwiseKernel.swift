import GPUMLDevice
import GPUMLGraph

/// Builds the kernel of an elementwise group from the template in `Kernels/Elementwise`.
package struct ElementwiseKernel {
  private let group: ElementwiseGroup
  private let root: Node
  private var parameters: [String] = []
  private var arguments: [Launch.Argument] = []
  private var bases: [String] = []
  private var names: [Tensor: String] = [:]
  private var repeats: Set<Tensor> = []
  private let space: IndexSpace

  private static let groupSize = 128

  /// Adds the launch that computes the group's root.
  ///
  /// - Parameter isGuarded: Writes nothing while the state's `finite` flag is down.
  package static func lower(
    _ group: ElementwiseGroup, in builder: PlanBuilder, isGuarded: Bool = false
  ) throws {
    guard let root = group.root, try builder.count(root.output()) > 0 else {
      // A launch without work-items is left out, but the tensor exists.
      if let root = group.root { _ = try builder.writing(root.output()) }
      return
    }
    try builder.lowering(group.members) {
      var kernel = try ElementwiseKernel(group, root, isGuarded, in: builder)
      try kernel.launch(in: builder)
    }
  }

  private init(
    _ group: ElementwiseGroup, _ root: Node, _ isGuarded: Bool, in builder: PlanBuilder
  ) throws {
    self.group = group
    self.root = root
    let tensors = try group.operands.filter {
      if case .tensor = try ElementwiseGroup.source(of: $0, in: builder) { true } else { false }
    }
    space = IndexSpace(
      try builder.shape(root.output()), operands: try tensors.map { try builder.shape($0) })
    for (place, tensor) in tensors.enumerated() {
      let name = "x\(place)"
      names[tensor] = name
      parameters.append(
        "const __global \(ElementCode.storageType(tensor.dtype)) *restrict \(name)")
      arguments.append(.reads(try builder.reading(tensor)))
      if space.strides[place].last == 0 { repeats.insert(tensor) }
    }
    parameters.append("__global \(ElementCode.storageType(root.outputs[0].dtype)) *restrict y")
    arguments.append(.writes(try builder.writing(root.output())))
    if group.usesRandomness || isGuarded {
      parameters.append("const __global uint *restrict state")
      arguments.append(.reads(builder.state()))
    }
    try addRows(tensors, in: builder)
    if isGuarded { bases.insert("if (state[1] == 0) return", at: 0) }
    for (place, operand) in group.operands.enumerated() {
      guard case .scalar(let value) = try ElementwiseGroup.source(of: operand, in: builder) else {
        continue
      }
      names[operand] = "c\(place)"
      parameters.append("\(value.numberType) c\(place)")
      arguments.append(value)
    }
  }

  /// The code that finds where a row of each operand begins.
  private mutating func addRows(_ tensors: [Tensor], in builder: PlanBuilder) throws {
    let axes = space.sizes.count - 1
    var code = axes > 1 ? ["int rest = row_index"] : []
    for axis in (0..<axes).reversed() where axes > 1 {
      if axis == 0 {
        code.append("int a0 = rest")
      } else {
        parameters.append("int d\(axis)")
        arguments.append(try builder.int(space.sizes[axis]))
        // No remainder: beside a division some compilers join both into what others cannot run.
        code.append(
          "int q\(axis) = rest / d\(axis); int a\(axis) = rest - q\(axis) * d\(axis); "
            + "rest = q\(axis)")
      }
    }
    if axes == 1 { code.append("int a0 = row_index") }
    for place in tensors.indices {
      var terms: [String] = []
      for axis in 0..<axes where space.strides[place][axis] != 0 {
        parameters.append("int s\(place)_\(axis)")
        arguments.append(try builder.int(space.strides[place][axis]))
        terms.append("(size_t)a\(axis) * s\(place)_\(axis)")
      }
      code.append("size_t b\(place) = \(terms.isEmpty ? "0" : terms.joined(separator: " + "))")
    }
    bases = code
  }

  private func load(_ tensor: Tensor, _ form: ElementCode.Form, _ builder: PlanBuilder) throws
    -> String
  {
    switch try ElementwiseGroup.source(of: tensor, in: builder) {
    case .literal(let value): return ElementCode.literal(value, tensor.dtype, form)
    case .scalar:
      let name = names[tensor] ?? ""
      return form == .vector
        ? "(VFLOAT)(\(name))" : "(\(ElementCode.type(tensor.dtype, form)))\(name)"
    case .tensor: break
    }
    let name = names[tensor] ?? ""
    let row = "\(name) + b\(name.dropFirst())"
    let type = ElementCode.storageType(tensor.dtype)
    if form == .vector {
      return repeats.contains(tensor)
        ? "(VFLOAT)(LOAD_\(type)(\(row), 0))" : "LOADV_\(type)(\(row) + i)"
    }
    let index = repeats.contains(tensor) ? "0" : "i"
    if tensor.dtype == .float16 || tensor.dtype == .bfloat16 {
      return "LOAD_\(type)((\(row)), \(index))"
    }
    return tensor.dtype == .bool ? "((\(row))[\(index)] != 0)" : "(\(row))[\(index)]"
  }

  private mutating func launch(in builder: PlanBuilder) throws {
    let type = ElementCode.storageType(root.outputs[0].dtype)
    let isCPU = builder.family == .cpu
    var streams: [UInt32] = []
    func statements(_ form: ElementCode.Form) throws -> (code: String, result: String) {
      try group.statements(form) { stream in
        guard isCPU else { return ElementCode.randomBits(at: "row + i", of: stream, form) }
        if !streams.contains(stream) { streams.append(stream) }
        let words = "words\(streams.firstIndex(of: stream) ?? 0)"
        return form == .vector ? "VLOAD(\(words) + place)" : "\(words)[place]"
      } load: {
        try load($0, form, builder)
      }
    }
    let scalar = try statements(.scalar)
    let store =
      root.outputs[0].dtype.isFloating
      ? "STORE_\(type)(\(scalar.result), (y + row), i);" : "y[row + i] = \(scalar.result);"
    var options = [
      ("CHAIN_PARAMS", parameters.joined(separator: ", ")),
      ("CHAIN_ROW", bases.joined(separator: "; ")), ("CHAIN_S", scalar.code + store),
    ]
    let label = group.members.map(\.primitive.name).joined(separator: " ")
    guard isCPU else {
      arguments.append(try builder.int(space.inner))
      arguments.append(try builder.int(space.outer))
      let groupSize = builder.group(ElementwiseKernel.groupSize)
      builder.launch(
        "chain", of: KernelInstance(file: "Elementwise/chain_gpu", options: options), label: label,
        arguments, global: WorkSize(roundedUp(space.inner * space.outer, to: groupSize)),
        local: WorkSize(groupSize))
      return
    }
    if group.isVectorizable {
      let vector = try statements(.vector)
      options.append(("CHAIN_V", vector.code + "STOREV_\(type)(\(vector.result), y + row + i);"))
    }
    if !streams.isEmpty {
      let draws = streams.enumerated().map { place, stream in
        "uint words\(place)[64]; draw_words(state, \(stream)u, group, words\(place));"
      }
      options.append(("CHAIN_DRAWS", draws.joined(separator: " ")))
    }
    // Work-items of about 16 K elements, whatever the device, so that few are launched.
    let block = 16384
    let innerBlock = min(
      roundedUp(space.inner, to: builder.vectorWidth),
      max(block, roundedUp(quotientUp(space.inner, 64), to: builder.vectorWidth)))
    let outerBlock = max(1, block / innerBlock)
    arguments += [
      try builder.int(space.inner), try builder.int(space.outer), try builder.int(innerBlock),
      try builder.int(outerBlock),
    ]
    builder.launch(
      "chain", of: KernelInstance(file: "Elementwise/chain_cpu", options: options), label: label,
      arguments,
      global: WorkSize(quotientUp(space.inner, innerBlock), quotientUp(space.outer, outerBlock)),
      local: WorkSize(1, 1))
  }
}
