import GPUMLDevice
import GPUMLGraph

/// Collects the buffers and launches of a plan while primitives lower themselves.
package final class PlanBuilder {
  /// The family of what is being lowered.
  package private(set) var family: KernelFamily
  /// The vector width of that family's kernels.
  package var vectorWidth: Int { kernels.vectorWidth(of: family) }
  package let symbols: [String: Int]
  package let options: PlanOptions
  /// Of each tensor within a slab, in bytes.
  package let alignment: Int
  package private(set) var buffers: [PlanBuffer] = []
  package private(set) var launches: [Launch] = []
  package private(set) var constants: [HostTensor] = []
  private var locations: [Tensor: BufferID] = [:]
  private var stateBuffer: BufferID?
  /// Launches that write what is prepared, to be run before the others where variables have changed.
  package private(set) var preparations: [Launch] = []
  /// Whether the plan leaves the variables as they are.
  private let keepsVariables: Bool
  private let choice: KernelChoice
  private let kernels: KernelLibrary
  /// What runs the plan.
  package var device: Device { kernels.device }

  package init(
    _ choice: KernelChoice, kernels: KernelLibrary, symbols: [String: Int], options: PlanOptions,
    alignment: Int = 1, keepsVariables: Bool = false
  ) {
    self.choice = choice
    self.kernels = kernels
    family = choice.standard
    self.symbols = symbols
    self.options = options
    self.alignment = alignment
    self.keepsVariables = keepsVariables
  }

  /// The family that computes some nodes together.
  ///
  /// - Throws: `RuntimeError.disabled` if neither family's kernels are fit for use.
  package func family(of nodes: [Node]) throws -> KernelFamily {
    try choice.family(of: nodes.map(\.primitive.name))
  }

  /// Lowers some nodes, which one launch computes, with the family that is fit for them.
  ///
  /// - Throws: `RuntimeError.disabled` if there is none.
  package func lowering<Result>(_ nodes: [Node], _ body: () throws -> Result) throws -> Result {
    let outer = family
    family = try family(of: nodes)
    defer { family = outer }
    return try body()
  }

  /// Whether packed kernels of a primitive may be used.
  package func allowsPacking(_ primitive: String) -> Bool {
    choice.allows(.packed, of: primitive, family)
  }

  /// Whether matrix units may be used for a primitive.
  package func allowsMatrixUnits(_ primitive: String) -> Bool {
    choice.allows(.matrix, of: primitive, family)
  }

  /// Whether the device has matrix units for such operands, and its context permits them; tried the
  /// first time.
  func offersMatrixUnits(for operand: MatrixOperand) -> Bool {
    kernels.context.matrixUnits.permits(operand) && MatrixProbe(operand, kernels).offers()
  }

  /// The sizes of a tensor.
  package func shape(_ tensor: Tensor) throws -> [Int] {
    try tensor.shape.map { try $0.value(symbols) }
  }

  /// The most elements of a tensor that kernels can address.
  ///
  /// They count in 32 bits up to the end of a work-item's share, which may lie beyond the end of the
  /// tensor: by up to 2²⁵ elements, because few work-items share the largest ones.
  package static let mostElements = 1 << 31 - 1 << 26

  /// The number of elements of a tensor.
  ///
  /// - Throws: `RuntimeError.tooLarge` beyond what kernels can address.
  package func count(_ tensor: Tensor) throws -> Int {
    let shape = try shape(tensor)
    guard let count = HostTensor.elementCount(of: shape), count <= PlanBuilder.mostElements else {
      throw RuntimeError.tooLarge(
        tensor: "\(tensor.node.primitive.name) \(shape)",
        elements: HostTensor.elementCount(of: shape) ?? Int.max)
    }
    return count
  }

  /// Adds a buffer.
  package func add(_ label: String, byteCount: Int, place: PlanBuffer.Place) -> BufferID {
    buffers.append(PlanBuffer(label: label, byteCount: byteCount, place: place))
    return BufferID(index: buffers.count - 1)
  }

  /// Memory for a launch's intermediate results.
  package func scratch(_ label: String, byteCount: Int) -> BufferID {
    add(label, byteCount: byteCount, place: .arena)
  }

  /// Says where a tensor lies.
  package func place(_ tensor: Tensor, at buffer: BufferID) { locations[tensor] = buffer }

  /// Where a tensor lies, if that is known already.
  package func location(of tensor: Tensor) -> BufferID? { locations[tensor] }

  /// Where to read a tensor.
  ///
  /// - Throws: `RuntimeError.unsupported` if nothing has computed it; `RuntimeError.tooLarge` for a
  ///   constant beyond what kernels can address.
  package func reading(_ tensor: Tensor) throws -> BufferID {
    if let buffer = locations[tensor] { return buffer }
    if let constant = tensor.node.primitive as? Constant {
      _ = try count(tensor)
      constants.append(constant.value)
      let buffer = add(
        "constant", byteCount: constant.value.count * constant.value.dtype.byteCount,
        place: .constant(constants.count - 1))
      locations[tensor] = buffer
      return buffer
    }
    throw RuntimeError.unsupported(
      primitive: tensor.node.primitive.name, reason: "its result is used but never computed")
  }

  /// Where to write a tensor: where it was placed, or else in the arena.
  package func writing(_ tensor: Tensor) throws -> BufferID {
    if let buffer = locations[tensor] { return buffer }
    let buffer = add(
      tensor.node.primitive.name, byteCount: try count(tensor) * tensor.dtype.byteCount,
      place: .arena)
    locations[tensor] = buffer
    return buffer
  }

  /// The state block.
  package func state() -> BufferID {
    if let stateBuffer { return stateBuffer }
    let buffer = add("state", byteCount: StepState.byteCount, place: .state)
    stateBuffer = buffer
    return buffer
  }

  /// Adds a launch; one without work-items is left out.
  package func launch(
    _ function: String, of instance: KernelInstance, label: String,
    _ arguments: [Launch.Argument], global: WorkSize, local: WorkSize? = nil
  ) {
    if global.isEmpty { return }
    var instance = instance
    if vectorWidth != kernels.vectorWidth { instance.vectorWidth = vectorWidth }
    launches.append(
      Launch(
        label: label, function: function, instance: instance, arguments: arguments, global: global,
        local: local))
  }

  /// The stretch of variables that a buffer is, if the plan never changes it.
  package func keptVariables(_ buffer: BufferID) -> SlabRange? {
    guard keepsVariables, case .variables(let range) = buffers[buffer.index].place else {
      return nil
    }
    return range
  }

  /// Adds a launch that makes something of variables alone, once for each of their values.
  ///
  /// - Parameter arguments: The kernel's arguments, of the buffer that it writes.
  /// - Returns: That buffer.
  package func prepare(
    _ label: String, byteCount: Int, from source: SlabRange, by function: String,
    of instance: KernelInstance, items: Int, _ arguments: (BufferID) -> [Launch.Argument]
  ) throws -> BufferID {
    var instance = instance
    if vectorWidth != kernels.vectorWidth { instance.vectorWidth = vectorWidth }
    let own = BufferID(index: buffers.count)
    let numbers = (arguments(own) + [try int(items)]).compactMap { argument -> Int32? in
      if case .int(let value) = argument { value } else { nil }
    }
    let preparation = Preparation(
      source: source, function: function, instance: instance, numbers: numbers)
    let place = PlanBuffer.Place.prepared(preparation)
    if let known = buffers.firstIndex(where: { $0.place == place }) {
      return BufferID(index: known)
    }
    let buffer = add(label, byteCount: byteCount, place: place)
    preparations.append(
      Launch(
        label: label, function: function, instance: instance, arguments: arguments(buffer),
        global: WorkSize(items), local: WorkSize(1)))
    return buffer
  }

  /// A size as a kernel's argument.
  ///
  /// - Throws: `RuntimeError.tooLarge` beyond 32 bits.
  package func int(_ value: Int) throws -> Launch.Argument {
    guard let value = Int32(exactly: value) else {
      throw RuntimeError.tooLarge(tensor: "a kernel's argument", elements: value)
    }
    return .int(value)
  }
}

/// `value` rounded up to a multiple of `step`.
package func roundedUp(_ value: Int, to step: Int) -> Int { (value + step - 1) / step * step }

/// The quotient rounded up.
package func quotientUp(_ value: Int, _ divisor: Int) -> Int { (value + divisor - 1) / divisor }
