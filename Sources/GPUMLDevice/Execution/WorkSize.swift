/// How many work-items a launch or a work-group has along one to three dimensions.
package struct WorkSize: Sendable, Hashable {
  // The driver reads these three as an array: they stay first and in this order.
  private let x: Int
  private let y: Int
  private let z: Int
  let dimensions: UInt32

  package init(_ x: Int) { (self.x, y, z, dimensions) = (x, 1, 1, 1) }

  package init(_ x: Int, _ y: Int) { (self.x, self.y, z, dimensions) = (x, y, 1, 2) }

  package init(_ x: Int, _ y: Int, _ z: Int) {
    (self.x, self.y, self.z, dimensions) = (x, y, z, 3)
  }

  /// The sizes of the dimensions in use.
  package var sizes: [Int] { Array([x, y, z].prefix(Int(dimensions))) }

  /// Whether there is no work-item.
  package var isEmpty: Bool { x == 0 || y == 0 || z == 0 }

  /// The sizes of all three dimensions, 1 where there is none.
  var extents: (Int, Int, Int) { (x, y, z) }

  var isOne: Bool { x == 1 && y == 1 && z == 1 }

  var isNegative: Bool { x < 0 || y < 0 || z < 0 }

  func withPointer<R>(_ body: (UnsafePointer<Int>) throws -> R) rethrows -> R {
    try withUnsafePointer(to: self) { pointer in
      try body(UnsafeRawPointer(pointer).assumingMemoryBound(to: Int.self))
    }
  }
}

extension WorkSize: CustomStringConvertible {
  package var description: String { sizes.map(String.init).joined(separator: "×") }
}
