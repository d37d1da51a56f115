import GPUMLGraph

/// A random primitive's meaning in OpenCL C.
package protocol RandomLowering: RandomPrimitive {
  /// An expression for the elements from a linear index on; `state` is the state block.
  func expression(index: String, _ form: ElementCode.Form) -> String
}

extension RandomUniform: RandomLowering {
  package func expression(index: String, _ form: ElementCode.Form) -> String {
    let function = form == .vector ? "random_uniform_v" : "random_uniform"
    return "\(function)(state, \(UInt32(truncatingIfNeeded: stream))u, (uint)(\(index)))"
  }
}

extension RandomNormal: RandomLowering {
  package func expression(index: String, _ form: ElementCode.Form) -> String {
    let function = form == .vector ? "random_normal_v" : "random_normal"
    return "\(function)(state, \(UInt32(truncatingIfNeeded: stream))u, (uint)(\(index)))"
  }
}
