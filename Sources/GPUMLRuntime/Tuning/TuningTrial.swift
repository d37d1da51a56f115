import GPUMLDevice
import GPUMLGraph
import GPUMLReference

/// A product with which candidates are checked and timed: its operands, and what the reference makes
/// of them.
struct TuningTrial: Sendable {
  /// Of the result, and the terms of each sum.
  let rows: Int, columns: Int, depth: Int
  private let graph: Graph
  private let inputs: [String: HostTensor]
  /// The name of the kernel that has parameters.
  private let function: String
  /// What rounding to the result's type adds, of each element.
  private let lastPlace: Double
  /// Rows of the result that are compared, and for each element its value and Σ|terms|.
  private let compared: [(row: Int, values: [Double], magnitudes: [Double])]

  /// Multiplications and additions.
  var operations: Double { 2 * Double(rows) * Double(columns) * Double(depth) }

  /// - Parameter mostCompared: How many rows are compared at most, evenly spread, the last among
  ///   them: the reference is slow.
  init(
    _ subject: TuningSubject, rows: Int, columns: Int, depth: Int, mostCompared: Int
  ) throws {
    (self.rows, self.columns, self.depth) = (rows, columns, depth)
    let (shapes, operand) = (subject.shapes, subject.operand)
    function = operand == nil ? "matmul_tile" : MatMulMatrixTile.function
    let dtype = operand?.dtype ?? .float32
    lastPlace = operand.map { $0 == .bfloat16 ? 0x1p-8 : $0 == .float16 ? 0x1p-11 : 0 } ?? 0
    // Numbers that the operands' type and the units have, so that the reference multiplies the same.
    func numbers(_ count: Int, stream: UInt64) -> [Float] {
      let numbers = TuningTrial.numbers(count, stream: stream)
      guard let operand else { return numbers }
      return HostTensor(
        doubles: numbers.map { Double(operand.rounded($0)) }, shape: [count], dtype: dtype
      ).doubles.map { Float($0) }
    }
    let left = numbers(rows * depth, stream: 0)
    let right = try HostTensor(
      numbers(depth * columns, stream: 1),
      shape: shapes.transposesRight ? [columns, depth] : [depth, columns])
    let stored =
      shapes.transposesLeft
      ? (0..<rows * depth).map { left[$0 % rows * depth + $0 / rows] } : left
    let leftShape = shapes.transposesLeft ? [depth, rows] : [rows, depth]
    inputs = [
      "a": try HostTensor(stored, shape: leftShape).converted(to: dtype),
      "b": right.converted(to: dtype),
    ]
    graph = try TuningTrial.graph(leftShape, right.shape, dtype, shapes.transposesLeft, shapes)
    let step = max(1, quotientUp(rows, mostCompared))
    let chosen = Array(stride(from: rows - 1, through: 0, by: -step))
    let some = try HostTensor(
      chosen.flatMap { left[($0 * depth)..<(($0 + 1) * depth)] }, shape: [chosen.count, depth])
    let reference = try TuningTrial.graph(some.shape, right.shape, .float32, false, shapes)
    func evaluate(_ a: HostTensor, _ b: HostTensor) throws -> [Double] {
      try ReferenceEvaluator.run(reference, inputs: ["a": a, "b": b]).outputs["c"]?.values ?? []
    }
    func positive(_ tensor: HostTensor) -> HostTensor {
      HostTensor(doubles: tensor.doubles.map(abs), shape: tensor.shape, dtype: tensor.dtype)
    }
    let values = try evaluate(some, right)
    let magnitudes = try evaluate(positive(some), positive(right))
    compared = chosen.enumerated().map { place, row in
      let range = (place * columns)..<((place + 1) * columns)
      return (row, Array(values[range]), Array(magnitudes[range]))
    }
  }

  private static func graph(
    _ left: [Int], _ right: [Int], _ dtype: DType, _ transposesLeft: Bool,
    _ shapes: MatMulShapeClass
  ) throws -> Graph {
    let a = try Tensor.input("a", shape: [Dim](left), dtype: dtype)
    let b = try Tensor.input("b", shape: [Dim](right), dtype: dtype)
    return try Graph(outputs: [
      .init(
        "c",
        a.matmul(b, transposesLeft: transposesLeft, transposesRight: shapes.transposesRight))
    ])
  }

  /// Numbers of -1...1 that are the same in every run.
  private static func numbers(_ count: Int, stream: UInt64) -> [Float] {
    var random = Philox(seed: 3, stream: stream)
    return (0..<count).map { _ in Float(Int32(bitPattern: random.next32())) / Float(Int32.max) }
  }

  /// Whether a device computes the product with kernels that have parameters.
  func hasTiles(on context: DeviceContext, options: PlanOptions) throws -> Bool {
    try plan(VariableStore(context, variables: [], seed: 0, options: options))
      .launches.contains { $0.function == function }
  }

  private func plan(_ store: VariableStore) throws -> Plan {
    let planner = Planner(
      context: store.context, layout: store.layout, kernels: store.kernels,
      options: store.options)
    return try planner.plan(Planner.rewritten(graph), symbols: [:])
  }

  /// Plans the product, runs it once and compares.
  ///
  /// - Returns: What can be timed.
  /// - Throws: `Wrong` if the result is; what planning and running throw.
  func run(_ context: DeviceContext, options: PlanOptions) async throws -> Execution {
    let store = try VariableStore(context, variables: [], seed: 0, options: options)
    let plan = try plan(store)
    let execution = try Execution(plan, store: store)
    let values = try plan.inputs.map { input in
      guard let value = inputs[input.name] else {
        throw RuntimeError.invalidInput(name: input.name, reason: "no value was given")
      }
      return value
    }
    try await execution.enqueue(values, binding: 0).waitAsync()
    let found = try execution.results(binding: 0).outputs["c"]
    let result = try found?.converted(to: .float32).values(as: Float.self) ?? []
    try compare(result)
    return execution
  }

  /// A result that is not the product.
  struct Wrong: Error, CustomStringConvertible {
    let description: String
  }

  func compare(_ result: [Float]) throws {
    guard result.count == rows * columns else {
      throw Wrong(description: "\(result.count) elements, not \(rows * columns)")
    }
    for (row, values, magnitudes) in compared {
      for column in 0..<columns {
        let found = Double(result[row * columns + column])
        let bound =
          Double(depth) * 0x1p-23 * magnitudes[column] + lastPlace * abs(values[column]) + 1e-30
        guard abs(found - values[column]) <= bound else {
          throw Wrong(
            description: "[\(row), \(column)] of \(rows)×\(columns)×\(depth) is \(found), not "
              + "\(values[column])")
        }
      }
    }
  }
}
