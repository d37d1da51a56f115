import GPUMLGraph
import Testing

private let n = Dim.symbol("n")
private func f(_ shape: Dim...) -> TensorType { TensorType(shape, .float32) }
private func i(_ shape: Dim...) -> TensorType { TensorType(shape, .int32) }
private func long(_ shape: Dim...) -> TensorType { TensorType(shape, .int64) }
private func word(_ shape: Dim...) -> TensorType { TensorType(shape, .uint32) }

/// What fits and what does not: gathers, scatters, sizes that data decide, random numbers.
func indexingCases() -> [ShapeCase] {
  let gather = Gather(axis: 1)
  let sum = ScatterSum(axis: 1, size: n)
  let along = ScatterSumAlongAxis(axis: 0, size: 5)
  let last = LastPlaces(axis: 1, size: n)
  func normal(
    _ low: Double, _ high: Double, mean: Double = 0, deviation: Double = 1, stream: Int = 0
  ) -> RandomTruncatedNormal {
    RandomTruncatedNormal(
      shape: [n], stream: stream, mean: mean, deviation: deviation, low: low, high: high)
  }
  func integer(_ low: Int, _ high: Int, stream: Int = 0) -> RandomInteger {
    RandomInteger(shape: [n], stream: stream, low: low, high: high)
  }
  return [
    ShapeCase(gather, [f(2, n, 3), i(4, n)], [f(2, 4, n, 3)]),
    ShapeCase(gather, [f(2, 0), long()], [f(2)]),
    ShapeCase(gather, [i(2, 3), i(0)], [i(2, 0)]),
    ShapeCase(gather, [f(2), i(1)], nil), ShapeCase(gather, [f(2, 3), f(1)], nil),
    ShapeCase(gather, [f(2, 3)], nil), ShapeCase(Gather(axis: -1), [f(2), i(1)], nil),
    ShapeCase(Gather(axis: .max), [f(2), i(1)], nil),
    ShapeCase(TakeAlongAxis(axis: 1), [f(n, 3), i(n, 9)], [f(n, 9)]),
    ShapeCase(TakeAlongAxis(axis: 1), [f(n, 3), i(2, 9)], nil),
    ShapeCase(TakeAlongAxis(axis: 0), [f(3), i(2, 3)], nil),
    ShapeCase(TakeAlongAxis(axis: 0), [f(), i()], nil),
    ShapeCase(TakeAlongAxis(axis: 0), [f(3), word(3)], nil),
    ShapeCase(sum, [f(2, 4, 3, 5), i(4, 3)], [f(2, n, 5)]),
    ShapeCase(sum, [i(2), long()], [i(2, n)]),
    ShapeCase(sum, [f(2, 4), i(5)], nil), ShapeCase(sum, [f(), i()], nil),
    ShapeCase(sum, [TensorType([2, 4], .bool), i(4)], nil), ShapeCase(sum, [f(2, 4), f(4)], nil),
    ShapeCase(ScatterSum(axis: .min, size: 1), [f(4), i(4)], nil),
    ShapeCase(ScatterSum(axis: .max, size: 1), [f(4), i(4)], nil),
    ShapeCase(ScatterSum(axis: 0, size: -1), [f(4), i(4)], nil),
    ShapeCase(along, [f(n, 3), long(n, 3)], [f(5, 3)]),
    ShapeCase(along, [f(n, 3), i(n, 1)], nil), ShapeCase(along, [f(), i()], nil),
    ShapeCase(ScatterSumAlongAxis(axis: 0, size: -2), [f(4), i(4)], nil),
    ShapeCase(last, [long(2, 3)], [i(2, n)]), ShapeCase(last, [i(2)], nil),
    ShapeCase(last, [f(2, 3)], nil), ShapeCase(last, [], nil),
    ShapeCase(NonZero(symbol: "k", dtype: .int64), [f(2, n)], [long(.symbol("k"), 2)]),
    ShapeCase(NonZero(symbol: "k", dtype: .int32), [f()], [i(.symbol("k"), 0)]),
    ShapeCase(NonZero(symbol: "k", dtype: .float32), [f(2)], nil),
    ShapeCase(NonZero(symbol: "k", dtype: .int64), [], nil),
    ShapeCase(CountNonZero(), [TensorType([n], .bool)], [i()]),
    ShapeCase(CountNonZero(), [f(), f()], nil),
    ShapeCase(KeyOrder(), [word(n)], [i(n)]), ShapeCase(KeyOrder(), [i(n)], nil),
    ShapeCase(KeyOrder(), [word(2, 2)], nil), ShapeCase(KeyOrder(), [], nil),
    ShapeCase(RandomBits(shape: [n], stream: 0), [], [word(n)]),
    ShapeCase(RandomBits(shape: [n], stream: -1), [], nil),
    ShapeCase(RandomExponential(shape: [n], stream: 0), [], [f(n)]),
    ShapeCase(RandomExponential(shape: [n], stream: .max), [], nil),
    ShapeCase(integer(-5, 5), [], [i(n)]), ShapeCase(integer(5, 5), [], nil),
    ShapeCase(integer(0, .max), [], nil), ShapeCase(integer(.min, 0), [], nil),
    ShapeCase(integer(0, 1, stream: .min), [], nil), ShapeCase(integer(0, 1), [f()], nil),
    ShapeCase(normal(-2, 2), [], [f(n)]), ShapeCase(normal(-.infinity, .infinity), [], [f(n)]),
    ShapeCase(normal(2, -2), [], nil), ShapeCase(normal(.nan, 2), [], nil),
    ShapeCase(normal(40, 41), [], nil), ShapeCase(normal(0, 1, deviation: 0), [], nil),
    ShapeCase(normal(0, 1, mean: .infinity), [], nil), ShapeCase(normal(0, 1, stream: -3), [], nil),
  ]
}

