import ArgumentParser
import GPUML

/// `gpuml bench matmul`
struct BenchMatMul: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "matmul",
    abstract: "Measures matrix products beside the device's multiply-add peak.",
    discussion: """
      A size is a number, or rows, columns and depth; ':left' or ':right' after it says which \
      operand lies transposed. Both are row-major; packing is part of every timed product.
      """)

  @Option(help: ArgumentHelp("Sizes: 512, or 128x512x784:right.", valueName: "n,mxnxk"))
  var size = ProductSizes(squares: [512, 1024])

  @Option(help: ArgumentHelp("How long each size is measured.", valueName: "seconds"))
  var seconds = 1.0

  @OptionGroup(title: "Device") var device: DeviceOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func execute() async throws {
    let choice = try device.choose(.training)
    output.warn(choice.warning)
    output.note(choice.reason)
    for size in size.sizes { try BenchMatMul.checkMemory(size, choice.device) }
    let benchmark = try KernelBenchmark(device.open(choice, output))
    for size in size.sizes {
      let left = try BenchMatMul.matrix(size.rows, size.depth, size.transpose == .left, 0)
      let right = try BenchMatMul.matrix(size.depth, size.columns, size.transpose == .right, 1)
      let product = try await benchmark.product(
        left, right, transposesLeft: size.transpose == .left,
        transposesRight: size.transpose == .right, seconds: seconds)
      try BenchMatMul.check(product.result, left, right, size)
      // Measured beside each size: the machine's clock drifts.
      let peak = try await benchmark.peakOperationsPerSecond(seconds: seconds) / 1e9
      let operations = size.operations
      let rate = operations / product.times.median / 1e9
      var line = JSONLine()
      line.add("bench", "matmul")
      line.add("m", size.rows)
      line.add("n", size.columns)
      line.add("k", size.depth)
      line.add("transpose", size.transpose.rawValue)
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
          "\(size.description)  \((product.times.median * 1000).fixed(3)) ms  "
            + "\(rate.fixed(1)) GFLOP/s of \(peak.fixed(1)), \((rate / peak * 100).fixed(1))%")
      }
    }
  }

  /// Refuses matrices that the device cannot hold before the host makes them.
  private static func checkMemory(_ size: ProductSize, _ device: Device) throws {
    let bytes = size.largestCount * MemoryLayout<Float>.stride
    guard bytes <= device.maxAllocation, 3 * bytes <= device.globalMemory else {
      throw DeviceError.outOfMemory(
        label: "a product of size \(size.description)", bytes: 3 * bytes,
        reason: "\(device.name) has \(device.globalMemory), \(device.maxAllocation) at once")
    }
  }

  /// Numbers of -1...1 that are the same in every run.
  private static func matrix(
    _ rows: Int, _ columns: Int, _ isTransposed: Bool, _ stream: UInt64
  ) throws -> HostTensor {
    var random = Philox(seed: 1, stream: stream)
    let values = (0..<rows * columns).map { _ in
      Float(Int32(bitPattern: random.next32())) / Float(Int32.max)
    }
    return try HostTensor(values, shape: isTransposed ? [columns, rows] : [rows, columns])
  }

  /// Compares some elements with sums in double.
  private static func check(
    _ result: [Float], _ left: HostTensor, _ right: HostTensor, _ size: ProductSize
  ) throws {
    let (a, b) = (try left.values(as: Float.self), try right.values(as: Float.self))
    for sample in 0..<64 {
      let (row, column) = (sample * 7919 % size.rows, sample * 104_729 % size.columns)
      var (sum, magnitude) = (0.0, 0.0)
      for k in 0..<size.depth {
        let first = size.transpose == .left ? k * size.rows + row : row * size.depth + k
        let second = size.transpose == .right ? column * size.depth + k : k * size.columns + column
        let term = Double(a[first]) * Double(b[second])
        sum += term
        magnitude += abs(term)
      }
      let found = Double(result[row * size.columns + column])
      guard abs(found - sum) <= Double(size.depth) * 0x1p-23 * magnitude else {
        throw CommandError.wrongResult(
          "the product \(size.description) is wrong at [\(row), \(column)]: \(found), not \(sum)")
      }
    }
  }
}
