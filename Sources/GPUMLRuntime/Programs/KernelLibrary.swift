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

  let context: DeviceContext
  /// The device that compiles and runs them.
  package var device: Device { context.device }
  /// The width of the vectors of the device's own family.
  package let vectorWidth: Int
  private let buildOptions: String
  private let sourceFolder: String?
  /// Whether all kernels are those in the binary.
  var usesOwnFiles: Bool { sourceFolder == nil }
  private let places = Mutex<[KernelInstance: Place]>([:])
  private let declaring: Atomic<Bool>

  package init(_ context: DeviceContext, options: PlanOptions = PlanOptions()) {
    self.context = context
    buildOptions = ["-cl-std=CL1.2", options.buildOptions].filter { !$0.isEmpty }
      .joined(separator: " ")
    sourceFolder = options.kernelFolder
    declaring = Atomic(KernelLibrary.takesDeclarations(context.device))
    vectorWidth = KernelLibrary.vectorWidth(
      of: options.family ?? context.kernelFamily, on: context.device)
  }

  /// The width of the vectors of a family's kernels.
  package func vectorWidth(of family: KernelFamily) -> Int {
    KernelLibrary.vectorWidth(of: family, on: context.device)
  }

  package static func vectorWidth(of family: KernelFamily, on device: Device) -> Int {
    switch (family, device.nativeVectorWidthFloat) {
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
      // One program a vector width, which a whole program shares.
      var texts: [Int: ProgramText] = [:]
      for instance in instances where places[instance] == nil {
        texts[instance.vectorWidth ?? vectorWidth, default: ProgramText()].add(instance)
      }
      for (width, text) in texts.sorted(by: { $0.key < $1.key }) {
        let program = try compile(text, vectorWidth: width)
        for instance in text.instances {
          places[instance] = Place(program: program, suffix: text.suffix(of: instance))
        }
      }
    }
  }

  /// Whether programs declare the compiler's functions themselves (Prelude/builtins).
  package var declaresBuiltins: Bool { declaring.load(ordering: .relaxed) }

  /// Compiles with our own declarations where the device takes them; a kernel that they do not
  /// suffice for is compiled as on other devices, and so is all that comes after it.
  private func compile(_ text: ProgramText, vectorWidth: Int) throws -> Program {
    func program(declaring: Bool, options: String) throws -> Program {
      let source = try text.source(in: sourceFolder, declaring: declaring)
      DebugLog.shared.print(4) { source }
      return try context.programs.program(
        source: source, options: "\(buildOptions) -D VW=\(vectorWidth)\(options)",
        label: text.label)
    }
    guard declaresBuiltins else { return try program(declaring: false, options: "") }
    do {
      return try program(declaring: true, options: " -D _OPENCL_H_")
    } catch DeviceError.buildFailed {
      let program = try program(declaring: false, options: "")
      declaring.store(false, ordering: .relaxed)
      return program
    }
  }

  /// PoCL 3 reads a header for each program, 0.3 s long; with the header's guard defined it does not.
  package static func takesDeclarations(_ device: Device) -> Bool {
    device.platformName == Platform.poclName && device.driverVersion.hasPrefix("3.")
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
