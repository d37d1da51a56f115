import GPUMLGraph
import Testing

private let n = Dim.symbol("n")
private let m = Dim.symbol("m")

private func f(_ shape: Dim...) -> TensorType { TensorType(shape, .float32) }
private func i(_ shape: Dim...) -> TensorType { TensorType(shape, .int32) }

private func slice(_ starts: [Dim], _ sizes: [Dim], _ steps: [Dim]) -> StridedSlice {
  StridedSlice(starts: starts, sizes: sizes, steps: steps)
}

private func place(_ starts: [Dim], _ steps: [Dim], _ shape: [Dim]) -> StridedPlacement {
  StridedPlacement(starts: starts, steps: steps, shape: shape)
}

private func pad(_ before: [Dim], _ after: [Dim], _ mode: Pad.Mode = .constant) -> Pad {
  Pad(mode: mode, before: before, after: after, value: 1)
}

private func fold(_ before: [Dim], _ after: [Dim], _ mode: Pad.Mode = .edge) -> PadGradient {
  PadGradient(mode: mode, before: before, after: after)
}

private func range(
  _ start: Double, _ step: Double, _ count: Dim, _ dtype: DType = .float32
) -> NumberRange {
  NumberRange(start: start, step: step, count: count, dtype: dtype)
}

let layoutShapeCases: [ShapeCase] = sliceCases + joiningCases + paddingCases + sourceCases

private let sliceCases: [ShapeCase] = [
  ShapeCase(slice([1], [3], [2]), [f(6)], [f(3)]), ShapeCase(slice([5], [3], [-2]), [i(6)], [i(3)]),
  ShapeCase(slice([5], [4], [-2]), [f(6)], nil), ShapeCase(slice([4], [2], [2]), [f(6)], nil),
  ShapeCase(slice([6], [1], [1]), [f(6)], nil), ShapeCase(slice([-1], [1], [1]), [f(6)], nil),
  ShapeCase(slice([9], [0], [1]), [f(6)], [f(0)]), ShapeCase(slice([0], [-1], [1]), [f(6)], nil),
  ShapeCase(slice([0], [1], [0]), [f(6)], nil), ShapeCase(slice([], [], []), [f()], [f()]),
  ShapeCase(slice([0], [1], [1]), [f(6, 6)], nil), ShapeCase(slice([0, 0], [1], [1]), [f(6)], nil),
  ShapeCase(slice([0], [2], [Dim(.max)]), [f(6)], nil),
  ShapeCase(slice([0], [Dim(.max)], [Dim(.max)]), [f(6)], nil),
  ShapeCase(slice([Dim(.max)], [2], [Dim(.min)]), [f(6)], nil),
  ShapeCase(slice([n - 2], [2], [1]), [f(n)], [f(2)]), ShapeCase(slice([0], [3], [1]), [], nil),
  ShapeCase(place([1], [2], [6]), [f(3)], [f(6)]), ShapeCase(place([5], [-1], [n]), [f(n)], [f(n)]),
  ShapeCase(place([1], [3], [6]), [f(3)], nil), ShapeCase(place([0], [1], [6, 1]), [f(3)], nil),
  ShapeCase(place([0], [0], [6]), [f(3)], nil), ShapeCase(place([7], [1], [6]), [f(0)], [f(6)]),
]

private let joiningCases: [ShapeCase] = [
  ShapeCase(Concatenate(axis: 1), [f(n, 2), f(n, m), f(n, 0)], [f(n, m + 2)]),
  ShapeCase(Concatenate(axis: 0), [i(2)], [i(2)]), ShapeCase(Concatenate(axis: 0), [], nil),
  ShapeCase(Concatenate(axis: 1), [f(2), f(2)], nil), ShapeCase(Concatenate(axis: 0), [f()], nil),
  ShapeCase(Concatenate(axis: -1), [f(2), f(2)], nil),
  ShapeCase(Concatenate(axis: 0), [f(2), i(2)], nil),
  ShapeCase(Concatenate(axis: 0), [f(2, 3), f(2, 4)], nil),
  ShapeCase(Concatenate(axis: 0), [f(2, 3), f(2)], nil),
  ShapeCase(Triangle(isUpper: true, offset: .min), [f(n, 2, 3)], [f(n, 2, 3)]),
  ShapeCase(Triangle(isUpper: false, offset: 0), [f(3)], nil),
]

