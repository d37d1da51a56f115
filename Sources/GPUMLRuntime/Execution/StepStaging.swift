import GPUMLDevice
import GPUMLGraph

/// Where a step's inputs and results lie in the host memory that copies go from and to.
struct StepStaging: Sendable {
  /// Where each input begins, if they are staged.
  let inputs: [Int]
  /// The size of each input.
  let inputBytes: [Int]
  /// Where each output begins, then the state block.
  let outputs: [Int]
  let byteCount: Int

  init(_ plan: Plan, stagesInputs: Bool) {
    var end = 0
    func place(_ byteCount: Int) -> Int {
      defer { end = roundedUp(end + byteCount, to: 64) }
      return end
    }
    inputBytes = plan.inputs.map(\.byteCount)
    inputs = inputBytes.map { place(stagesInputs ? $0 : 0) }
    outputs = plan.outputs.map { place($0.byteCount) } + [place(StepState.byteCount)]
    byteCount = end
  }
}

/// Inputs, results and kernels of one of the two steps that may be in flight.
struct StepBinding: Sendable {
  let inputs: [Buffer]
  let staging: HostBuffer
  let launches: [CommandBuffer.Launch]
  /// For each input the arguments of the launches that read it.
  private let readers: [[(kernel: Kernel, argument: Int)]]

  init(_ plan: Plan, _ memory: ExecutionMemory, _ staging: StepStaging) throws {
    let inputs = try plan.inputs.map { try memory.allocate($0.byteCount, label: $0.name) }
    self.inputs = inputs
    self.staging = try HostBuffer(byteCount: staging.byteCount)
    launches = try plan.launches.map {
      (try memory.kernel($0, inputs: inputs), $0.global, $0.local)
    }
    var readers = [[(kernel: Kernel, argument: Int)]](repeating: [], count: inputs.count)
    for (launch, bound) in zip(plan.launches, launches) {
      for (place, argument) in launch.arguments.enumerated() {
        if case .reads(let buffer) = argument,
          case .input(let input) = plan.buffers[buffer.index].place
        {
          readers[input].append((bound.kernel, place))
        }
      }
    }
    self.readers = readers
  }

  /// Lets launches read an input from other memory.
  func bind(_ buffer: Buffer, asInput place: Int) throws {
    for (kernel, argument) in readers[place] { try kernel.setArgument(argument, buffer: buffer) }
  }
}
