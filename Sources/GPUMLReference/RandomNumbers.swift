import GPUMLGraph

extension RandomUniform: ReferenceDraw {
  /// The top 24 bits.
  package func draw(_ word: UInt32) -> Double { Double(Philox.uniform(word)) }
}

extension RandomNormal: ReferenceEvaluable {
  /// Box–Muller on two words of the same lane.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let type = outputTypes[0]
    let count = HostTensor.elementCount(of: type.shape) ?? 0
    let word = UInt32(truncatingIfNeeded: stream)
    let first = state.words(count, stream: word)
    let second = state.words(count, stream: word | 0x8000_0000)
    let values = zip(first, second).map { Double(Philox.normal($0, $1)) }
    return [ReferenceTensor(shape: type.shape, dtype: type.dtype, values: values)]
  }
}

extension ReferenceState {
  /// The first `count` words of a stream at this step: 64 elements are the first words of sixteen
  /// blocks, then their second, third and fourth words, as wide vectors compute them.
  func words(_ count: Int, stream: UInt32) -> [UInt32] {
    let key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    let low = UInt32(truncatingIfNeeded: randomCounter)
    let high = UInt32(truncatingIfNeeded: randomCounter >> 32)
    let words = (0..<((count + 63) / 64)).flatMap { group in
      let blocks = (0..<16).map { place in
        Philox.block(
          counter: (UInt32(truncatingIfNeeded: group * 16 + place), stream, low, high), key: key)
      }
      return blocks.map(\.0) + blocks.map(\.1) + blocks.map(\.2) + blocks.map(\.3)
    }
    return Array(words.prefix(count))
  }
}