private let paddingCases: [ShapeCase] = [
  ShapeCase(pad([1, 0], [2, n]), [f(n, 3)], [f(n + 3, n + 3)]),
  ShapeCase(pad([-1], [-1]), [f(3)], [f(1)]), ShapeCase(pad([-1], [-1]), [f(1)], nil),
  ShapeCase(pad([1], [1, 1]), [f(3)], nil), ShapeCase(pad([1], [1]), [f(3, 3)], nil),
  ShapeCase(pad([Dim(.max)], [Dim(.max)]), [f(3)], [f(Dim(.max))]),
  ShapeCase(pad([Dim(.min)], [Dim(.min)]), [f(3)], nil),
  ShapeCase(pad([1], [0]), [f(0)], [f(1)]), ShapeCase(pad([1], [0], .edge), [f(0)], nil),
  ShapeCase(pad([0], [1], .reflect), [i(0)], nil), ShapeCase(pad([2], [1], .wrap), [f(0)], nil),
  ShapeCase(pad([1], [-1], .wrap), [f(0)], [f(0)]),
  ShapeCase(pad([7], [9], .reflect), [i(1)], [i(17)]), ShapeCase(pad([1], [1]), [], nil),
  ShapeCase(fold([1], [2]), [f(n + 3)], [f(n)]), ShapeCase(fold([-1], [-2]), [f(n)], [f(n + 3)]),
  ShapeCase(fold([1], [2], .constant), [f(5)], nil), ShapeCase(fold([3], [3]), [f(5)], nil),
  ShapeCase(fold([1], [2]), [i(5)], nil), ShapeCase(fold([1], [2]), [f(3)], nil),
  ShapeCase(fold([1], [2]), [f(5, 5)], nil),
]

private let sourceCases: [ShapeCase] = [
  ShapeCase(range(0, 1, n, .uint8), [], [TensorType([n], .uint8)]),
  ShapeCase(range(0.5, -0.1, 0), [], [f(0)]), ShapeCase(range(0, 1, -1), [], nil),
  ShapeCase(range(0.5, 1, 2, .int32), [], nil), ShapeCase(range(0, 0x1p60, 2, .int64), [], nil),
  ShapeCase(range(.nan, 1, 2), [], nil), ShapeCase(range(0, .infinity, 2), [], nil),
  ShapeCase(range(0, 1, 2, .bool), [], nil), ShapeCase(range(0, 1, 2), [f()], nil),
]

@Suite("Shapes and layout")
struct LayoutShapeTests {
  private let x: Tensor
  private let s: Tensor

  init() throws {
    x = try .input("x", shape: [4, 1, 6])
    s = try .input("s", shape: [n, 3])
  }

  @Test("sizes of what is composed")
  func shapes() throws {
    #expect(try x.reshaped(to: [-1, 8]).shape == [3, 8])
    #expect(try s.reshaped(to: [-1]).shape == [n * 3])
    #expect(try s.padded(axis: 0, after: 1).reshaped(to: [3, -1]).shape == [3, n + 1])
    #expect(try x.squeezed().shape == [4, 6])
    #expect(try x.flattened(from: -2).shape == [4, 6])
    #expect(try x.flattened(from: -3).shape == [24])
    #expect(try x.unsqueezed(axes: [-1, 0]).shape == [1, 4, 1, 6, 1])
    #expect(try x.swappedAxes(0, -1).shape == [6, 1, 4])
    #expect(try x.movedAxis(from: 0, to: -1).shape == [1, 6, 4])
    #expect(try Tensor.concatenated([s, s], axis: 0).shape == [n * 2, 3])
    #expect(try Tensor.stacked([s, s], axis: -1).shape == [n, 3, 2])
    #expect(try Tensor.concatenated([s, s]).split(into: 2).map(\.shape) == [s.shape, s.shape])
    #expect(try x.split(sizes: [1, 5], axis: -1).map(\.shape) == [[4, 1, 1], [4, 1, 5]])
    #expect(try s.tiled([2, n, 1]).shape == [2, n * n, 3])
    #expect(try s.repeated(n, axis: -1).shape == [n, n * 3])
    #expect(try s.flipped().shape == s.shape)
    #expect(try s.rolled(by: 5, along: 0).shape == s.shape)
    #expect(try x.diagonal(offset: -1, axes: (2, 0)).shape == [1, 4])
    #expect(try s.reshaped(to: [3, n]).matmul(s).diagonalMatrix(offset: -2).shape == [3, 5, 5])
    #expect(try Tensor.eye(n, columns: 3).shape == [n, 3])
    #expect(try Tensor.range(from: 1, to: 0, by: -0.25).shape == [4])
  }

  @Test("a slice of a symbolic axis is an expression")
  func symbolic() throws {
    #expect(try s.sliced(axis: 0, from: -2).shape[0] == 2)
    #expect(try s.sliced(axis: 0, to: -2).shape[0] == n - 2)
    #expect(try s.sliced(axis: 0, from: 1, by: 2).shape[0] == n / 2)
    #expect(try s.sliced(axis: 0, by: -3).shape[0] == (n + 2) / 3)
    #expect(try s.sliced(axis: 0, from: 1, to: n - 1).shape[0] == n - 2)
    #expect(try s.sliced(starts: [.max], ends: [.min], steps: [-1]).shape[0] == n)
    #expect(try s.sliced(starts: [.min], ends: [.max]).shape[0] == n)
    #expect(try s.sliced(starts: [.max], ends: [.max]).shape[0] == 0)
    let pairs = try Tensor.concatenated([s, s])
    #expect(try pairs.sliced(axis: 0, by: 2).shape[0] == n)
    #expect(try pairs.sliced(axis: 0, from: 1, by: 2).shape[0] == n)
    // What only moves nothing is nothing.
    #expect(try s.sliced(axis: 0) == s)
  }

