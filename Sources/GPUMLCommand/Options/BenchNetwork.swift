import ArgumentParser
import GPUML

/// A network that is measured with made-up inputs.
struct BenchNetwork: ExpressibleByArgument {
  let name: String
  let preset: ModelPreset
  let featureShape = [784]
  let classCount = 10

  /// The batch that published figures of the network use.
  let defaultBatchSize = 128

  init?(argument: String) {
    // `mlp` is the network that figures are compared on, not the preset's default sizes.
    let text = argument == "mlp" ? "mlp:512,256" : argument
    guard let preset = try? ModelPreset(parsing: text) else { return nil }
    name = argument
    self.preset = preset
  }

  /// The graphs of the network, trained with Adam.
  func step() throws -> TrainStep {
    try TrainStep(
      preset.build(featureShape: featureShape, outputs: classCount), loss: .crossEntropy,
      optimizer: .adam(), featureShape: featureShape)
  }

  /// Batches of made-up examples and classes, each another.
  func batches(size: Int, count: Int) throws -> [Batch] {
    try (0..<count).map { batch in
      var random = Philox(seed: 2, stream: UInt64(batch))
      let width = featureShape.reduce(1, *)
      let values = (0..<size * width).map { _ in Float(random.next() >> 8) * 0x1p-24 }
      let labels = (0..<size).map { _ in Int32(random.next() % UInt32(classCount)) }
      return try Batch(
        inputs: HostTensor(values, shape: [size] + featureShape), labels: HostTensor(labels))
    }
  }
}
