import GPUMLDevice
import GPUMLGraph
import Testing

@testable import GPUMLRuntime

@Suite("The most elements of a tensor")
struct ElementLimitTests {
  /// Of the inputs, all of n elements, what takes work-items' shares of many of them.
  private static func outputs(_ n: Int) throws -> [Tensor] {
    let x = try Tensor.input("x", shape: [Dim(n)])
    let keys = try Tensor.input("keys", shape: [Dim(n)], dtype: .uint32)
    return [
      try x.exp(), try x.sliced(axis: 0, from: 1), try x.sum(), try x.cumulativeSum(axis: 0),
      try x.countNonZero(), try KeyOrder()(keys), try x.argmax(axis: 0), try x.softmax(),
      try x.rmsNorm(), try x.padded(axis: 0, before: -1, after: 1), try x.sorted().values,
    ]
  }

  @Test("one more than kernels address is an error that says how many", arguments: Harness.families)
  func beyond(family: KernelFamily) throws {
    let most = PlanBuilder.mostElements
    for output in try ElementLimitTests.outputs(most + 1) {
      #expect {
        try Harness.launches([output], family: family)
      } throws: {
        guard case RuntimeError.tooLarge(_, let elements) = $0 else { return false }
        return elements == most + 1 && "\($0)".contains("more than the \(most) that")
      }
    }
  }

  /// Where a kernel's whole numbers say how many elements there are, and how many a share has.
  private static let shares = [
    "chain": (0, 2), "strided_copy": (4, 7), "pad": (7, 10), "reduce_rows": (1, 2),
    "scan_rows": (1, 2), "non_zero_count": (0, 1), "order_count": (0, 1), "order_move": (0, 1),
  ]

  @Test("at the limit no work-item's share ends beyond 32 bits", arguments: Harness.families)
  func within(family: KernelFamily) throws {
    var found: Set<String> = []
    for output in try ElementLimitTests.outputs(PlanBuilder.mostElements) {
      for launch in try Harness.launches([output], family: family) {
        guard let (count, share) = ElementLimitTests.shares[launch.function],
          launch.numbers.count > share
        else { continue }
        let end = launch.numbers[count] + launch.numbers[share]
        #expect(end <= Int(Int32.max), "\(launch.label): \(launch.numbers)")
        found.insert(launch.function)
      }
    }
    // An element a work-item has no share to tell of.
    let expected = ElementLimitTests.shares.keys.filter { family == .cpu || $0 != "chain" }
    #expect(found == Set(expected))
  }
}
