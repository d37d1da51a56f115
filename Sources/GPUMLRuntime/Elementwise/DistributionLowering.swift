import GPUMLGraph

extension RandomPrimitive {
  /// A call of a function of random words at a linear index.
  fileprivate func call(
    _ function: String, _ index: String, _ form: ElementCode.Form, _ parameters: [Double] = []
  ) -> String {
    let numbers = parameters.map { ", \(ElementCode.literal($0, .float32, .scalar))" }.joined()
    let suffix = form == .vector ? "_v" : ""
    let word = UInt32(truncatingIfNeeded: stream)
    return "\(function)\(suffix)(state, \(word)u, (uint)(\(index))\(numbers))"
  }
}

extension RandomBits: RandomLowering {
  package func expression(index: String, _ form: ElementCode.Form) -> String {
    call("random_bits", index, form)
  }
}

extension RandomInteger: RandomLowering {
  package func expression(index: String, _ form: ElementCode.Form) -> String {
    let least = UInt32(truncatingIfNeeded: low)
    let size = UInt32(truncatingIfNeeded: high - low)
    return "((int)(\(least)u + mul_hi(\(call("random_bits", index, form)), \(size)u)))"
  }
}

extension RandomExponential: RandomLowering {
  package func expression(index: String, _ form: ElementCode.Form) -> String {
    call("random_exponential", index, form)
  }
}

extension RandomTruncatedNormal: RandomLowering {
  package func expression(index: String, _ form: ElementCode.Form) -> String {
    call(
      "random_truncated_normal", index, form,
      [below, probability, above, mean, deviation, low, high])
  }
}
