import GPUMLGraph

/// A random primitive's meaning in OpenCL C.
package protocol RandomLowering: RandomPrimitive {
  /// An expression for the elements.
  ///
  /// - Parameter bits: The random words of the elements in a stream, as an expression.
  func expression(_ bits: (UInt32) -> String, _ form: ElementCode.Form) -> String
}

extension RandomPrimitive {
  /// A call of a function of the random words of this primitive's stream.
  fileprivate func call(
    _ function: String, _ bits: (UInt32) -> String, _ form: ElementCode.Form,
    _ parameters: [Double] = []
  ) -> String {
    let numbers = parameters.map { ", \(ElementCode.literal($0, .float32, .scalar))" }.joined()
    return "\(function)\(form == .vector ? "_v" : "")(\(bits(word))\(numbers))"
  }

  fileprivate var word: UInt32 { UInt32(truncatingIfNeeded: stream) }
}

extension RandomUniform: RandomLowering {
  package func expression(_ bits: (UInt32) -> String, _ form: ElementCode.Form) -> String {
    call("random_uniform", bits, form)
  }
}

extension RandomNormal: RandomLowering {
  package func expression(_ bits: (UInt32) -> String, _ form: ElementCode.Form) -> String {
    let function = form == .vector ? "random_normal_v" : "random_normal"
    return "\(function)(\(bits(word)), \(bits(word | 0x8000_0000)))"
  }
}

extension RandomBits: RandomLowering {
  package func expression(_ bits: (UInt32) -> String, _ form: ElementCode.Form) -> String {
    bits(word)
  }
}

extension RandomInteger: RandomLowering {
  package func expression(_ bits: (UInt32) -> String, _ form: ElementCode.Form) -> String {
    let least = UInt32(truncatingIfNeeded: low)
    let size = UInt32(truncatingIfNeeded: high - low)
    return "((int)(\(least)u + mul_hi(\(bits(word)), \(size)u)))"
  }
}

extension RandomExponential: RandomLowering {
  package func expression(_ bits: (UInt32) -> String, _ form: ElementCode.Form) -> String {
    call("random_exponential", bits, form)
  }
}

extension RandomTruncatedNormal: RandomLowering {
  package func expression(_ bits: (UInt32) -> String, _ form: ElementCode.Form) -> String {
    call(
      "random_truncated_normal", bits, form,
      [below, probability, above, mean, deviation, low, high])
  }
}
