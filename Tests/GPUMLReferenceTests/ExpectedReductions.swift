import GPUMLGraph

extension ExpectedCompositions {
  /// What is composed of reductions.
  static let reductions: [String: Build] = [
    "standard_deviation": { inputs, attributes in
      [
        try inputs[0].standardDeviation(
          axes: attributes.ints("axes"), correction: attributes.int("correction"))
      ]
    }
  ]
}
