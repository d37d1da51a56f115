import ArgumentParser
import GPUML
import GPUMLSystem

/// `gpuml bench train`
struct BenchTrain: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Measures training steps.",
    discussion: """
      A step uploads a fresh batch, runs forward, backward and Adam, and reads the loss back. \
      'mlp' is 784-512-256-10. Host time is what a step keeps the calling thread computing, without \
      waits; device memory is the arena, the variables, the gradients, inputs and outputs.
      """)

  @Option(help: "The network: mlp, linear or mlp:SIZE,SIZE, on 784 features.")
  var model: BenchNetwork

  @Option(help: ArgumentHelp("The examples of a step.", valueName: "n,n"))
  var batchSize: NumberList?

  @Option(help: ArgumentHelp("How long to measure.", valueName: "seconds"))
  var seconds = 2.0

  private static let hostTimeSteps = 100

  @OptionGroup(title: "Device") var device: DeviceOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func execute() async throws {
    let choice = try device.choose(.training)
    output.warn(choice.warning)
    output.note(choice.reason)
    let context = try device.open(choice, output)
    for size in batchSize?.numbers ?? [model.defaultBatchSize] {
      try await measure(size, choice.device, context)
    }
  }

  private func measure(_ size: Int, _ device: Device, _ context: DeviceContext) async throws {
    context.pool.resetPeak()
    let step = try model.step()
    let store = try VariableStore(context, variables: step.variables, seed: 0)
    try store.setLearningRate(1e-3)
    let session = try Session(step.training, store: store)
    let inputs = try model.batches(size: size, count: 8).map { try step.inputs($0) }
    var next = 0
    let times = try await MeasuredTimes(seconds: seconds) {
      _ = try await session.run(inputs[next % inputs.count])
      next += 1
    }
    let rate = Double(size) / times.median
    // On an in-thread device the calling thread computes the step itself.
    let steps = device.isInThread ? 0 : BenchTrain.hostTimeSteps
    let host = try await HostTime(session, (0..<steps).map { inputs[$0 % inputs.count] })
    let memory = try session.plan(["batch": size]).memory
    let peak = (device: context.pool.statistics.peak, host: ProcessUsage.peakResidentBytes)
    if output.json {
      var line = JSONLine()
      line.add("bench", "train")
      line.add("model", model.name)
      line.add("batch", size)
      line.add("device", device.name)
      line.add("median_ms", times.median * 1000)
      line.add("min_ms", times.minimum * 1000)
      line.add("samples_per_second", rate)
      if let host = host.median { line.add("host_us", host * 1e6) }
      line.add("peak_memory_bytes", peak.device)
      line.add("arena_bytes", memory.byteCount)
      line.add("live_peak_bytes", memory.peakLiveBytes)
      line.add("peak_resident_bytes", peak.host)
      line.add("replayed", session.isReplayed(["batch": size]))
      try line.print()
    } else {
      try Console.standardOutput(
        "\(model.name), batch \(size): \((times.median * 1000).fixed(3)) ms a step (least "
          + "\((times.minimum * 1000).fixed(3))), \(ProgressBar.short(rate)) samples/s")
      let hostTime = host.median.map { "\(($0 * 1e6).fixed(0)) µs of host time, " } ?? ""
      try Console.standardOutput(
        "  \(hostTime)\(ByteCount.text(peak.device)) of device memory (arena "
          + "\(ByteCount.text(memory.byteCount)), of which \(ByteCount.text(memory.peakLiveBytes)) "
          + "live at one time), process \(ByteCount.text(peak.host))")
    }
  }
}
