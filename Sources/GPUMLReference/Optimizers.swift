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
    let step = UpdateOperands(self, inputs, state)
    var outputs = step.unchanged
    if !state.finite { return outputs }
    for parameter in 0..<step.count {
      for place in inputs[parameter].values.indices {
        let result = next(
          parameter: inputs[parameter].values[place],
          gradient: step.gradients[parameter][place],
          slots: step.slots.map { $0[parameter].values[place] }, rate: step.rate, time: step.time)
        outputs[parameter].values[place] = result.parameter
        for kind in step.slots.indices {
          outputs[(1 + kind) * step.count + parameter].values[place] = result.slots[kind]
        }
      }
    }
    return outputs
  }
}

/// The operands of an update by role.
struct UpdateOperands {
  /// The number of parameters.
  let count: Int
  let parameters: [ReferenceTensor]
  /// The gradients without the loss scale, times the scale that the update was given.
  let gradients: [[Double]]
  /// The slots by kind and parameter.
  let slots: [[ReferenceTensor]]
  /// The learning rate.
  let rate: Double
  /// The number of this step, counted from 1.
  let time: Double

  init(_ primitive: any UpdatePrimitive, _ inputs: [ReferenceTensor], _ state: ReferenceState) {
    let (groups, scale) = primitive.grouped(inputs)
    count = groups[0].count
    parameters = groups[0]
    slots = Array(groups[2...])
    let factor = (scale?.values[0] ?? 1) / Double(state.lossScale)
    gradients = groups[1].map { $0.values.map { $0 * factor } }
    rate = Double(state.learningRate)
    time = Double(state.step) + 1
  }

  /// The outputs of an update that changes nothing.
  var unchanged: [ReferenceTensor] { parameters + slots.joined() }
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

extension RMSPropUpdate: ReferenceUpdate {
  /// Divided by the root mean square, or centered by the deviation, then perhaps with momentum.
  package func next(
    parameter: Double, gradient: Double, slots: [Double], rate: Double, time: Double
  ) -> (parameter: Double, slots: [Double]) {
    let gradient = gradient + weightDecay * parameter
    let square = alpha * slots[0] + (1 - alpha) * gradient * gradient
    var next = [square]
    var variance = square
    if isCentered {
      let average = alpha * slots[1] + (1 - alpha) * gradient
      next.append(average)
      // Rounding may bring it below 0.
      variance = max(square - average * average, 0)
    }
    var direction = gradient / (variance.squareRoot() + epsilon)
    if momentum != 0 {
      direction += momentum * (slots.last ?? 0)
      next.append(direction)
    }
    return (parameter - rate * direction, next)
  }
}

extension AdagradUpdate: ReferenceUpdate {
  /// Divided by the root of the sum of squares.
  package func next(
    parameter: Double, gradient: Double, slots: [Double], rate: Double, time: Double
  ) -> (parameter: Double, slots: [Double]) {
    let gradient = gradient + weightDecay * parameter
    let sum = slots[0] + gradient * gradient
    let rate = rate / (1 + (time - 1) * learningRateDecay)
    return (parameter - rate * gradient / (sum.squareRoot() + epsilon), [sum])
  }
}

extension LionUpdate: ReferenceUpdate {
  /// The sign of a moving average, and decoupled weight decay.
  package func next(
    parameter: Double, gradient: Double, slots: [Double], rate: Double, time: Double
  ) -> (parameter: Double, slots: [Double]) {
    let direction = beta1 * slots[0] + (1 - beta1) * gradient
    let sign = direction > 0 ? 1.0 : direction < 0 ? -1 : 0
    return (
      parameter - rate * (sign + weightDecay * parameter),
      [beta2 * slots[0] + (1 - beta2) * gradient]
    )
  }
}

extension EMAUpdate: ReferenceEvaluable {
  /// The first step copies; nothing changes while the state is not finite.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let count = inputs.count / 2
    guard state.finite else { return Array(inputs[..<count]) }
    let kept = state.step == 0 ? 0 : decay
    return zip(inputs, inputs[count...]).map { shadow, value in
      var next = shadow
      next.values = zip(shadow.values, value.values).map { kept * $0 + (1 - kept) * $1 }
      return next
    }
  }
}

extension GradientNorm: ReferenceEvaluable {
  /// The root of the sum of all squares.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let sum = inputs.reduce(0) { $1.values.reduce($0) { $0 + $1 * $1 } }
    let norm = sum.squareRoot() / Double(state.lossScale)
    return [ReferenceTensor(shape: [], dtype: .float32, values: [norm])]
  }
}
