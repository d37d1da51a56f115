extension MatMulGPUTile {
  /// The tile for a class of shapes on a class of devices, good before anything is measured; nil if
  /// the device's work-groups are too small for any.
  package static func shipped(
    _ shapes: MatMulShapeClass, on device: DeviceClass, limits: WorkGroupLimits
  ) -> MatMulGPUTile? {
    let choices = [preferred(shapes.size, on: device), preferred(.small, on: device)] + smallest
    for choice in choices {
      let spread = choice.spreading(
        transposesLeft: shapes.transposesLeft, transposesRight: shapes.transposesRight)
      if let spread, spread.fits(limits) { return spread }
    }
    return nil
  }

  /// What small devices can run.
  private static let smallest = [tile(16, 16, 8, 8, 8, 2, 2), tile(8, 8, 8, 4, 4, 2, 2)]

  private static func preferred(
    _ size: MatMulShapeClass.Size, on device: DeviceClass
  ) -> MatMulGPUTile {
    switch (device, size) {
    case (.nvidia, .large): tile(128, 128, 16, 16, 16, 4, 4, kwi: 8, strm: 1)
    case (.nvidia, .medium): tile(64, 64, 16, 8, 16, 4, 4, kwi: 8, strm: 1)
    case (.nvidia, .thin): tile(128, 32, 16, 16, 8, 4, 4, kwi: 8, strm: 1)
    case (.nvidia, .flat): tile(32, 128, 16, 8, 16, 4, 4, kwi: 8, strm: 1)
    case (.nvidia, .small): tile(32, 32, 16, 8, 8, 4, 4, kwi: 8)
    case (.amd, .large): tile(64, 128, 16, 8, 16, 4, 4, kwi: 4)
    case (.amd, .medium): tile(64, 64, 16, 8, 16, 4, 4, kwi: 4)
    case (.intel, .large), (.intel, .medium): tile(64, 64, 16, 8, 16, 4, 4)
    case (.mobile, .small): tile(16, 32, 8, 8, 8, 2, 4, isStaged: false)
    case (.mobile, .thin): tile(32, 16, 8, 8, 4, 4, 4, isStaged: false)
    case (.mobile, _): tile(32, 32, 8, 8, 8, 4, 4, isStaged: false)
    case (.unknown, .large), (.unknown, .medium): tile(64, 64, 16, 16, 16, 4, 4)
    case (_, .small): tile(32, 32, 16, 8, 8, 4, 4)
    case (_, .thin): tile(64, 32, 16, 16, 8, 4, 4)
    case (_, .flat): tile(32, 64, 16, 8, 16, 4, 4)
    }
  }

  private static func tile(
    _ mwg: Int, _ nwg: Int, _ kwg: Int, _ mdimc: Int, _ ndimc: Int, _ vwm: Int, _ vwn: Int,
    kwi: Int = 2, strm: Int = 0, isStaged: Bool = true
  ) -> MatMulGPUTile {
    var tile = MatMulGPUTile()
    (tile.mwg, tile.nwg, tile.kwg) = (mwg, nwg, kwg)
    (tile.mdimc, tile.ndimc, tile.vwm, tile.vwn) = (mdimc, ndimc, vwm, vwn)
    (tile.mdima, tile.ndimb) = (mdimc, ndimc)
    (tile.kwi, tile.strm) = (kwi, strm)
    (tile.sa, tile.sb) = isStaged ? (1, 1) : (0, 0)
    return tile
  }
}