@Suite("Shape rules of gathers and scatters")
struct IndexingShapeTests {
  private static let x = try? Tensor.input("x", shape: [n, 3, 4])

  private static func tensor(_ shape: [Dim], _ dtype: DType) throws -> Tensor {
    try .input("other", shape: shape, dtype: dtype)
  }

  @Test("what is composed has the shape that its comment tells")
  func shapes() throws {
    let x = try #require(Self.x)
    func index(_ shape: Dim...) throws -> Tensor { try Self.tensor(shape, .int32) }
    let row = try Self.tensor([n, 7, 4], .float32)
    #expect(try x.gathered(at: index(7, 2), axis: -2).shape == [n, 7, 2, 4])
    #expect(try x.taken(at: index(1, 9, 4), alongAxis: 1).shape == [n, 9, 4])
    #expect(try x.gathered(atPoints: index(7, 2)).shape == [7, 4])
    #expect(try x.gathered(atPoints: index(7, 0)).shape == [7, n, 3, 4])
    #expect(try x.scattering(row, at: index(7), axis: 1).shape == x.shape)
    #expect(try x.scatterAdding(.constant(1), at: index(7, 2), axis: 0).shape == x.shape)
    #expect(try x.putting(row, at: index(n, 7, 4), alongAxis: 1).shape == x.shape)
    #expect(try x.scatterAdding(.constant(1), at: index(n, 7, 4), alongAxis: -2).shape == x.shape)
    #expect(
      try x.scattering(Self.tensor([5, 4], .float32), atPoints: index(5, 2)).shape == x.shape)
    #expect(try index(2, n).oneHot(depth: n, axis: 0).shape == [n, 2, n])
    #expect(try index().oneHot(depth: 0).shape == [0])
    #expect(try x.categorical(stream: 1).shape == [n, 3])
    #expect(try x.shuffled(axis: -1, stream: 1).shape == x.shape)
    #expect(try x.elements(where: Self.tensor([n, 3], .bool)).rank == 2)
    #expect(try x.nonZero().shape.last == 3)
  }

  @Test("what does not fit is an error in one line")
  func errors() throws {
    let x = try #require(Self.x)
    func index(_ shape: Dim...) throws -> Tensor { try Self.tensor(shape, .int32) }
    let real = try Self.tensor([2], .float32)
    let bad: [() throws -> Tensor] = [
      { try x.gathered(at: index(2), axis: 3) }, { try x.gathered(at: real) },
      { try x.taken(at: index(3), alongAxis: 0) },
      { try x.taken(at: index(n, 2, 5), alongAxis: 1) },
      { try x.taken(at: index(n, 3, 4), alongAxis: -4) },
      { try x.gathered(atPoints: index(2, 4)) }, { try x.gathered(atPoints: index(2, n)) },
      { try x.gathered(atPoints: index()) }, { try x.gathered(atPoints: real) },
      { try x.scattering(x, at: index(7), axis: 1) },
      { try x.scattering(x.cast(to: .int32), at: index(3), axis: 1) },
      { try x.scatterAdding(x, at: real, axis: 1) },
      { try x.scatterAdding(x, at: index(3), axis: 9) },
      { try x.putting(x, at: index(3), alongAxis: 1) },
      { try x.putting(x.cast(to: .int8), at: index(n, 3, 4), alongAxis: 1) },
      { try x.scatterAdding(x, at: index(n, 2, 4), alongAxis: 1) },
      { try x.scattering(x, atPoints: index(2, 2)) }, { try real.oneHot(depth: 3) },
      { try index(2).oneHot(depth: 3, axis: 2) }, { try index(2).oneHot(depth: 3, axis: .min) },
      { try index(2).oneHot(depth: -3) },
      { try index(2).oneHot(depth: 3, on: 300, dtype: .uint8) },
      { try index(2).oneHot(depth: 3, off: -1, dtype: .uint8) },
      { try index(2).oneHot(depth: 3, on: 0.5, dtype: .int32) },
      { try x.elements(where: Self.tensor([3], .bool)) },
      { try x.nonZero(dtype: .uint8) }, { try x.shuffled(axis: 3, stream: 0) },
      { try .bernoulli(shape: [n], probability: 1.5, stream: 0) },
      { try .bernoulli(shape: [n], probability: .nan, stream: 0) },
      { try index(2).bernoulli(stream: 0) }, { try index(2).categorical(stream: 0) },
      { try Self.tensor([], .float32).categorical(stream: 0) },
      { try Self.tensor([2, 0], .float32).categorical(stream: 0) },
      { try .exponential(shape: [n], rate: 0, stream: 0) },
      { try .uniform(shape: [n], low: 1, high: 0, stream: 0) },
      { try .uniform(shape: [n], low: -3e38, high: 3e38, stream: 0) },
      { try .uniform(shape: [n], high: .nan, stream: 0) },
      { try .normal(shape: [n], deviation: -1, stream: 0) },
      { try .normal(shape: [n], mean: .infinity, stream: 0) },
      { try .integers(shape: [n], in: 3..<3, stream: 0) },
      { try .truncatedNormal(shape: [n], low: 1, high: -1, stream: 0) },
      { try .permutation(count: n, stream: -1) },
    ]
    for (place, build) in bad.enumerated() {
      #expect("case \(place)") {
        _ = try build()
      } throws: {
        $0 is GraphError && !"\($0)".contains("\n")
      }
    }
  }
}
