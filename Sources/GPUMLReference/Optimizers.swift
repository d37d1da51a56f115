import GPUMLGraph

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A primitive that computes the next values of parameters and slots, element by element.
package protocol ReferenceUpdate: UpdatePrimitive, ReferenceEvaluable {
  /// The next parameter and slots.
  ///
  /// - Parameter time: The number of this step, counted from 1.
  func next(
    parameter: Double, gradient: Double, slots: [Double], rate: Double, time: Double
  ) -> (parameter: Double, slots: [Double])
}

extension ReferenceUpdate {
  /// Element by element; nothing changes while the state is not finite.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let kinds = slotKinds.count
    let count = inputs.count / (2 + kinds)
    var outputs = Array(inputs[..<count] + inputs[(2 * count)...])
    if !state.finite { return outputs }
    let rate = Double(state.learningRate)
    let time = Double(state.step) + 1
    for parameter in 0..<count {
      for place in inputs[parameter].values.indices {
        let result = next(
          parameter: inputs[parameter].values[place],
          gradient: inputs[count + parameter].values[place],
          slots: (0..<kinds).map { inputs[(2 + $0) * count + parameter].values[place] },
          rate: rate, time: time)
        outputs[parameter].values[place] = result.parameter
        for kind in 0..<kinds {
          outputs[(1 + kind) * count + parameter].values[place] = result.slots[kind]
        }
      }
    }
    return outputs
  }
}

extension SGDUpdate: ReferenceUpdate {
  /// v ← μ·v + g; p ← p − lr·v, or Nesterov's form.
  package func next(
    parameter: Double, gradient: Double, slots: [Double], rate: Double, time: Double
  ) -> (parameter: Double, slots: [Double]) {
    let gradient = gradient + weightDecay * parameter
    let velocity = momentum * (slots.first ?? 0) + gradient
    let direction = nesterov ? gradient + momentum * velocity : velocity
    return (parameter - rate * direction, [velocity])
  }
}

extension AdamUpdate: ReferenceUpdate {
  /// Adam, or AdamW where the decay is decoupled.
  package func next(
    parameter: Double, gradient: Double, slots: [Double], rate: Double, time: Double
  ) -> (parameter: Double, slots: [Double]) {
    let gradient = decoupled ? gradient : gradient + weightDecay * parameter
    let decayed = decoupled ? parameter - rate * weightDecay * parameter : parameter
    let first = beta1 * slots[0] + (1 - beta1) * gradient
    let second = beta2 * slots[1] + (1 - beta2) * gradient * gradient
    let mean = first / (1 - pow(beta1, time))
    let variance = second / (1 - pow(beta2, time))
    return (decayed - rate * mean / (variance.squareRoot() + epsilon), [first, second])
  }
}
