import GPUMLDevice
import GPUMLReference

/// Tries the table of trials on a device and finds out which kernels fail there: what `gpuml doctor`
/// does.
package struct SelfTest: Sendable {
  /// What is tried, and for how long.
  package struct Settings: Sendable {
    /// Of shapes, attributes and elements.
    package var seed: UInt64 = 1
    /// The trials of a subject with each family.
    package var trials = 4
    /// What is tried.
    package var subjects = TrialTable.all
    /// Whether the device has matrix units, which are tried too.
    package var hasMatrixUnits = false
    /// When it ends, whatever is left; nil for no limit.
    package var limit: Duration? = .seconds(54)

    package init() {}
  }

  /// How far a test has come.
  package struct Progress: Sendable {
    package let done: Int
    package let total: Int
    /// What was tried last.
    package let family: KernelFamily
  }

  private let settings: Settings
  private let family: KernelFamily
  private let onProgress: @Sendable (Progress) -> Void

  /// - Parameter family: That of plans on the device.
  package init(
    _ settings: Settings = Settings(), family: KernelFamily,
    onProgress: @escaping @Sendable (Progress) -> Void = { _ in }
  ) {
    self.settings = settings
    self.family = family
    self.onProgress = onProgress
  }

  /// Runs all trials that time allows, each runner one job at a time.
  package func run(on runners: [any SelfTestRunner]) async -> SelfTestReport {
    let start = ContinuousClock.now
    let queue = SelfTestQueue(
      passes, report: SelfTestReport(family: family, subjects: settings.subjects),
      deadline: settings.limit.map { start + $0 }, onProgress: onProgress)
    await withTaskGroup(of: Void.self) { group in
      for runner in runners {
        group.addTask {
          while let job = await queue.next() {
            let begin = ContinuousClock.now
            do {
              let result = try await runner.run(job)
              await queue.finish(job, result, took: ContinuousClock.now - begin)
            } catch is SelfTestOutOfTime {
              await queue.leaveOut(job)
            } catch {
              await queue.lose(job, "\(error)")
            }
          }
        }
      }
    }
    return await queue.finalReport(seconds: (ContinuousClock.now - start) / .seconds(1))
  }

  /// What is tried one after the other: every primitive with the kernels that runs use, what is
  /// composed of them, the same with those that runs may fall back to, then more of all.
  private var passes: [SelfTestJob] {
    let primitives = settings.subjects.filter(\.isPrimitive).map(\.name)
    let compositions = settings.subjects.filter { !$0.isPrimitive }.map(\.name)
    let packed = primitives.filter { KernelVariant.packed.contains($0) }
    func pass(
      _ names: [String], _ family: KernelFamily, _ form: KernelVariant.Form, _ place: Int
    ) -> [SelfTestJob] {
      if names.isEmpty { return [] }
      return [
        SelfTestJob(
          subjects: names, family: family, form: form, place: place, seed: settings.seed)
      ]
    }
    return (0..<settings.trials).flatMap { place -> [SelfTestJob] in
      [family, family.other].flatMap { tried -> [SelfTestJob] in
        // Products decide most of what is computed, and a random one may be tiny.
        let others = tried == family ? [1, 2].map { place + $0 * settings.trials } : []
        let matrix = tried == .gpu && settings.hasMatrixUnits ? packed : []
        var passes = pass(primitives, tried, .plain, place)
        passes += pass(packed, tried, .packed, place) + pass(matrix, tried, .matrix, place)
        passes += pass(compositions, tried, .plain, place)
        for other in others {
          passes += pass(packed, tried, .packed, other) + pass(matrix, tried, .matrix, other)
        }
        return passes
      }
    }
  }
}
