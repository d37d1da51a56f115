import GPUMLGraph
import Testing

@Test("deep", arguments: [1000, 3000, 10_000, 30_000, 100_000])
func deep(_ depth: Int) async throws {
  var x = try Tensor.input("x", shape: [2])
  for _ in 0..<depth { x = try x.relu() }
  let y = x
  x = try Tensor.input("x", shape: [2])
  let t = Task.detached { [y] in y.rank }
  _ = await t.value
  print("depth", depth)
}
