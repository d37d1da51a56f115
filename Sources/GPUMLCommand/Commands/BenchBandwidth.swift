import ArgumentParser
import GPUML

/// `gpuml bench elementwise`
struct BenchElementwise: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "elementwise",
    abstract: "Measures elementwise kernels, conversions and optimizers beside a copy.",
    discussion: "The bytes are those that must be read and written at least.")

  @OptionGroup var bandwidth: BandwidthOptions
  @OptionGroup(title: "Device") var device: DeviceOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func execute() async throws {
    try await bandwidth.report(
      "elementwise", BandwidthBenchmark.elementwise(byteCount: bandwidth.size.bytes), device, output
    )
  }
}

/// `gpuml bench reduce`
struct BenchReduce: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "reduce",
    abstract: "Measures reductions, softmax and losses beside a copy.",
    discussion: "The bytes are those that must be read and written at least.")

  @OptionGroup var bandwidth: BandwidthOptions
  @OptionGroup(title: "Device") var device: DeviceOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func execute() async throws {
    try await bandwidth.report(
      "reduce", BandwidthBenchmark.reductions(byteCount: bandwidth.size.bytes), device, output)
  }
}

/// What the benchmarks that memory limits have in common.
struct BandwidthOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The size of an array, such as 16M.", valueName: "bytes"))
  var size = ByteCount(megabytes: 16)

  @Option(help: ArgumentHelp("How long each kernel is measured.", valueName: "seconds"))
  var seconds = 0.5

  @Option(help: ArgumentHelp("Only kernels whose names contain this.", valueName: "text"))
  var only: String?

  mutating func validate() throws {
    guard (1 << 16...1 << 30).contains(size.bytes) else {
      throw ValidationError("--size: \(size.bytes) is not in 64k...1g")
    }
  }

  /// Measures each computation and writes a line of it.
  func report(
    _ bench: String, _ works: [BandwidthBenchmark.Work], _ device: DeviceOptions,
    _ output: OutputOptions
  ) async throws {
    let chosen = works.filter { only.map($0.name.contains) ?? true }
    if chosen.isEmpty {
      let names = works.map(\.name).joined(separator: "; ")
      throw CommandError.invalidFlag(
        name: "only", reason: "there is no such kernel; there are \(names)")
    }
    let choice = try device.choose(.training)
    output.warn(choice.warning)
    output.note(choice.reason)
    let benchmark = BandwidthBenchmark(try device.open(choice, output))
    for work in chosen {
      let result = try await benchmark.measure(work, seconds: seconds)
      let share = result.rate / result.copyRate
      if output.json {
        var line = JSONLine()
        line.add("bench", bench)
        line.add("kernel", work.name)
        line.add("shape", .array(work.shape.map { .integer(Int64($0)) }))
        line.add("device", choice.device.name)
        line.add("bytes", work.byteCount)
        line.add("median_ms", result.times.median * 1000)
        line.add("min_ms", result.times.minimum * 1000)
        line.add("gb_per_second", result.rate / 1e9)
        line.add("copy_gb_per_second", result.copyRate / 1e9)
        line.add("efficiency", share)
        try line.print()
      } else {
        let shape = work.shape.map(String.init).joined(separator: "×")
        try Console.standardOutput(
          TextTable.padded("\(work.name) \(shape)", 38)
            + "\((result.times.median * 1000).fixed(3)) ms  \((result.rate / 1e9).fixed(1)) GB/s "
            + "of \((result.copyRate / 1e9).fixed(1)), \((share * 100).fixed(0))%")
      }
    }
  }
}
