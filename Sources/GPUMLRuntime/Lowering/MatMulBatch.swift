import GPUMLGraph

/// The matrices of a batched product: up to three axes, along each of which an operand steps on or
/// repeats.
package struct MatMulBatch: Sendable {
  /// The number of the first matrix.
  private(set) var first = 0
  /// The sizes of the three axes.
  private(set) var sizes: [Int]
  /// The left operand's step along each axis, in matrices; 0 where it repeats.
  private(set) var left: [Int]
  /// The right operand's.
  private(set) var right: [Int]
  /// The elements from one matrix of the left operand to the next.
  var leftStep: Int
  /// The elements from one matrix of the right operand to the next.
  private(set) var rightStep: Int
  /// Whether kernels get the steps even of one product.
  private var needsSteps: Bool

  /// Axes over which both operands step or repeat alike become one; nil if more than three remain.
  init?(_ leftSizes: [Int], _ rightSizes: [Int], leftStep: Int, rightStep: Int) {
    let rank = max(leftSizes.count, rightSizes.count)
    let padded = [leftSizes, rightSizes].map {
      [Int](repeating: 1, count: rank - $0.count) + $0
    }
    let space = IndexSpace(
      zip(padded[0], padded[1]).map { $0 == 1 ? $1 : $0 }, operands: [leftSizes, rightSizes])
    let missing = 3 - space.sizes.count
    if missing < 0 { return nil }
    let none = [Int](repeating: 0, count: missing)
    sizes = [Int](repeating: 1, count: missing) + space.sizes
    left = none + space.strides[0]
    right = none + space.strides[1]
    self.leftStep = leftStep
    self.rightStep = rightStep
    needsSteps = false
  }

  /// Slices of one product's terms.
  init(slices: Int, leftStep: Int, rightStep: Int) {
    sizes = [1, 1, slices]
    left = [0, 0, 1]
    right = [0, 0, 1]
    self.leftStep = leftStep
    self.rightStep = rightStep
    needsSteps = true
  }

  /// The number of products.
  var count: Int { sizes.reduce(1, *) - first }
  /// One more than the number of the last product.
  var end: Int { first + count }
  /// Whether there is one product only, so that kernels need no steps.
  var isSingle: Bool { end == 1 && !needsSteps }
  /// The number of different matrices on the left.
  var leftCount: Int { MatMulBatch.count(sizes, left) }
  /// The number of different matrices on the right.
  var rightCount: Int { MatMulBatch.count(sizes, right) }

  private static func count(_ sizes: [Int], _ steps: [Int]) -> Int {
    zip(sizes, steps).reduce(1) { $1.1 == 0 ? $0 : $0 * $1.0 }
  }

  /// Takes the last axis away if the left operand's matrices follow one another along it while the
  /// right operand repeats, and returns its size.
  mutating func takeRepeatsOfRight() -> Int? {
    guard right[2] == 0, left[2] == 1, sizes[2] > 0 else { return nil }
    let size = sizes[2]
    sizes = [1] + sizes.dropLast()
    left = [0] + left.dropLast().map { $0 / size }
    right = [0] + right.dropLast()
    return size
  }

  /// The same with left and right exchanged.
  func exchangingOperands() -> MatMulBatch {
    var batch = self
    swap(&batch.left, &batch.right)
    swap(&batch.leftStep, &batch.rightStep)
    return batch
  }

  /// The same for a kernel that always counts through a batch.
  func countingAlways() -> MatMulBatch {
    var batch = self
    batch.needsSteps = true
    return batch
  }

  /// Becomes the one product after the last.
  mutating func goOn() {
    first = end
    sizes[2] = end + 1
  }

  /// The kernels' parameters from `first` on.
  ///
  /// - Parameter steps: The elements from one matrix to the next, of each operand.
  func arguments(
    first: Int, steps: (left: Int, right: Int), in builder: PlanBuilder
  ) throws -> [Launch.Argument] {
    let numbers =
      [first, sizes[1], sizes[2]] + left.map { $0 * steps.left } + right.map { $0 * steps.right }
    return try numbers.map { try builder.int($0) }
  }
}
