import GPUMLDevice
import GPUMLGraph

/// What a search looks for better parameters of: the products of a class, by one kind of kernels.
package struct TuningSubject: Sendable, Hashable {
  package let shapes: MatMulShapeClass
  /// What matrix units multiply; nil for the kernels of all devices, with operands of `float32`.
  package let operand: MatrixOperand?

  package init(_ shapes: MatMulShapeClass, _ operand: MatrixOperand? = nil) {
    self.shapes = shapes
    self.operand = operand
  }

  /// Such as "large nt", or "large nt of tf32".
  package var name: String {
    switch operand {
    case nil: shapes.name
    case .tf32: "\(shapes.name) of tf32"
    case .float16, .bfloat16: "\(shapes.name) of 16 bits"
    }
  }

  func key(_ family: KernelFamily) -> TuningKey {
    operand.map { shapes.key($0) } ?? shapes.key(family)
  }

  /// The subjects that there are on a device for some classes: those of matrix units only where there are
  /// some, and where its context permits them. Operands of 16 bits share their parameters.
  static func all(_ classes: [MatMulShapeClass], on context: DeviceContext) -> [TuningSubject] {
    var operands: [MatrixOperand?] = [nil]
    if context.kernelFamily == .gpu {
      let library = KernelLibrary(context, options: PlanOptions.ofEnvironment)
      func offers(_ operand: MatrixOperand) -> Bool {
        context.matrixUnits.permits(operand) && MatrixProbe(operand, library).offers()
      }
      for choices: [MatrixOperand] in [[.bfloat16, .float16], [.tf32]] {
        if let operand = choices.first(where: offers) { operands.append(operand) }
      }
    }
    return operands.flatMap { operand in classes.map { TuningSubject($0, operand) } }
  }
}
