import GPUMLDevice
import GPUMLGraph

extension MatMul: EpilogueLowering {
  package func takesEpilogue(_ node: Node, in builder: PlanBuilder) throws -> Bool {
    guard node.outputs[0].dtype.isFloating else { return false }
    // Nothing has been written yet whose size would have been checked.
    for tensor in node.inputs + [node.output()] { _ = try builder.count(tensor) }
    let sizes = try node.inputs.map { try builder.shape($0) }
    // On a CPU slices are summed by a kernel that knows no epilogue.
    return builder.family == .gpu
      || MatMulShape(self, sizes[0], sizes[1])?.slice(in: builder) == nil
  }

  package func lower(_ node: Node, epilogue: Epilogue?, in builder: PlanBuilder) throws {
    let result = epilogue?.result ?? node.output()
    let target = try builder.writing(result)
    if try builder.count(result) == 0 { return }
    var operands = node.inputs
    var sizes = try operands.map { try builder.shape($0) }
    var shape = MatMulShape(self, sizes[0], sizes[1])
    if shape == nil {
      // Axes repeat by turns in more ways than kernels count: each matrix gets a place of its own.
      let batch = node.outputs[0].shape.dropLast(2)
      operands = try operands.map { operand in
        let copy = try Expand(to: Array(batch + operand.shape.suffix(2)))(operand)
        try ElementwiseKernel.lower(ElementwiseGroup(members: [copy.node]), in: builder)
        return copy
      }
      sizes = try operands.map { try builder.shape($0) }
      shape = MatMulShape(self, sizes[0], sizes[1])
    }
    guard let shape else {
      throw RuntimeError.unsupported(primitive: name, reason: "the batch repeats in too many ways")
    }
    let buffers = try operands.map { try builder.reading($0) }
    guard node.outputs[0].dtype.isFloating else {
      try MatMulInteger(shape: shape, node: node, builder: builder)
        .launch(buffers[0], buffers[1], into: target)
      return
    }
    let kernel = MatMulKernel(
      shape: shape, operandType: ElementCode.storageType(node.inputs[0].dtype),
      resultType: ElementCode.storageType(result.dtype), epilogue: epilogue, builder: builder)
    if let slice = shape.slice(in: builder) {
      try kernel.launch(buffers[0], buffers[1], inSlicesOf: slice, to: target, as: result.dtype)
    } else {
      try kernel.launch(buffers[0], buffers[1], into: target)
    }
  }
}

/// Adds the launches of a product in the form that suits its shape.
package struct MatMulKernel {
  var shape: MatMulShape
  /// The operands' type in OpenCL C.
  let operandType: String
  /// The result's type in OpenCL C.
  var resultType: String
  var epilogue: Epilogue?
  let builder: PlanBuilder

  /// More groups along the third dimension than some devices take would be needed.
  static let mostMatrices = 32768

  var label: String {
    (shape.batch.count == 1 ? "matmul " : "matmul \(shape.batch.count)×")
      + "\(shape.rows)×\(shape.columns)×\(shape.depth)"
      + (epilogue.map { " " + $0.label } ?? "")
  }

  /// Options that differ from the kernels' defaults, and the transposes.
  func options(_ tuning: [(String, String)] = []) -> [(String, String)] {
    [
      ("TRANS_A", shape.transposesLeft ? "1" : "0"),
      ("TRANS_B", shape.transposesRight ? "1" : "0"),
    ] + storage + tuning
  }

  /// The types and whether there is a batch, where they differ from the kernels' defaults.
  var storage: [(String, String)] {
    (operandType == "float" ? [] : [("REAL", operandType)])
      + (resultType == "float" ? [] : [("RESULT", resultType)])
      + (shape.batch.isSingle ? [] : [("BATCHED", "1")])
  }

  func sizes() throws -> [Launch.Argument] {
    [
      try builder.int(shape.rows), try builder.int(shape.columns), try builder.int(shape.depth),
    ]
  }

  func strides() throws -> [Launch.Argument] {
    [
      try builder.int(shape.leftStride), try builder.int(shape.rightStride),
      try builder.int(shape.columns),
    ]
  }

  /// Adds the launches.
  package func launch(_ left: BufferID, _ right: BufferID, into target: BufferID) throws {
    let form = shape.form(in: builder, isKept: builder.keptVariables(right) != nil)
    switch (builder.family, form) {
    case (_, .vector): try launchVector(left, right, target)
    case (.cpu, .direct): try launchDirectOnCPU(left, right, target)
    case (.cpu, .tiled): try launchPacked(left, right, target)
    case (.gpu, .direct): try launchDirectOnGPU(left, right, target)
    case (.gpu, .tiled): try launchTiles(left, right, target)
    }
  }

  /// Adds a launch for each so many matrices of the batch.
  ///
  /// - Parameters:
  ///   - batch: The batch and, in elements, the distance between matrices of each operand.
  ///   - plane: The work-items along the first two dimensions, and those of a group.
  func launchBatch(
    _ function: String, _ instance: KernelInstance, _ arguments: [Launch.Argument],
    batch: MatMulBatch, steps: (left: Int, right: Int),
    plane: (global: (Int, Int), local: (Int, Int))
  ) throws {
    let tail = epilogue?.arguments ?? []
    let (global, local) = plane
    if batch.isSingle {
      builder.launch(
        function, of: instance, label: label, arguments + tail,
        global: WorkSize(global.0, global.1), local: WorkSize(local.0, local.1))
      return
    }
    for start in stride(from: batch.first, to: batch.end, by: MatMulKernel.mostMatrices) {
      let count = min(MatMulKernel.mostMatrices, batch.end - start)
      builder.launch(
        function, of: instance, label: label,
        arguments + (try batch.arguments(first: start, steps: steps, in: builder)) + tail,
        global: WorkSize(global.0, global.1, count), local: WorkSize(local.0, local.1, 1))
    }
  }
}
