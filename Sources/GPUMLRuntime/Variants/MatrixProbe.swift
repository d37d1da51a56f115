import GPUMLDevice
import GPUMLGraph
import Synchronization

/// Finds out whether a device has matrix units that compute what they should: builds their kernel, runs
/// a small product and compares it with the host's.
///
/// What comes of it is kept with what `gpuml doctor` has disabled: it holds for one device, driver and
/// set of kernels. A driver that does not know the instructions refuses the build, which is an answer
/// like any other.
package struct MatrixProbe {
  private static let known = Mutex<[String: Bool]>([:])

  private let library: KernelLibrary
  private let operand: MatrixOperand

  package init(_ operand: MatrixOperand, _ library: KernelLibrary) {
    self.operand = operand
    self.library = library
  }

  /// Whether a device has matrix units for any operands that its context permits.
  package static func finds(on context: DeviceContext) -> Bool {
    let library = KernelLibrary(context, options: PlanOptions.ofEnvironment)
    return MatrixOperand.allCases.contains {
      context.matrixUnits.permits($0) && MatrixProbe($0, library).offers()
    }
  }

  /// Whether products of such operands can use the units; the first time on a device it is tried.
  package func offers() -> Bool {
    // Only their instructions are known.
    guard DeviceClass(library.device) == .nvidia else { return false }
    let key = (library.device.identity + [operand.rawValue]).joined(separator: "\n")
    if let verdict = MatrixProbe.known.withLock({ $0[key] }) { return verdict }
    // Kernels that stand in for the binary's leave no record.
    let record = library.usesOwnFiles ? VariantRecord(library.context) : nil
    let verdict = record?.matrixUnits()[operand] ?? tried(keepingIn: record)
    MatrixProbe.known.withLock { $0[key] = verdict }
    DebugLog.shared.print(1) {
      "matrix units for \(operand.rawValue): \(verdict ? "used" : "none that work")"
    }
    return verdict
  }

  private func tried(keepingIn record: VariantRecord?) -> Bool {
    let verdict: Bool
    do {
      verdict = try passes()
    } catch DeviceError.buildFailed {
      verdict = false
    } catch {
      // Nothing is known: another process may have more luck.
      return false
    }
    // Without a place to write, the next process tries again.
    try? record?.keep(operand, verdict)
    return verdict
  }

  /// Whether the kernel computes a small product as the host does.
  ///
  /// - Parameter isPTX: By the units, not by their twin.
  /// - Throws: `DeviceError.buildFailed` where the driver does not know them.
  package func passes(isPTX: Bool = true) throws -> Bool {
    // Two tiles along each direction and in turns over the terms, the last of each ragged; whole vectors.
    let (rows, columns, depth) = (37, 44, 40)
    var tile = MatMulMatrixTile()
    (tile.mwg, tile.nwg, tile.words) = (32, 32, 8)
    guard let shape = MatMulShape(MatMul(), [rows, depth], [depth, columns]),
      tile.fits(WorkGroupLimits(library.device), shape, isPTX: isPTX)
    else { return false }
    let instance = KernelInstance(
      file: MatMulMatrixTile.file,
      options: [("REAL", operand.storage)] + tile.options(for: shape, operand, isPTX: isPTX))
    try library.prepare([instance])
    let kernel = try library.kernel(MatMulMatrixTile.function, of: instance)
    let left = numbers([rows, depth], stream: 0), right = numbers([depth, columns], stream: 1)
    let queue = library.context.computeQueue
    func buffer(_ value: HostTensor, _ label: String) throws -> Buffer {
      let bytes = value.count * value.dtype.byteCount
      let buffer = try library.context.pool.allocate(bytes, label: label)
      try queue.write(value, to: buffer)
      return buffer
    }
    let result = try buffer(
      HostTensor([Float](repeating: 0, count: rows * columns)), "probe of matrix units")
    try kernel.setArgument(0, buffer: buffer(left, "probe's left operand"))
    try kernel.setArgument(1, buffer: buffer(right, "probe's right operand"))
    try kernel.setArgument(2, buffer: result)
    for (place, number) in [rows, columns, depth, depth, columns, columns].enumerated() {
      try kernel.setArgument(3 + place, value: Int32(number))
    }
    try queue.enqueue(
      kernel, global: WorkSize(tile.groups(of: shape) * tile.items), local: WorkSize(tile.items))
    let found: [Float] = try queue.read(result, count: rows * columns)
    let (a, b) = (values(left), values(right))
    for row in 0..<rows {
      for column in 0..<columns {
        var (sum, magnitude) = (0.0, 0.0)
        for k in 0..<depth {
          let product = a[row * depth + k] * b[k * columns + column]
          sum += product
          magnitude += abs(product)
        }
        let distance = abs(Double(found[row * columns + column]) - sum)
        // Not the other way round: NaN fails.
        if !(distance <= Double(depth) * 0x1p-23 * magnitude) { return false }
      }
    }
    return true
  }

  /// Numbers of -1...1 that are the same in every run.
  private func numbers(_ shape: [Int], stream: UInt64) -> HostTensor {
    var random = Philox(seed: 11, stream: stream)
    let count = shape.reduce(1, *)
    let numbers = (0..<count).map { _ in
      Double(Float(Int32(bitPattern: random.next32())) / Float(Int32.max))
    }
    return HostTensor(doubles: numbers, shape: shape, dtype: operand.dtype)
  }

  /// What the units take for them.
  private func values(_ tensor: HostTensor) -> [Double] {
    tensor.doubles.map { Double(operand.rounded(Float($0))) }
  }
}
