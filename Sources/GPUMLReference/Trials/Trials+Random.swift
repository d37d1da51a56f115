import GPUMLGraph

extension RandomUniform: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    Trial(
      RandomUniform(
        shape: [Dim](random.shape()), stream: random.int(0...1000), dtype: random.dtype), []
    ).exact()
  }
}

extension RandomNormal: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    // The radius and the angle are rounded on their way through float32.
    Trial(
      RandomNormal(
        shape: [Dim](random.shape()), stream: random.int(0...1000), dtype: random.dtype), []
    ).tolerating(relative: 1e-4, absolute: 1e-5)
  }
}
