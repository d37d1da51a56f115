import ArgumentParser

/// `gpuml bench`
struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures this machine's devices.",
    subcommands: [BenchMatMul.self, BenchTrain.self, BenchInfer.self])
}
