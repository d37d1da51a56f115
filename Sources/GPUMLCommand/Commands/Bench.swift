import ArgumentParser

/// `gpuml bench`
struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures this machine's devices.",
    subcommands: [
      BenchMatMul.self, BenchElementwise.self, BenchReduce.self, BenchTrain.self, BenchInfer.self,
      BenchStartup.self,
    ])
}
