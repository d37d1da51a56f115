import ArgumentParser
import GPUML
import Synchronization

/// `gpuml warmup`
struct Warmup: ReportedCommand {
  static let configuration = CommandConfiguration(
    abstract: "Builds and caches kernels ahead of time.",
    discussion: """
      With a model, those that predict with it, for each size of batches; it is measured on which \
      device they are fastest, and 'gpuml infer' uses that one. Without a model, those that train the default network: it learns the built-in \
      digits for an epoch, and nothing is written but the drivers' and gpuml's caches.
      """)

  @Argument(help: "A run or a model's file.")
  var model: String?

  @Option(
    help: ArgumentHelp("How many examples are predicted at a time.", valueName: "n,n"))
  var batchSize = NumberList(numbers: [1, 256])

  @OptionGroup(title: "Device") var device: DeviceOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func execute() async throws {
    if let model {
      try await warmUp(ModelContent(path: model))
    } else {
      try await warmUpTraining()
    }
  }

  private func warmUp(_ content: ModelContent) async throws {
    for size in batchSize.numbers {
      let choice = try device.chooseForInference(content.graph, batch: size)
      output.warn(choice.warning)
      let context = try device.open(choice, output)
      try await report(choice.device, context) {
        try await Model(content, context: context).warmUp(batchSizes: [size])
      }
      let measured = try await device.measureForInference(
        content.graph, batch: size, isAnew: true
      ) { context in
        let model = try await Model(content, context: context)
        return { try await model.warmUp(batchSizes: [size]) }
      }
      output.note((measured ?? choice).reason)
    }
  }

  private func warmUpTraining() async throws {
    var request = TrainingRun.Request()
    request.device = try device.request()
    request.requiresGPU = device.requireGpu
    request.memoryLimit = device.memoryLimit?.bytes
    let run = try TrainingRun(request)
    let context = run.trainer.context
    output.warn(run.choice.warning)
    output.warn(VariantRecord.notice(for: context))
    output.warn(TuningRecord.notice(for: context))
    output.note(run.choice.reason)
    try await report(run.choice.device, context) {
      let result = try await run.trainer.fit(run.data, epochs: 1)
      try await Model(result.modelFile(), context: context).warmUp(batchSizes: batchSize.numbers)
    }
  }

  /// Does work that builds programs, and tells how many.
  private func report(
    _ device: Device, _ context: DeviceContext, _ work: () async throws -> Void
  ) async throws {
    let built = Mutex(0)
    let isVerbose = output.verbose
    context.programs.onBuild = { report in
      built.withLock { $0 += 1 }
      let how = report.isCached ? "loaded" : "built"
      if isVerbose {
        Console.standardError("\(how) \(report.label) in \(report.seconds.fixed(2)) s")
      }
    }
    defer { context.programs.onBuild = nil }
    let start = ContinuousClock.now
    try await work()
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let programs = built.withLock { $0 }
    guard output.json else {
      return try Console.standardOutput(
        "\(programs) programs of kernels are ready on \(device), \(seconds.fixed(2)) s")
    }
    var line = JSONLine()
    line.add("device", device.name)
    line.add("driver", device.driverVersion)
    line.add("programs", programs)
    line.add("seconds", seconds)
    try line.print()
  }
}
