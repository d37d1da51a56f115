import GPUMLGraph

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension LAMBUpdate: ReferenceEvaluable {
  /// Parameter by parameter, because its norm and that of its step decide the length of the step.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let step = UpdateOperands(self, inputs, state)
    var outputs = step.unchanged
    if !state.finite { return outputs }
    let corrections = (1 - pow(beta1, step.time), 1 - pow(beta2, step.time))
    for place in 0..<step.count {
      let parameter = step.parameters[place].values
      let gradient = step.gradients[place]
      let first = zip(step.slots[0][place].values, gradient).map { beta1 * $0 + (1 - beta1) * $1 }
      let second = zip(step.slots[1][place].values, gradient).map {
        beta2 * $0 + (1 - beta2) * $1 * $1
      }
      let direction = parameter.indices.map {
        first[$0] / corrections.0 / ((second[$0] / corrections.1).squareRoot() + epsilon)
          + weightDecay * parameter[$0]
      }
      let norms = (norm(parameter), norm(direction))
      let trust = norms.0 > 0 && norms.1 > 0 ? norms.0 / norms.1 : 1
      outputs[place].values = zip(parameter, direction).map { $0 - step.rate * trust * $1 }
      outputs[step.count + place].values = first
      outputs[2 * step.count + place].values = second
    }
    return outputs
  }
}

private func norm(_ values: [Double]) -> Double {
  values.reduce(0) { $0 + $1 * $1 }.squareRoot()
}
