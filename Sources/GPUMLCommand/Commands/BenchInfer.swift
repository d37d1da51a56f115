import ArgumentParser
import GPUML

/// `gpuml bench infer`
struct BenchInfer: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "infer",
    abstract: "Measures predictions, from host array to host array.",
    discussion: """
      'mlp' is 784-512-256-10. Without --device each batch is measured on every device first, unless \
      it was before; the fastest is used, by 'gpuml infer' as well.
      """)

  @Option(help: "A network (mlp, linear, mlp:SIZE,SIZE, on 784 features), a run or a model's file.")
  var model: String

  @Option(help: ArgumentHelp("How many examples are run at a time.", valueName: "n,n"))
  var batchSize = NumberList(numbers: [1, 64])

  @Option(help: ArgumentHelp("How long each batch size is measured.", valueName: "seconds"))
  var seconds = 1.0

  @OptionGroup(title: "Device") var device: DeviceOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func execute() async throws {
    let subject = try BenchedModel(model)
    var contexts: [String: DeviceContext] = [:]
    for size in batchSize.numbers {
      let choice =
        try await device.measureForInference(subject.graph, batch: size) {
          try await subject.predictions(of: size, on: $0)
        } ?? device.chooseForInference(subject.graph, batch: size)
      output.warn(choice.warning)
      output.note(choice.reason)
      let context = try contexts[choice.device.openCLLabel] ?? device.open(choice, output)
      contexts[choice.device.openCLLabel] = context
      let predict = try await subject.predictions(of: size, on: context)
      try report(try await MeasuredTimes(seconds: seconds, predict), size, choice)
    }
  }

  private func report(_ times: MeasuredTimes, _ size: Int, _ choice: DeviceChoice) throws {
    let rate = Double(size) / times.median
    guard output.json else {
      return try Console.standardOutput(
        "\(model), batch \(size): \((times.median * 1e6).fixed(1)) µs (99% within "
          + "\((times.p99 * 1e6).fixed(1))), \(ProgressBar.short(rate)) samples/s")
    }
    var line = JSONLine()
    line.add("bench", "infer")
    line.add("model", model)
    line.add("batch", size)
    line.add("device", choice.device.name)
    line.add("reason", choice.reason)
    line.add("median_us", times.median * 1e6)
    line.add("p99_us", times.p99 * 1e6)
    line.add("samples_per_second", rate)
    try line.print()
  }
}

/// What is measured: a network with made-up weights, or a trained model.
private enum BenchedModel {
  case network(BenchNetwork, TrainStep)
  case model(ModelContent)

  init(_ name: String) throws {
    if let network = BenchNetwork(argument: name) {
      self = .network(network, try network.step())
    } else {
      self = .model(try ModelContent(path: name))
    }
  }

  var graph: Graph {
    switch self {
    case .network(_, let step): step.prediction
    case .model(let content): content.graph
    }
  }

  /// What predicts a batch on a device.
  func predictions(
    of size: Int, on context: DeviceContext
  ) async throws -> (() async throws -> Void) {
    switch self {
    case .network(let network, let step):
      let store = try VariableStore(context, variables: step.weights, seed: 0)
      let session = try Session(step.prediction, store: store)
      let input = try network.batches(size: size, count: 1)[0].inputs
      return { _ = try await session.run([TrainStep.inputName: input]) }
    case .model(let content):
      let model = try await Model(content, context: context)
      let values = [Float](repeating: 0.5, count: size * model.featureShape.reduce(1, *))
      let input = try HostTensor(values, shape: [size] + model.featureShape)
      return { _ = try await model.predict(input) }
    }
  }
}