  @Test("bounds along an axis of known size are clamped as Python does")
  func clamped() throws {
    for size in 0...4 {
      let x = try Tensor.input("x", shape: [Dim(size)])
      for step in [1, 2, 5, -1, -2, -5] {
        for start in -6...6 {
          for end in -6...6 {
            let last = step > 0 ? size : size - 1
            func clamp(_ bound: Int) -> Int {
              max(step > 0 ? 0 : -1, min(last, bound < 0 ? bound + size : bound))
            }
            let expected = Array(stride(from: clamp(start), to: clamp(end), by: step))
            let found = try x.sliced(starts: [start], ends: [end], steps: [step])
            #expect(found.shape == [Dim(expected.count)], "\(size): \(start) \(end) \(step)")
            guard let slice = found.node.primitive as? StridedSlice else { continue }
            #expect(expected.isEmpty || slice.starts == [Dim(expected.first ?? 0)])
          }
        }
      }
    }
  }

  @Test("bad use is an error that names the operation")
  func errors() throws {
    let uses: [(String, () throws -> Any)] = [
      ("reshape", { try x.reshaped(to: [-1, -1]) }), ("reshape", { try x.reshaped(to: [-1, 5]) }),
      ("reshape", { try x.reshaped(to: [-1, 0]) }), ("reshape", { try s.reshaped(to: [-1, 2]) }),
      ("squeeze", { try x.squeezed(axes: [0]) }), ("squeeze", { try x.squeezed(axes: [1, -2]) }),
      ("unsqueeze", { try x.unsqueezed(axes: [5]) }),
      ("unsqueeze", { try x.unsqueezed(axes: [0, -5]) }),
      ("unsqueeze", { try x.unsqueezed(axes: [.min]) }),
      ("swap_axes", { try x.swappedAxes(0, 3) }),
      ("move_axis", { try x.movedAxis(from: .min, to: 0) }),
      ("concatenate", { try Tensor.concatenated([]) }),
      ("concatenate", { try Tensor.concatenated([x, s]) }),
      ("concatenate", { try Tensor.concatenated([x], axis: 3) }),
      ("stack", { try Tensor.stacked([]) }), ("stack", { try Tensor.stacked([x, s]) }),
      ("unsqueeze", { try Tensor.stacked([x], axis: 4) }),
      ("split", { try x.split(into: 4, axis: 2) }), ("split", { try x.split(into: 0) }),
      ("split", { try x.split(into: .max) }), ("split", { try s.split(into: 2) }),
      ("split", { try x.split(sizes: [1, 2]) }),
      ("slice", { try x.split(sizes: [5, -1]) }),
      ("slice", { try x.sliced(axis: 3) }), ("slice", { try x.sliced(axis: 0, by: 0) }),
      ("slice", { try x.sliced(starts: [0, 0], ends: [1]) }),
      ("slice", { try x.sliced(starts: [0, 0], ends: [1, 1], axes: [0, -3]) }),
      ("flip", { try x.flipped(axes: [0, 0]) }),
      ("pad", { try x.padded(before: [1], after: [1]) }),
      ("pad", { try x.padded(axis: 1, before: -2) }), ("pad", { try x.padded(axis: 4) }),
      ("roll", { try x.rolled(by: [1], axes: []) }), ("roll", { try x.rolled(by: 1, along: 3) }),
      ("roll", { try s.rolled(by: .max, along: 0) }),
      ("tile", { try x.tiled([-1]) }), ("repeat", { try x.repeated(-1, axis: 0) }),
      ("repeat", { try x.repeated(1, axis: 3) }),
      ("flatten", { try s.flattened(from: 9) }), ("flatten", { try s.flattened(from: .min) }),
      ("triangle", { try Tensor.constant(1).lowerTriangle() }),
      ("diagonal", { try s.diagonal() }), ("diagonal", { try x.diagonal(axes: (0, -3)) }),
      ("diagonal_matrix", { try Tensor.constant(1).diagonalMatrix() }),
      ("diagonal_matrix", { try x.diagonalMatrix(offset: .min) }),
      ("eye", { try Tensor.eye(-1) }), ("range", { try Tensor.range(from: 0, to: 1, by: 0) }),
      ("range", { try Tensor.range(from: 0, to: 1e12) }),
      ("range", { try Tensor.range(from: 0, to: .nan) }),
    ]
    for (operation, use) in uses {
      #expect {
        try use()
      } throws: {
        $0 is GraphError && "\($0)".hasPrefix(operation)
      }
    }
  }

  @Test("a saved padding or range of no known kind is refused")
  func malformed() {
    let widths = Attributes.Value.dims([1])
    for (name, attributes) in [
      ("pad", ["mode": .string("?"), "before": widths, "after": widths, "value": .double(0)]),
      (
        "range",
        [
          "start": .double(0), "step": .double(1), "count": .dims([1, 1]),
          "dtype": .string("int32"),
        ]
      ),
    ] as [(String, [String: Attributes.Value])] {
      #expect(throws: GraphError.self) {
        try PrimitiveRegistry.primitive(named: name, Attributes(attributes))
      }
    }
  }
}
