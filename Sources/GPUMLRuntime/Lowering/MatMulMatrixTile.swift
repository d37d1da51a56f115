import GPUMLDevice

/// The tile of a product by matrix units (`Kernels/MatMul/matmul_matrix_gpu.cl`).
package struct MatMulMatrixTile: Sendable, Hashable {
  static let file = "MatMul/matmul_matrix_gpu"
  static let function = "matmul_matrix"
  /// The work-items that the units know as one.
  private static let warp = 32
  /// The results of a fragment along rows and columns.
  private static let fragment = (rows: 16, columns: 8)
  /// The most results of a work-item, each of which is a register.
  private static let mostSums = 128

  /// The tile of a work-group along the rows and columns of the result.
  package var mwg = 64, nwg = 64
  /// The words of 32 bits that a turn takes of each line.
  package var words = 16
  /// The warps of a group along rows and columns.
  package var mwarps = 2, nwarps = 2

  package init() {}

  init(_ mwg: Int, _ nwg: Int, _ mwarps: Int, _ nwarps: Int, words: Int = 16) {
    (self.mwg, self.nwg, self.words) = (mwg, nwg, words)
    (self.mwarps, self.nwarps) = (mwarps, nwarps)
  }

  private static let fields: [(name: String, path: WritableKeyPath<Self, Int> & Sendable)] = [
    ("MWG", \.mwg), ("NWG", \.nwg), ("WORDS", \.words), ("MWARPS", \.mwarps),
    ("NWARPS", \.nwarps),
  ]

  /// The tile with these parameters; nil unless all are there and fit each other.
  package init?(_ values: [String: Int]) {
    guard values.count == MatMulMatrixTile.fields.count else { return nil }
    for (name, path) in MatMulMatrixTile.fields {
      guard let value = values[name] else { return nil }
      self[keyPath: path] = value
    }
    if !isValid { return nil }
  }

  /// The parameters by name.
  package var values: [String: Int] {
    MatMulMatrixTile.fields.reduce(into: [:]) { $0[$1.name] = self[keyPath: $1.path] }
  }

  /// The work-items of a group.
  package var items: Int { MatMulMatrixTile.warp * mwarps * nwarps }

  /// Whether the parameters fit each other, as the kernel's contract says.
  package var isValid: Bool {
    let (rows, columns) = MatMulMatrixTile.fragment
    return [mwg, nwg].allSatisfy { 1...256 ~= $0 } && [8, 16, 32].contains(words)
      && [mwarps, nwarps].allSatisfy { 1...8 ~= $0 } && mwg % (rows * mwarps) == 0
      && nwg % (columns * nwarps) == 0 && mwg * nwg / items <= MatMulMatrixTile.mostSums
  }

  /// The bytes of local memory that a group takes.
  package func localMemory(
    transposesLeft: Bool, transposesRight: Bool, isPTX: Bool = true
  ) -> Int {
    func size(_ lines: Int, _ runsAlongTerms: Bool) -> Int {
      runsAlongTerms ? lines * (words + 4) : words * (lines + 8)
    }
    let tiles = 2 * (size(mwg, !transposesLeft) + size(nwg, transposesRight))
    return (tiles + (isPTX ? 0 : 6 * items)) * MemoryLayout<UInt32>.size
  }

  /// Whether a device can run it.
  package func fits(
    _ limits: WorkGroupLimits, transposesLeft: Bool, transposesRight: Bool, isPTX: Bool = true
  ) -> Bool {
    let memory = localMemory(
      transposesLeft: transposesLeft, transposesRight: transposesRight, isPTX: isPTX)
    return isValid && limits.allow(items, 1) && memory <= limits.localMemory
  }

  func fits(_ limits: WorkGroupLimits, _ shape: MatMulShape, isPTX: Bool) -> Bool {
    fits(
      limits, transposesLeft: shape.transposesLeft, transposesRight: shape.transposesRight,
      isPTX: isPTX)
  }

  /// How many groups compute one product.
  func groups(of shape: MatMulShape) -> Int {
    quotientUp(shape.rows, mwg) * quotientUp(shape.columns, nwg)
  }

  /// The kernel's options for a shape: the parameters, and how wide memory can be read and written.
  func options(
    for shape: MatMulShape, _ operand: MatrixOperand, isPTX: Bool
  ) -> [(String, String)] {
    // Up to 16 bytes.
    func width(_ lines: [Int]) -> Int {
      var width = 4 * operand.elementsInWord
      while width > 1, !lines.allSatisfy({ $0.isMultiple(of: width) }) { width /= 2 }
      return width
    }
    return MatMulMatrixTile.fields.map { ($0.name, "\(self[keyPath: $0.path])") } + [
      ("VA", "\(width(shape.leftLines))"), ("VB", "\(width(shape.rightLines))"),
      ("VC", shape.columns.isMultiple(of: 2) ? "2" : "1"), ("PTX", isPTX ? "1" : "0"),
    ]
  }
}

extension MatMulMatrixTile {
  /// The tile for a class of shapes, good before anything is measured; nil if the device's work-groups
  /// are too small for any.
  package static func shipped(
    _ shapes: MatMulShapeClass, limits: WorkGroupLimits, isPTX: Bool = true
  ) -> MatMulMatrixTile? {
    [preferred(shapes.size), MatMulMatrixTile(32, 32, 2, 2, words: 8)].first {
      $0.fits(
        limits, transposesLeft: shapes.transposesLeft, transposesRight: shapes.transposesRight,
        isPTX: isPTX)
    }
  }

  private static func preferred(_ size: MatMulShapeClass.Size) -> MatMulMatrixTile {
    switch size {
    case .large: MatMulMatrixTile(128, 128, 2, 4)
    case .medium: MatMulMatrixTile(64, 64, 2, 2)
    case .small: MatMulMatrixTile(32, 32, 2, 2)
    case .thin: MatMulMatrixTile(128, 32, 4, 1)
    case .flat: MatMulMatrixTile(32, 128, 1, 4)
    }
  }
}
