import GPUMLDevice
import GPUMLGraph

/// Products that want the same tile. It depends on sizes alone, so that results do too.
package struct MatMulShapeClass: Sendable, Hashable {
  /// How much there is to share among work-groups.
  package enum Size: String, Sendable, CaseIterable {
    /// Fewer than 256² results.
    case small
    /// Fewer than 1024².
    case medium
    case large
    /// At most 32 columns.
    case thin
    /// At most 32 rows.
    case flat
  }

  package let size: Size
  package let transposesLeft: Bool
  package let transposesRight: Bool

  package init(_ size: Size, transposesLeft: Bool, transposesRight: Bool) {
    self.size = size
    self.transposesLeft = transposesLeft
    self.transposesRight = transposesRight
  }

  package init(_ shape: MatMulShape) {
    let results = shape.rows.multipliedReportingOverflow(by: shape.columns).partialValue
    let all = results.multipliedReportingOverflow(by: shape.batch.count).partialValue
    let size: Size =
      if shape.columns <= 32 {
        .thin
      } else if shape.rows <= 32 {
        .flat
      } else if all < 256 * 256 {
        .small
      } else {
        all < 1024 * 1024 ? .medium : .large
      }
    self.init(
      size, transposesLeft: shape.transposesLeft, transposesRight: shape.transposesRight)
  }

  /// Such as "large nt": n for an operand as it is, t for one that is transposed.
  package var name: String {
    "\(size.rawValue) \(transposesLeft ? "t" : "n")\(transposesRight ? "t" : "n")"
  }

  package func key(_ family: KernelFamily) -> TuningKey { TuningKey(family, MatMul.name, name) }

  /// Every class.
  package static let all: [MatMulShapeClass] = Size.allCases.flatMap { size in
    [(false, false), (false, true), (true, false), (true, true)].map {
      MatMulShapeClass(size, transposesLeft: $0.0, transposesRight: $0.1)
    }
  }
}
