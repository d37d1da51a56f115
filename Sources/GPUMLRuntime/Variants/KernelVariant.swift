import GPUMLDevice
import GPUMLGraph

/// One way in which a primitive is computed on a device: what `gpuml doctor` tries and disables.
package struct KernelVariant: Sendable, Hashable, Codable {
  /// Which of a family's kernels.
  package enum Form: String, Sendable, Codable, CaseIterable {
    /// Those that the shape asks for.
    case plain
    /// Those that bring the operands into panels or tiles first.
    case packed
    /// Those that use matrix units.
    case matrix

    /// What tells it from plain kernels, for people.
    package var prefix: String {
      switch self {
      case .plain: ""
      case .packed: "packed"
      case .matrix: "matrix units"
      }
    }
  }

  package let primitive: String
  package let family: KernelFamily
  package let form: Form

  package init(_ primitive: String, _ family: KernelFamily, _ form: Form = .plain) {
    self.primitive = primitive
    self.family = family
    self.form = form
  }

  /// The primitives that have packed kernels, and for GPUs some that use matrix units, beside the others.
  package static let packed: Set<String> = [MatMul.name]
}

extension KernelVariant: CustomStringConvertible {
  /// Such as "matmul (packed, cpu kernels)".
  package var description: String {
    "\(primitive) (\(form.prefix.isEmpty ? "" : form.prefix + ", ")\(family.rawValue) kernels)"
  }
}

extension Set<KernelVariant> {
  /// The variants in a fixed order.
  package var ordered: [KernelVariant] { sorted { $0.description < $1.description } }

  /// Their names in one line, the first few of many.
  package var text: String {
    let most = 6
    let names = ordered.prefix(most).map(\.description).joined(separator: ", ")
    return count > most ? "\(names) and \(count - most) more" : names
  }
}
