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
    Trial(
      RandomNormal(
        shape: [Dim](random.shape()), stream: random.int(0...1000), dtype: random.dtype), []
    ).toleratingNormal()
  }
}

extension Trial {
  /// Of √(−2 ln(1 − u)) · cos(2πu′): OpenCL's log and sqrt are off by 3 ulp each, which the root halves
  /// for the first, and cospi by 4 ulp of 1, times a radius of at most √(48 ln 2) = 5.8.
  package func toleratingNormal() -> Trial { tolerating(relative: 1e-6, absolute: 2e-6) }
}
