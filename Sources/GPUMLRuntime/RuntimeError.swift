import GPUMLGraph

/// What can go wrong when a graph is planned or run.
public enum RuntimeError: Error, Sendable {
  /// A primitive has no kernel that suits its operands.
  case unsupported(primitive: String, reason: String)
  /// An input of a run is missing, unknown or of another type than declared.
  case invalidInput(name: String, reason: String)
  /// A variable is not in the store, or a value does not fit it.
  case invalidVariable(name: String, reason: String)
  /// A tensor is too large for the kernels' 32-bit sizes.
  case tooLarge(tensor: String, elements: Int)
  /// The kernel sources embedded in the binary lack a file.
  case missingKernel(name: String)
  /// `gpuml doctor` found every kernel of a primitive wrong on a device.
  case disabled(primitive: String, device: String)
}

extension RuntimeError: CustomStringConvertible {
  /// One line that names the operation and the values.
  public var description: String {
    switch self {
    case .unsupported(let primitive, let reason): "\(primitive): \(reason)"
    case .invalidInput(let name, let reason): "input '\(name)': \(reason)"
    case .invalidVariable(let name, let reason): "variable '\(name)': \(reason)"
    case .tooLarge(let tensor, let elements):
      "\(tensor): \(elements) elements are more than the "
        + "\(PlanBuilder.mostElements) that a kernel can address"
    case .missingKernel(let name): "no kernel file \(name) in this build"
    case .disabled(let primitive, let device):
      "\(primitive): gpuml doctor found all its kernels wrong on \(device) and disabled them; "
        + "'gpuml doctor' tries them again, say with a newer driver"
    }
  }
}
