import ArgumentParser
import GPUML

/// `gpuml bench train`
struct BenchTrain: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Measures training steps.",
    discussion: """
      A step uploads a fresh batch, runs forward, backward and Adam, and reads the loss back. \
      'mlp' is 784-512-256-10.
      """)

  @Option(help: "The network: mlp, linear or mlp:SIZE,SIZE, on 784 features.")
  var model: BenchNetwork

  @Option(help: ArgumentHelp("The examples of a step.", valueName: "n,n"))
  var batchSize: NumberList?

  @Option(help: ArgumentHelp("How long to measure.", valueName: "seconds"))
  var seconds = 2.0

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
    if output.json {
      var line = JSONLine()
      line.add("bench", "train")
      line.add("model", model.name)
      line.add("batch", size)
      line.add("device", device.name)
      line.add("median_ms", times.median * 1000)
      line.add("min_ms", times.minimum * 1000)
      line.add("samples_per_second", rate)
      line.add("peak_memory_bytes", context.pool.statistics.peak)
      try line.print()
    } else {
      try Console.standardOutput(
        "\(model.name), batch \(size): \((times.median * 1000).fixed(3)) ms a step (least "
          + "\((times.minimum * 1000).fixed(3))), \(ProgressBar.short(rate)) samples/s")
    }
  }
}
