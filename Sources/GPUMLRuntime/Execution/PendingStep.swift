import GPUMLDevice
import GPUMLGraph
import Synchronization

/// A step that was submitted and may still be running.
public final class PendingStep: Sendable {
  private enum Progress {
    case running(Event)
    case done(StepResults)
    case failed(any Error)
  }

  private let execution: Execution
  private let binding: Int
  /// Results of the stages before, where data decide sizes.
  private let earlier: [String: HostTensor]
  private let progress: Mutex<Progress>

  init(_ execution: Execution, binding: Int, event: Event, earlier: [String: HostTensor]) {
    self.execution = execution
    self.binding = binding
    self.earlier = earlier
    progress = Mutex(.running(event))
  }

  /// Waits for the step and returns the graph's outputs by name.
  ///
  /// - Throws: `DeviceError` if the device failed.
  public func outputs() async throws -> [String: HostTensor] {
    let own = try await results().outputs
    return earlier.isEmpty ? own : own.merging(earlier) { own, _ in own }
  }

  /// Waits for the step and returns the state block after it.
  ///
  /// - Throws: `DeviceError` if the device failed.
  public func state() async throws -> StepState { try await results().state }

  /// Waits until the device is done with the step, and leaves its results where they are.
  ///
  /// - Throws: `DeviceError` if the device failed.
  package func ended() async throws {
    try await event?.waitAsync()
  }

  /// Waits for the step; afterwards its binding is free for another.
  func results() async throws -> StepResults {
    if let event {
      let waited: Result<Void, any Error>
      do {
        waited = .success(try await event.waitAsync())
      } catch {
        waited = .failure(error)
      }
      progress.withLock { progress in
        // Another task may have waited at the same time and copied the results already.
        guard case .running = progress else { return }
        do {
          try waited.get()
          progress = .done(try execution.results(binding: binding))
        } catch {
          progress = .failed(error)
        }
      }
    }
    return try progress.withLock {
      switch $0 {
      case .done(let results): return results
      case .failed(let error): throw error
      case .running: throw RuntimeError.invalidInput(name: "step", reason: "is still running")
      }
    }
  }

  /// Whether the results are at hand, so that the slot is free.
  var isFinished: Bool { event == nil }

  /// What to wait for; nil once the results are at hand.
  private var event: Event? {
    progress.withLock { if case .running(let event) = $0 { event } else { nil } }
  }

  var slot: Slot { Slot(execution: execution, binding: binding) }
}

/// One of the places of an execution in which a step can run.
struct Slot: Sendable {
  let execution: Execution
  let binding: Int
}
