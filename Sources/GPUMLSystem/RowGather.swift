/// Rows picked out of a row-major table into a new array: the inner loop of building a batch.
///
/// Offsets are checked once a row, not once an element, so that the loops vectorise.
package enum RowGather {
  /// The rows as they are.
  ///
  /// - Precondition: Every row lies inside `values`.
  package static func copy<T: BitwiseCopyable>(
    _ values: [T], rows: [Int], width: Int
  ) -> [T] {
    gather(values, rows: rows, width: width) { source, target in
      _ = target.update(fromContentsOf: source)
    }
  }

  /// `(x - center) · scale` of every element.
  package static func affine(
    _ values: [UInt8], rows: [Int], width: Int, center: Float, scale: Float
  ) -> [Float] {
    gather(values, rows: rows, width: width) { source, target in
      for index in 0..<width { target[index] = (Float(source[index]) - center) * scale }
    }
  }

  /// `(x - center) · scale` of every element.
  package static func affine(
    _ values: [Float], rows: [Int], width: Int, center: Float, scale: Float
  ) -> [Float] {
    gather(values, rows: rows, width: width) { source, target in
      for index in 0..<width { target[index] = (source[index] - center) * scale }
    }
  }

  /// `(x - center[j]) · scale[j]` of every column j.
  ///
  /// - Precondition: `center` and `scale` have `width` elements.
  package static func affine(
    _ values: [UInt8], rows: [Int], width: Int, center: [Float], scale: [Float]
  ) -> [Float] {
    columnwise(values, rows: rows, width: width, center, scale) { Float($0) }
  }

  /// `(x - center[j]) · scale[j]` of every column j.
  ///
  /// - Precondition: `center` and `scale` have `width` elements.
  package static func affine(
    _ values: [Float], rows: [Int], width: Int, center: [Float], scale: [Float]
  ) -> [Float] {
    columnwise(values, rows: rows, width: width, center, scale) { $0 }
  }

  @inline(__always)
  private static func columnwise<T: BitwiseCopyable>(
    _ values: [T], rows: [Int], width: Int, _ center: [Float], _ scale: [Float],
    _ convert: (T) -> Float
  ) -> [Float] {
    precondition(center.count == width && scale.count == width, "one scale a column")
    return center.withUnsafeBufferPointer { center in
      scale.withUnsafeBufferPointer { scale in
        gather(values, rows: rows, width: width) { source, target in
          for index in 0..<width {
            target[index] = (convert(source[index]) - center[index]) * scale[index]
          }
        }
      }
    }
  }

  /// Unchecked element access inside rows that were checked: what makes the loops vectorise.
  @inline(__always)
  private static func gather<T: BitwiseCopyable, U: BitwiseCopyable>(
    _ values: [T], rows: [Int], width: Int,
    _ row: (UnsafeBufferPointer<T>, UnsafeMutableBufferPointer<U>) -> Void
  ) -> [U] {
    let count = width == 0 ? 0 : values.count / width
    let valid = rows.allSatisfy { $0 >= 0 && $0 < count }
    precondition(valid || width == 0, "a row outside the table")
    let (total, overflow) = rows.count.multipliedReportingOverflow(by: width)
    precondition(!overflow, "more elements than memory")
    if total == 0 { return [] }
    return [U](unsafeUninitializedCapacity: total) { target, initialized in
      values.withUnsafeBufferPointer { source in
        for (position, index) in rows.enumerated() {
          row(
            UnsafeBufferPointer(rebasing: source[index * width..<(index + 1) * width]),
            UnsafeMutableBufferPointer(
              rebasing: target[position * width..<(position + 1) * width]))
        }
      }
      initialized = total
    }
  }
}
