import ArgumentParser
import GPUML

/// `gpuml bench matmul`
struct BenchMatMul: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "matmul",
    abstract: "Measures square matrix products beside the device's multiply-add peak.",
    discussion: "Both operands are row-major; packing is part of every timed product.")

  @Option(help: ArgumentHelp("The sizes of the matrices.", valueName: "n,n"))
  var size = NumberList(numbers: [512, 1024])

  @Option(help: ArgumentHelp("How long each size is measured.", valueName: "seconds"))
  var seconds = 1.0

  @OptionGroup(title: "Device") var device: DeviceOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  /// The widest matrix: its elements can be counted in 32 bits.
  private static let largest = 32_768

  mutating func validate() throws {
    if let size = size.numbers.first(where: { $0 > BenchMatMul.largest }) {
      throw ValidationError("--size: \(size) is above \(BenchMatMul.largest)")
    }
  }

  func execute() async throws {
    let choice = try device.choose(.training)
    output.warn(choice.warning)
    output.note(choice.reason)
    for size in size.numbers { try BenchMatMul.checkMemory(size, choice.device) }
    let benchmark = try KernelBenchmark(device.open(choice, output))
    for size in size.numbers {
      let (left, right) = (try BenchMatMul.matrix(size, 0), try BenchMatMul.matrix(size, 1))
      let product = try await benchmark.product(left, right, seconds: seconds)
      try BenchMatMul.check(product.result, left, right, size)
      // Measured beside each size: the machine's clock drifts.
      let peak = try await benchmark.peakOperationsPerSecond(seconds: seconds) / 1e9
      let operations = 2 * Double(size) * Double(size) * Double(size)
      let rate = operations / product.times.median / 1e9
      var line = JSONLine()
      line.add("bench", "matmul")
      for key in ["m", "n", "k"] { line.add(key, size) }
      line.add("device", choice.device.name)
      line.add("median_ms", product.times.median * 1000)
      line.add("min_ms", product.times.minimum * 1000)
      line.add("gflops", rate)
      line.add("peak_gflops", peak)
      line.add("efficiency", rate / peak)
      if output.json {
        try line.print()
      } else {
        try Console.standardOutput(
          "\(size) × \(size) × \(size)  \((product.times.median * 1000).fixed(3)) ms  "
            + "\(rate.fixed(1)) GFLOP/s of \(peak.fixed(1)), \((rate / peak * 100).fixed(1))%")
      }
    }
  }

  /// Refuses matrices that the device cannot hold before the host makes them.
  private static func checkMemory(_ size: Int, _ device: Device) throws {
    let bytes = size * size * MemoryLayout<Float>.stride
    guard bytes <= device.maxAllocation, 3 * bytes <= device.globalMemory else {
      throw DeviceError.outOfMemory(
        label: "a product of size \(size)", bytes: 3 * bytes,
        reason: "\(device.name) has \(device.globalMemory), \(device.maxAllocation) at once")
    }
  }

  /// Numbers of -1...1 that are the same in every run.
  private static func matrix(_ size: Int, _ stream: UInt64) throws -> HostTensor {
    var random = Philox(seed: 1, stream: stream)
    let values = (0..<size * size).map { _ in
      Float(Int32(bitPattern: random.next())) / Float(Int32.max)
    }
    return try HostTensor(values, shape: [size, size])
  }

  /// Compares some elements with sums in double.
  private static func check(
    _ result: [Float], _ left: HostTensor, _ right: HostTensor, _ size: Int
  ) throws {
    let (a, b) = (try left.values(as: Float.self), try right.values(as: Float.self))
    for sample in 0..<64 {
      let (row, column) = (sample * 7919 % size, sample * 104_729 % size)
      var (sum, magnitude) = (0.0, 0.0)
      for k in 0..<size {
        let term = Double(a[row * size + k]) * Double(b[k * size + column])
        sum += term
        magnitude += abs(term)
      }
      let found = Double(result[row * size + column])
      guard abs(found - sum) <= Double(size) * 0x1p-23 * magnitude else {
        throw CommandError.wrongResult(
          "the product of size \(size) is wrong at [\(row), \(column)]: \(found), not \(sum)")
      }
    }
  }
}
