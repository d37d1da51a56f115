import GPUMLGraph

/// The tile of a product on a GPU (`Kernels/MatMul/matmul_gpu.cl`), its parameters named as in CLBlast.
///
/// - SeeAlso: Nugteren 2017, "CLBlast: A Tuned OpenCL BLAS Library", arXiv:1705.05249.
package struct MatMulGPUTile: Sendable, Hashable {
  /// The tile of a work-group.
  package var mwg = 64, nwg = 64, kwg = 16
  /// Its work-items along the rows and columns of the result.
  package var mdimc = 16, ndimc = 16
  /// Its work-items along rows and columns while the operands are brought to local memory.
  package var mdima = 16, ndimb = 16
  /// Unrolled turns over the terms.
  package var kwi = 2
  /// The widths of vectors along rows and columns.
  package var vwm = 4, vwn = 4
  /// 1 where a work-item's vectors lie apart, so that those of neighbours lie side by side.
  package var strm = 0, strn = 1
  /// 1 where an operand goes through local memory.
  package var sa = 1, sb = 1

  package init() {}

  private static let fields: [(name: String, path: WritableKeyPath<Self, Int> & Sendable)] = [
    ("MWG", \.mwg), ("NWG", \.nwg), ("KWG", \.kwg), ("MDIMC", \.mdimc), ("NDIMC", \.ndimc),
    ("MDIMA", \.mdima), ("NDIMB", \.ndimb), ("KWI", \.kwi), ("VWM", \.vwm), ("VWN", \.vwn),
    ("STRM", \.strm), ("STRN", \.strn), ("SA", \.sa), ("SB", \.sb),
  ]

  /// The tile with these parameters; nil unless all are there and fit each other.
  package init?(_ values: [String: Int]) {
    guard values.count == MatMulGPUTile.fields.count else { return nil }
    for (name, path) in MatMulGPUTile.fields {
      guard let value = values[name] else { return nil }
      self[keyPath: path] = value
    }
    if !isValid { return nil }
  }

  /// The parameters by name.
  package var values: [String: Int] {
    MatMulGPUTile.fields.reduce(into: [:]) { $0[$1.name] = self[keyPath: $1.path] }
  }

  /// The work-items of a group.
  package var items: Int { mdimc * ndimc }

  /// The bytes of local memory that a group takes.
  package var localMemory: Int {
    2 * kwg * (sa * (mwg + vwm) + sb * (nwg + vwn)) * MemoryLayout<Float>.size
  }

  /// Whether the parameters fit each other, as the kernel's contract says.
  package var isValid: Bool {
    let most = 512
    let widths = [vwm, vwn]
    let sizes = [mwg, nwg, kwg, mdimc, ndimc, mdima, ndimb, kwi]
    guard sizes.allSatisfy({ 1...most ~= $0 }), widths.allSatisfy([1, 2, 4, 8].contains),
      [strm, strn, sa, sb].allSatisfy({ 0...1 ~= $0 }), items.nonzeroBitCount == 1
    else { return false }
    guard mwg % (mdimc * vwm) == 0, nwg % (ndimc * vwn) == 0, kwg % kwi == 0,
      mwg / mdimc * (nwg / ndimc) <= 256
    else { return false }
    func spreads(_ lanes: Int, over size: Int) -> Bool {
      items % lanes == 0 && size % lanes == 0 && kwg % (items / lanes) == 0
    }
    return (sa == 0 || spreads(mdima, over: mwg)) && (sb == 0 || spreads(ndimb, over: nwg))
  }

  /// Whether a device can run it.
  package func fits(_ limits: WorkGroupLimits) -> Bool {
    isValid && limits.allow(ndimc, mdimc) && localMemory <= limits.localMemory
  }

  /// The same with the work-items spread so that neighbours read neighbours in whole vectors, which
  /// depends on how the operands lie in memory; nil if there is no way.
  package func spreading(transposesLeft: Bool, transposesRight: Bool) -> MatMulGPUTile? {
    let lanes = (0...9).map { 1 << $0 }
    func best(_ runsAlongK: Bool, _ size: Int, _ width: Int) -> Int? {
      let choices = lanes.filter { lane in
        items % lane == 0 && size % lane == 0 && kwg % (items / lane) == 0
      }
      func merit(_ lane: Int) -> (Int, Int) {
        let (share, along) = runsAlongK ? (kwg / (items / lane), items / lane) : (size / lane, lane)
        return (MatMulGPUTile.width(width, dividing: [share]), along)
      }
      return choices.max { merit($0) < merit($1) }
    }
    var tile = self
    if sa == 1 {
      guard let lane = best(!transposesLeft, mwg, vwm) else { return nil }
      tile.mdima = lane
    }
    if sb == 1 {
      guard let lane = best(transposesRight, nwg, vwn) else { return nil }
      tile.ndimb = lane
    }
    return tile
  }

  /// The largest power of two up to `most` that divides all of some lengths.
  private static func width(_ most: Int, dividing lengths: [Int]) -> Int {
    var width = most
    while width > 1, !lengths.allSatisfy({ $0 % width == 0 }) { width /= 2 }
    return width
  }

  /// The kernel's options for a shape: the parameters, and how wide memory can be read and written.
  func options(for shape: MatMulShape) -> [(String, String)] {
    let (isAlongA, isAlongB) = (!shape.transposesLeft, shape.transposesRight)
    let shares = [isAlongA ? kwg * mdima / items : mwg / mdima] + shape.leftLines
    let others = [isAlongB ? kwg * ndimb / items : nwg / ndimb] + shape.rightLines
    // What is not staged is read in whole vectors along rows and columns or one by one.
    func unstaged(_ width: Int, _ lines: [Int], _ isAlong: Bool) -> Int {
      !isAlong && lines.allSatisfy { $0 % width == 0 } ? width : 1
    }
    let va =
      sa == 1
      ? MatMulGPUTile.width(vwm, dividing: shares) : unstaged(vwm, shape.leftLines, isAlongA)
    let vb =
      sb == 1
      ? MatMulGPUTile.width(vwn, dividing: others) : unstaged(vwn, shape.rightLines, isAlongB)
    let vc = shape.columns % vwn == 0 ? vwn : 1
    return MatMulGPUTile.fields.map { ($0.name, "\(self[keyPath: $0.path])") }
      + [("VA", "\(va)"), ("VB", "\(vb)"), ("VC", "\(vc)")]
  }
}

extension MatMulShape {
  /// The lengths within the left operand's memory that vectors must divide: its lines, where they
  /// begin, and where matrices begin.
  var leftLines: [Int] { [leftStride, transposesLeft ? rows : depth, batch.leftStep] }
  /// The right operand's.
  var rightLines: [Int] { [rightStride, transposesRight ? depth : columns, batch.rightStep] }
}
