import GPUMLGraph

extension ElementCode {
  /// The OpenCL C type in which elements of a dtype are compared, joined and accumulated.
  package static func comparedType(_ dtype: DType) -> String {
    switch dtype {
    case .float32, .float16, .bfloat16: "float"
    case .int8, .uint8, .int32, .bool: "int"
    case .uint32: "uint"
    case .int64: "long"
    }
  }
}

extension PlanBuilder {
  /// How much of the device a work-group may take.
  var groupLimits: WorkGroupLimits { WorkGroupLimits(device).capped(at: options.mostGroupItems) }

  /// The work-group of a GPU's kernel along one dimension: what is wanted, a power of two, or what the
  /// device takes.
  func group(_ wanted: Int) -> Int { groupLimits.group(wanted) }

  /// The same along two dimensions; where it does not fit, it becomes less high first.
  func group(across: Int, down: Int) -> (Int, Int) {
    let items = group(across * down)
    let width = min(across, items)
    return (width, items / width)
  }

  /// How long lines may be before they are cut where there are few of them: one work-item, or one
  /// work-group, would be busy with each. A constant, so that results are the same on every device.
  package var longestLine: Int { options.cutsShortLines ? 64 : 16384 }

  /// The sizes of a tensor around one axis.
  package func lines(
    of tensor: Tensor, along axis: Int
  ) throws -> (outer: Int, length: Int, inner: Int) {
    let shape = try shape(tensor)
    return (shape[..<axis].reduce(1, *), shape[axis], shape[(axis + 1)...].reduce(1, *))
  }

  /// Memory for intermediate results of an OpenCL C type.
  package func scratch(_ label: String, count: Int, _ type: String) throws -> BufferID {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: type == "long" ? 8 : 4)
    if overflow { throw RuntimeError.tooLarge(tensor: label, elements: count) }
    return scratch(label, byteCount: bytes)
  }

  /// Adds a launch that sets all elements of a buffer to a number, or to the nearest that the type has.
  package func fill(_ target: BufferID, _ type: TensorType, with value: Double) throws {
    let number = try Tensor.constant(HostTensor(doubles: [value], shape: [], dtype: type.dtype))
    let filled = try Expand(to: type.shape.isEmpty ? [1] : type.shape)(number)
    place(filled, at: target)
    try ElementwiseKernel.lower(ElementwiseGroup(members: [filled.node]), in: self)
  }
}
