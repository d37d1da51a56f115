import GPUMLGraph

/// A primitive whose kernels compute on float32 alone.
package protocol Float32Lowering: KernelLowering {}

extension Graph {
  /// Puts conversions around primitives whose kernels take float32 only.
  package func promotingStorage() throws -> Graph {
    try rewritten { node, inputs in
      guard node.primitive is any Float32Lowering,
        inputs.contains(where: { $0.dtype == .float16 || $0.dtype == .bfloat16 })
      else { return nil }
      let promoted = try inputs.map { $0.dtype.isFloating ? try $0.cast(to: .float32) : $0 }
      let result = try Node(node.primitive, promoted)
      return try result.outputs.indices.map {
        try result.output($0).cast(to: node.outputs[$0].dtype)
      }
    }
  }
}
