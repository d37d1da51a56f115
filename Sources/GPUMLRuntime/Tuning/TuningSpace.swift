import GPUMLDevice

/// The parameters that a search tries for a class of products.
struct TuningSpace: Sendable {
  /// Where the search begins.
  let shipped: [String: Int]
  /// Changes that exclude one another, axis by axis: the best of one is where the next begins.
  let axes: [[[String: Int]]]
  private let complete: @Sendable ([String: Int]) -> [String: Int]?

  /// Parameters with a change; nil where they do not fit each other or the device.
  func changing(_ values: [String: Int], by change: [String: Int]) -> [String: Int]? {
    complete(values.merging(change) { $1 })
  }

  /// The space of a family on a device; nil if the device has no tiles.
  init?(_ subject: TuningSubject, _ family: KernelFamily, _ device: Device) {
    switch (family, subject.operand) {
    case (.cpu, _): self.init(vectorWidth: KernelLibrary.vectorWidth(of: .cpu, on: device))
    case (.gpu, nil): self.init(subject.shapes, device)
    case (.gpu, _?): self.init(matrixUnits: subject.shapes, device)
    }
  }

  private init(vectorWidth: Int) {
    shipped = MatMulTile.Parameters(vectorWidth: vectorWidth).values
    axes = [
      TuningSpace.axis("MR", vectorWidth == 16 ? [8, 10, 12, 14] : [4, 5, 8]),
      TuningSpace.axis("DEPTH", [256, 512, 768, 2048]),
      TuningSpace.axis("ROW_PANELS", [3, 8, 10, 16]),
      TuningSpace.axis("COLUMN_PANELS", [1, 2, 4]),
    ]
    complete = { MatMulTile.Parameters($0)?.values }
  }

  private init?(_ shapes: MatMulShapeClass, _ device: Device) {
    let limits = WorkGroupLimits(device)
    guard
      let tile = MatMulGPUTile.shipped(shapes, on: DeviceClass(device), limits: limits)
    else { return nil }
    shipped = tile.values
    axes = [
      TuningSpace.groups(shapes.size), TuningSpace.axis("KWG", [8, 16, 32]),
      TuningSpace.pairs("VWM", "VWN", [(1, 4), (2, 2), (2, 4), (4, 4), (4, 8)]),
      TuningSpace.pairs("SA", "SB", [(0, 0), (0, 1), (1, 0), (1, 1)]),
      TuningSpace.pairs("STRM", "STRN", [(0, 0), (0, 1), (1, 0), (1, 1)]),
      TuningSpace.axis("KWI", [1, 2, 4, 8]),
    ]
    complete = { values in
      // The old spread need not fit the new tile: it follows from the rest.
      var values = values
      (values["MDIMA"], values["NDIMB"]) = (values["MDIMC"], values["NDIMC"])
      let staged = (values["SA"], values["SB"])
      (values["SA"], values["SB"]) = (0, 0)
      guard var tile = MatMulGPUTile(values), let left = staged.0, let right = staged.1 else {
        return nil
      }
      (tile.sa, tile.sb) = (left, right)
      let spread = tile.spreading(
        transposesLeft: shapes.transposesLeft, transposesRight: shapes.transposesRight)
      return spread.flatMap { $0.fits(limits) ? $0.values : nil }
    }
  }

  private init?(matrixUnits shapes: MatMulShapeClass, _ device: Device) {
    let limits = WorkGroupLimits(device)
    guard let tile = MatMulMatrixTile.shipped(shapes, limits: limits) else { return nil }
    shipped = tile.values
    axes = [TuningSpace.warps(shapes.size), TuningSpace.axis("WORDS", [8, 16, 32])]
    complete = { values in
      guard let tile = MatMulMatrixTile(values),
        tile.fits(
          limits, transposesLeft: shapes.transposesLeft, transposesRight: shapes.transposesRight)
      else { return nil }
      return tile.values
    }
  }

  private static func axis(_ name: String, _ values: [Int]) -> [[String: Int]] {
    values.map { [name: $0] }
  }

  private static func pairs(
    _ first: String, _ second: String, _ values: [(Int, Int)]
  ) -> [[String: Int]] {
    values.map { [first: $0.0, second: $0.1] }
  }

  /// Tiles of matrix units and their warps: MWG, NWG, MWARPS, NWARPS.
  private static func warps(_ size: MatMulShapeClass.Size) -> [[String: Int]] {
    let choices: [(Int, Int, Int, Int)] =
      switch size {
      case .thin: [(64, 16, 4, 1), (64, 32, 2, 2), (128, 32, 4, 1), (256, 32, 8, 1)]
      case .flat: [(16, 64, 1, 4), (32, 64, 1, 4), (32, 128, 1, 4), (32, 256, 1, 8)]
      case .small, .medium, .large:
        [
          (32, 32, 1, 2), (32, 32, 2, 2), (64, 32, 2, 2), (64, 64, 2, 2), (64, 64, 1, 4),
          (64, 128, 2, 2), (64, 128, 2, 4), (128, 64, 4, 2), (128, 128, 2, 2), (128, 128, 2, 4),
          (128, 128, 4, 4), (128, 256, 2, 4),
        ]
      }
    return choices.map { ["MWG": $0, "NWG": $1, "MWARPS": $2, "NWARPS": $3] }
  }

  /// Tiles and their groups: MWG, NWG, MDIMC, NDIMC.
  private static func groups(_ size: MatMulShapeClass.Size) -> [[String: Int]] {
    let choices: [(Int, Int, Int, Int)] =
      switch size {
      case .thin: [(32, 32, 8, 8), (64, 32, 16, 8), (128, 32, 16, 8), (128, 16, 32, 4)]
      case .flat: [(32, 32, 8, 8), (32, 64, 8, 16), (32, 128, 8, 16), (16, 128, 4, 32)]
      case .small, .medium, .large:
        [
          (32, 32, 8, 8), (32, 64, 8, 8), (64, 64, 8, 8), (64, 64, 8, 16), (64, 64, 16, 16),
          (64, 128, 8, 16), (128, 64, 16, 8), (128, 128, 16, 16),
        ]
      }
    return choices.map { ["MWG": $0, "NWG": $1, "MDIMC": $2, "NDIMC": $3] }
  }
}
