import GPUMLDevice

/// One kernel launch of a plan.
package struct Launch: Sendable {
  /// The value of a kernel's parameter.
  package enum Argument: Sendable {
    case reads(BufferID)
    case writes(BufferID)
    case int(Int32)
    case float(Float)
  }

  /// What it computes, for people.
  package let label: String
  package let function: String
  /// The file and the options that the function comes from.
  package let instance: KernelInstance
  package let arguments: [Argument]
  package let global: WorkSize
  package let local: WorkSize?

  /// The buffers it touches.
  package var buffers: [BufferID] {
    arguments.compactMap {
      switch $0 {
      case .reads(let buffer), .writes(let buffer): buffer
      default: nil
      }
    }
  }
}
