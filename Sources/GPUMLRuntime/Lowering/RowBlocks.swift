import GPUMLDevice

/// How rows of elements are dealt to work-items: in blocks of about 16 K elements on a CPU,
/// whatever the device, so that few are launched; element by element on a GPU.
///
/// The kernels' part is `rows_and_run` in `Prelude/prelude`.
struct RowBlocks {
  let inner: Int
  let outer: Int
  /// The rows of a block.
  let rows: Int
  /// The neighbours of a block.
  let run: Int
  private let group: Int
  private let isWide: Bool

  /// - Parameter group: The work-group on a GPU.
  init(inner: Int, outer: Int, group: Int = 256, in builder: PlanBuilder) {
    self.inner = inner
    self.outer = outer
    guard builder.family == .cpu else {
      (rows, run, self.group) = (1, 1, builder.group(group))
      isWide = false
      return
    }
    let block = 16384
    let width = builder.vectorWidth
    run = min(roundedUp(inner, to: width), max(block, roundedUp(quotientUp(inner, 64), to: width)))
    rows = max(1, block / run)
    self.group = 1
    isWide = true
  }

  private var runs: Int { quotientUp(inner, run) }

  /// The arguments `inner, outer, rows, run, runs`.
  func arguments(in builder: PlanBuilder) throws -> [Launch.Argument] {
    try [inner, outer, rows, run, runs].map(builder.int)
  }

  var global: WorkSize { WorkSize(roundedUp(quotientUp(outer, rows) * runs, to: group)) }
  var local: WorkSize { WorkSize(group) }

  /// The options that name the work-group and whether vectors are used.
  var options: [(String, String)] { [("WIDE", isWide ? "1" : "0"), ("WG", "\(group)")] }
}

/// The code by which a kernel finds the index along each axis of rows, `a0` and so on, from the
/// number `row`.
struct RowIndices {
  private(set) var parameters: [String] = []
  private(set) var arguments: [Launch.Argument] = []
  private(set) var statements: [String] = []

  init(_ sizes: [Int], in builder: PlanBuilder) throws {
    guard !sizes.isEmpty else { return }
    statements.append("int rest = row")
    for axis in sizes.indices.dropFirst().reversed() {
      parameters.append("int d\(axis)")
      arguments.append(try builder.int(sizes[axis]))
      statements.append(
        "int q\(axis) = rest / d\(axis), a\(axis) = REMAINDER(rest, d\(axis), q\(axis)); "
          + "rest = q\(axis)")
    }
    statements.append("int a0 = rest")
  }

  /// Adds a parameter.
  mutating func add(_ name: String, _ value: Int, in builder: PlanBuilder) throws {
    parameters.append("int \(name)")
    arguments.append(try builder.int(value))
  }

  /// Adds a statement.
  mutating func add(_ statement: String) { statements.append(statement) }

  /// The parameters as they follow others.
  var list: String { parameters.map { ", \($0)" }.joined() }
  var code: String { statements.joined(separator: "; ") }
}

extension KernelInstance {
  /// The OpenCL C type that moves an element of some bytes.
  static func mover(byteCount: Int) -> String {
    switch byteCount {
    case 1: "uchar"
    case 2: "ushort"
    case 4: "uint"
    case 8: "ulong"
    default: "uint4"
    }
  }
}
