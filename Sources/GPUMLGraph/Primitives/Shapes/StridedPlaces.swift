/// A start and a step along each axis: which places of a tensor are meant.
package struct StridedPlaces: Sendable {
  package let starts: [Dim]
  package let steps: [Dim]

  /// The places along one axis as numbers.
  package struct Axis: Sendable {
    package let start: Int
    package let step: Int
    package let size: Int

    /// Whether all places lie in an axis of `extent` elements; no place lies in every axis.
    package func fits(in extent: Int) -> Bool {
      if size <= 0 || step == 0 { return size == 0 && step != 0 }
      let (distance, overflow) = (size - 1).multipliedReportingOverflow(by: step)
      let (last, overflowsToo) = start.addingReportingOverflow(distance)
      return !overflow && !overflowsToo && (0..<extent).contains(start)
        && (0..<extent).contains(last)
    }
  }

  /// What is wrong with `sizes` places within `shape`, as far as numbers tell.
  package func misfit(_ sizes: [Dim], within shape: [Dim]) -> String? {
    let rank = shape.count
    guard starts.count == rank, steps.count == rank, sizes.count == rank else {
      return "there are \(starts.count) starts, \(steps.count) steps and \(sizes.count) sizes "
        + "for \(rank) axes"
    }
    for axis in shape.indices {
      if steps[axis] == 0 { return "the step along axis \(axis) is 0" }
      if let size = sizes[axis].constant, size < 0 { return "axis \(axis) would have size \(size)" }
      guard let start = starts[axis].constant, let step = steps[axis].constant,
        let size = sizes[axis].constant, let extent = shape[axis].constant
      else { continue }
      let places = Axis(start: start, step: step, size: size)
      if !places.fits(in: extent) { return reason(places, axis) }
    }
    return nil
  }

  /// The places as numbers, for shapes of which `misfit` has nothing to say.
  ///
  /// - Throws: `GraphError.shapeMismatch` if a place is outside.
  package func values(
    _ sizes: [Int], within shape: [Int], symbols: [String: Int], operation: String
  ) throws -> [Axis] {
    try shape.indices.map { axis in
      let places = Axis(
        start: try starts[axis].signedValue(symbols), step: try steps[axis].signedValue(symbols),
        size: sizes[axis])
      guard places.fits(in: shape[axis]) else {
        throw GraphError.shapeMismatch(
          operation: operation, shapes: ["\(shape)"], reason: reason(places, axis))
      }
      return places
    }
  }

  private func reason(_ places: Axis, _ axis: Int) -> String {
    "\(places.size) elements from \(places.start) on in steps of \(places.step) "
      + "do not lie within axis \(axis)"
  }
}
