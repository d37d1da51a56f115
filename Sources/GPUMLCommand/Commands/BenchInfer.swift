import ArgumentParser
import GPUML

/// `gpuml bench infer`
struct BenchInfer: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "infer",
    abstract: "Measures predictions, from host array to host array.",
    discussion: "'mlp' is 784-512-256-10.")

  @Option(help: "A network (mlp, linear, mlp:SIZE,SIZE, on 784 features), a run or a model's file.")
  var model: String

  @Option(help: ArgumentHelp("How many examples are run at a time.", valueName: "n,n"))
  var batchSize = NumberList(numbers: [1, 64])

  @Option(help: ArgumentHelp("How long each batch size is measured.", valueName: "seconds"))
  var seconds = 1.0

  @OptionGroup(title: "Device") var device: DeviceOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func execute() async throws {
    let network = BenchNetwork(argument: model)
    let content = try network == nil ? ModelContent(path: model) : nil
    // The small ones first: they want a device that PoCL shows only if it is asked in time.
    let small = try batchSize.numbers.filter { try device.isSmall($0) }
    let large = try batchSize.numbers.filter { try !device.isSmall($0) }
    for (sizes, isSmall) in [(small, true), (large, false)] where !sizes.isEmpty {
      let choice = try device.chooseForInference(isSmall: isSmall)
      output.warn(choice.warning)
      output.note(choice.reason)
      try await measure(sizes, network, content, choice)
    }
  }

  /// Measures batch sizes on a device.
  private func measure(
    _ sizes: [Int], _ network: BenchNetwork?, _ content: ModelContent?, _ choice: DeviceChoice
  ) async throws {
    let context = try device.open(choice, output)
    if let content {
      let loaded = try await Model(content, context: context)
      let width = loaded.featureShape.reduce(1, *)
      try await measure(sizes, choice.device) { size in
        let values = [Float](repeating: 0.5, count: size * width)
        let input = try HostTensor(values, shape: [size] + loaded.featureShape)
        return { _ = try await loaded.predict(input) }
      }
    } else if let network {
      let step = try network.step()
      let store = try VariableStore(context, variables: step.weights, seed: 0)
      let session = try Session(step.prediction, store: store)
      try await measure(sizes, choice.device) { size in
        let input = try network.batches(size: size, count: 1)[0].inputs
        return { _ = try await session.run([TrainStep.inputName: input]) }
      }
    }
  }

  /// Measures what `work` gives for each batch size.
  private func measure(
    _ sizes: [Int], _ device: Device, work: (Int) throws -> (() async throws -> Void)
  ) async throws {
    for size in sizes {
      let times = try await MeasuredTimes(seconds: seconds, work(size))
      let rate = Double(size) / times.median
      if output.json {
        var line = JSONLine()
        line.add("bench", "infer")
        line.add("model", model)
        line.add("batch", size)
        line.add("device", device.name)
        line.add("median_us", times.median * 1e6)
        line.add("p99_us", times.p99 * 1e6)
        line.add("samples_per_second", rate)
        try line.print()
      } else {
        try Console.standardOutput(
          "\(model), batch \(size): \((times.median * 1e6).fixed(1)) µs (99% within "
            + "\((times.p99 * 1e6).fixed(1))), \(ProgressBar.short(rate)) samples/s")
      }
    }
  }
}
