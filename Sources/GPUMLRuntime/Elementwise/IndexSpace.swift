/// How a kernel walks over the elements of a result and its broadcast operands.
///
/// Neighbouring axes that every operand either steps through or repeats alike become one, so that
/// most kernels need one or two axes.
package struct IndexSpace: Equatable {
  /// The sizes of the joined axes; at least one.
  package private(set) var sizes: [Int]
  /// For each operand its step along each joined axis; 0 where it repeats.
  package private(set) var strides: [[Int]]

  /// - Parameters:
  ///   - shape: The shape of the result.
  ///   - operands: Shapes that stretch to it.
  package init(_ shape: [Int], operands: [[Int]]) {
    let steps = operands.map { IndexSpace.strides(of: $0, stretchedTo: shape) }
    sizes = []
    strides = operands.map { _ in [] }
    for (axis, size) in shape.enumerated() where size != 1 {
      // The last joined axis goes on if each operand's step over it continues into this one.
      let joins =
        !sizes.isEmpty
        && operands.indices.allSatisfy { operand in
          strides[operand].last == steps[operand][axis] * size
        }
      if joins {
        sizes[sizes.count - 1] *= size
        for operand in operands.indices {
          strides[operand][sizes.count - 1] = steps[operand][axis]
        }
      } else {
        sizes.append(size)
        for operand in operands.indices { strides[operand].append(steps[operand][axis]) }
      }
    }
    if sizes.isEmpty {
      sizes = [1]
      strides = operands.map { _ in [0] }
    }
  }

  /// The size of the last joined axis, along which operands lie side by side or repeat.
  package var inner: Int { sizes[sizes.count - 1] }
  /// The number of rows.
  package var outer: Int { sizes.dropLast().reduce(1, *) }

  private static func strides(of operand: [Int], stretchedTo shape: [Int]) -> [Int] {
    var steps = [Int](repeating: 0, count: shape.count)
    var step = 1
    let missing = shape.count - operand.count
    for axis in operand.indices.reversed() where missing + axis >= 0 {
      if operand[axis] != 1 { steps[missing + axis] = step }
      step *= operand[axis]
    }
    return steps
  }
}
