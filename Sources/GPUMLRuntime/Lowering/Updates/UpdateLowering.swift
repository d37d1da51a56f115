import GPUMLDevice
import GPUMLGraph

/// An optimizer's update as kernels over flat slabs.
package protocol UpdateLowering: UpdatePrimitive {
  /// The name of the kernel, which is that of its file in `Kernels/Optimizer`.
  var kernel: String { get }
  /// The options of the file besides those of every update.
  var options: [(String, String)] { get }
  /// The constants of the kernel, in order.
  var constants: [Float] { get }
  /// Adds the launches for parameters that lie side by side.
  func lower(_ stretch: UpdateStretch, in builder: PlanBuilder) throws
}

extension UpdateLowering {
  /// None.
  package var options: [(String, String)] { [] }

  /// One launch over all elements.
  package func lower(_ stretch: UpdateStretch, in builder: PlanBuilder) throws {
    let instance = KernelInstance(
      file: "Optimizer/\(kernel)",
      options: options + [("SCALED", stretch.scale == nil ? "0" : "1")]
        + UpdateLaunch.options(in: builder))
    builder.launch(
      kernel, of: instance, label: "\(name) of \(stretch.size.count) elements",
      stretch.operands + [try builder.int(stretch.size.count)] + constants.map { .float($0) },
      global: stretch.size.global, local: stretch.size.local)
  }
}

extension SGDUpdate: UpdateLowering {
  package var kernel: String { "sgd" }
  package var options: [(String, String)] {
    [("MOMENTUM", momentum == 0 ? "0" : "1"), ("NESTEROV", nesterov ? "1" : "0")]
  }
  package var constants: [Float] { [Float(momentum), Float(weightDecay)] }
}

// Of every average β the kernels get 1 − β, and some log β, rounded once, from double: float(0.999)
// alone is off by 1e-8, which is 1e-5 of 1 − β.

extension AdamUpdate: UpdateLowering {
  package var kernel: String { "adam" }
  package var options: [(String, String)] { [("DECOUPLED", decoupled ? "1" : "0")] }
  package var constants: [Float] {
    [
      Float(beta1), Float(1 - beta1), Float(logarithm(beta1)), Float(beta2), Float(1 - beta2),
      Float(logarithm(beta2)), Float(epsilon), Float(weightDecay),
    ]
  }
}

extension RMSPropUpdate: UpdateLowering {
  package var kernel: String { "rmsprop" }
  package var options: [(String, String)] {
    [("CENTERED", isCentered ? "1" : "0"), ("MOMENTUM", momentum == 0 ? "0" : "1")]
  }
  package var constants: [Float] {
    [Float(alpha), Float(1 - alpha), Float(epsilon), Float(momentum), Float(weightDecay)]
  }
}

extension AdagradUpdate: UpdateLowering {
  package var kernel: String { "adagrad" }
  package var constants: [Float] { [Float(learningRateDecay), Float(epsilon), Float(weightDecay)] }
}

extension LionUpdate: UpdateLowering {
  package var kernel: String { "lion" }
  package var constants: [Float] {
    [Float(beta1), Float(1 - beta1), Float(beta2), Float(1 - beta2), Float(weightDecay)]
  }
}
