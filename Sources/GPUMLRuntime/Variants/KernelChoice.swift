import GPUMLDevice

/// Which family of kernels computes what in a plan.
package struct KernelChoice: Sendable {
  /// The family of all that is not disabled.
  package let standard: KernelFamily
  private let disabled: Set<KernelVariant>
  /// The device's name, for messages.
  private let device: String

  package init(_ standard: KernelFamily, disabled: Set<KernelVariant> = [], device: String = "") {
    self.standard = standard
    self.disabled = disabled
    self.device = device
  }

  /// The family whose kernels are fit for all of some primitives, which one launch computes.
  ///
  /// - Throws: `RuntimeError.disabled` if neither is.
  package func family(of primitives: [String]) throws -> KernelFamily {
    if disabled.isEmpty { return standard }
    for family in [standard, standard.other]
    where primitives.allSatisfy({ !disabled.contains(KernelVariant($0, family)) }) {
      return family
    }
    let culprit = primitives.first { disabled.contains(KernelVariant($0, standard)) }
    throw RuntimeError.disabled(primitive: culprit ?? "", device: device)
  }

  /// Whether a form of a primitive's kernels of a family is fit for use.
  package func allows(
    _ form: KernelVariant.Form, of primitive: String, _ family: KernelFamily
  ) -> Bool {
    !disabled.contains(KernelVariant(primitive, family, form))
  }
}
