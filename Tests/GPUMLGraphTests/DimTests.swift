import GPUMLGraph
import Testing

private let a = Dim.symbol("a")
private let b = Dim.symbol("b")

@Suite("Dimensions")
struct DimTests {
  private static let equal: [(Dim, Dim)] = {
    var pairs: [(Dim, Dim)] = [((a + 1) * 2, a * 2 + 2), (a * b, b * a), (a - a, Dim(0))]
    pairs.append(((a + b) * (a - b), a * a - b * b))
    pairs.append((a * 6 / 3, a * 2))
    pairs.append((a * b / b, a))
    pairs.append(((a * 4 + 8) / 4, a + 2))
    pairs.append((a / a, Dim(1)))
    pairs.append((Dim(7) / Dim(2), Dim(3)))
    pairs.append(((a + 1) / 2 * 2, Dim(2) * ((a + 1) / 2)))
    pairs.append((Dim(0) / Dim(5), Dim(0)))
    return pairs
  }()

  @Test("equal expressions are equal and hash alike", arguments: equal.indices)
  func normalForm(index: Int) {
    let (left, right) = Self.equal[index]
    #expect(left == right)
    #expect(left.hashValue == right.hashValue)
  }

  @Test("different expressions are not equal")
  func different() {
    #expect(a != b)
    #expect(a + 1 != a)
    #expect(a / 2 * 2 != a)
    #expect(a * a != a)
    #expect(a / 2 != a / 3)
    #expect(Dim(0) != Dim(1))
  }

  @Test("a quotient leaves what divides and rounds the rest down, below 0 too")
  func quotients() throws {
    #expect((a * 2 + 3) / 2 == a + 1)
    #expect((a * 2 - 1) / 2 == a - 1)
    #expect((a * 6 + b * 4 - 5) / 2 == a * 3 + b * 2 - 3)
    #expect(Dim(-3) / Dim(2) == Dim(-2))
    #expect(try (a - 5).signedValue(["a": 2]) == -3)
  }

  @Test("values agree with integer arithmetic")
  func values() throws {
    var random = Philox(seed: 11)
    for _ in 0..<200 {
      let (x, y) = (Int.random(in: 1...50, using: &random), Int.random(in: 1...50, using: &random))
      let k = Int.random(in: 1...9, using: &random)
      let values = ["a": x, "b": y]
      #expect(try ((a + b) * Dim(k)).value(values) == (x + y) * k)
      #expect(try ((a * b + Dim(k)) / b).value(values) == (x * y + k) / y)
      #expect(try (a * b - b + Dim(k)).value(values) == x * y - y + k)
      #expect(try ((a + Dim(k)) / Dim(k) + a / b).value(values) == (x + k) / k + x / y)
    }
  }

  @Test("the constant is known only without symbols")
  func constant() {
    #expect(Dim(5).constant == 5)
    #expect(Dim(0).constant == 0)
    #expect(a.constant == nil)
    #expect((a - a + 3).constant == 3)
  }

  @Test("symbols within quotients are found")
  func symbols() {
    #expect((a / b + 1).symbols == ["a", "b"])
    #expect(Dim(3).symbols.isEmpty)
  }

  @Test("text") func text() {
    #expect((a * 2 + 1).description == "2*a+1")
    #expect(Dim(0).description == "0")
    #expect([a, 3].text == "[a, 3]")
  }

  @Test(
    "arithmetic at the limits saturates and evaluating it is an error",
    arguments: [
      Dim(.max) * Dim(2), Dim(.max) + Dim(1), Dim(.min) * Dim(-1), Dim(.max) * a, a * a * a,
      Dim(.min), Dim(-1), a * Dim(-1), Dim(.min) - Dim(1),
    ] as [Dim])
  func overflow(dim: Dim) {
    #expect(throws: GraphError.self) { try dim.value(["a": 1 << 40]) }
  }

  @Test("a symbol without a value and a divisor of zero are errors")
  func errors() {
    #expect(throws: GraphError.unboundSymbol(name: "a", reason: "has no value")) {
      try a.value(["b": 1])
    }
    #expect(throws: GraphError.self) { try (a / b).value(["a": 1, "b": 0]) }
    #expect(throws: GraphError.self) { try (a / 0).value(["a": 1]) }
  }
}

@Suite("Broadcasting")
struct BroadcastingTests {
  @Test(
    "shapes that fit",
    arguments: [
      ([], [], []), ([2, 3], [], [2, 3]), ([3], [2, 1], [2, 3]), ([a, 1], [b], [a, b]),
      ([0], [1], [0]), ([2, 1, 4], [3, 1], [2, 3, 4]), ([a * 2], [a + a], [a * 2]),
    ] as [([Dim], [Dim], [Dim])])
  func fits(left: [Dim], right: [Dim], expected: [Dim]) {
    #expect(Broadcasting.shape(left, right) == expected)
    #expect(Broadcasting.shape(right, left) == expected)
  }

  @Test(
    "shapes that do not fit",
    arguments: [
      ([2], [3]), ([0], [2]), ([a], [b]), ([a], [2]), ([2, 3], [2, 1, 2]),
    ] as [([Dim], [Dim])])
  func doesNotFit(left: [Dim], right: [Dim]) {
    #expect(Broadcasting.shape(left, right) == nil)
    #expect(Broadcasting.shape(right, left) == nil)
  }

  @Test("stretching never drops an axis or shrinks one")
  func stretches() {
    #expect(Broadcasting.stretches([1, 3], to: [2, 3]))
    #expect(!Broadcasting.stretches([2, 3], to: [3]))
    #expect(!Broadcasting.stretches([2], to: [1]))
  }
}
