/// The k-th smallest of many numbers without sorting them all.
enum Selection {
  /// The element that sorting would put at `position`; what is smaller ends up before it.
  ///
  /// Hoare's quickselect with the middle element as pivot; linear on average.
  ///
  /// - Precondition: `position` is an index of `values`, and no value is NaN.
  static func element(at position: Int, of values: inout [Float]) -> Float {
    var low = 0
    var high = values.count - 1
    while low < high {
      let pivot = values[low + (high - low) / 2]
      var left = low
      var right = high
      while left <= right {
        while values[left] < pivot { left += 1 }
        while values[right] > pivot { right -= 1 }
        if left <= right {
          values.swapAt(left, right)
          left += 1
          right -= 1
        }
      }
      if position <= right {
        high = right
      } else if position >= left {
        low = left
      } else {
        break
      }
    }
    return values[position]
  }
}
