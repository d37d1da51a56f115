import GPUMLDevice
import Synchronization

/// The kernels that a device has ready, shared by all plans of a store.
///
/// Compiling is the slowest part of a cold start, and drivers compile a kernel again for each
/// program that holds it. So a plan compiles one program of just the kernels that no plan before
/// it has brought along.
package final class KernelLibrary: Sendable {
  private struct Place: Sendable {
    let program: Program
    let suffix: String
  }

  private let context: DeviceContext
  /// The width of the CPU kernels' vectors.
  package let vectorWidth: Int
  private let buildOptions: String
  private let places = Mutex<[KernelInstance: Place]>([:])

  package init(_ context: DeviceContext, extraOptions: String = "") {
    self.context = context
    buildOptions = ["-cl-std=CL1.2", extraOptions].filter { !$0.isEmpty }.joined(separator: " ")
    vectorWidth =
      switch (context.kernelFamily, context.device.nativeVectorWidthFloat) {
      case (.gpu, _): 4
      case (.cpu, 16...): 16
      case (.cpu, 8...): 8
      case (.cpu, _): 4
      }
  }

  /// Compiles what is missing of some kernels; blocks while it compiles.
  ///
  /// - Throws: `DeviceError.buildFailed` if the driver rejects a kernel.
  package func prepare(_ instances: [KernelInstance]) throws {
    try places.withLock { places in
      var text = ProgramText()
      for instance in instances where places[instance] == nil { text.add(instance) }
      if text.instances.isEmpty { return }
      let source = try text.source()
      DebugLog.shared.print(4) { source }
      let program = try context.programs.program(
        source: source, options: "\(buildOptions) -D VW=\(vectorWidth)",
        label: text.label)
      for instance in text.instances {
        places[instance] = Place(program: program, suffix: text.suffix(of: instance))
      }
    }
  }

  /// A kernel object of its own for one launch.
  ///
  /// - Throws: `RuntimeError.missingKernel` if the instance was not prepared.
  package func kernel(_ function: String, of instance: KernelInstance) throws -> Kernel {
    guard let place = places.withLock({ $0[instance] }) else {
      throw RuntimeError.missingKernel(name: function)
    }
    return try place.program.kernel(function + place.suffix)
  }
}
