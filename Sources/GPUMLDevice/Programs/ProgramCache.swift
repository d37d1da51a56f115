import COpenCL
import Synchronization

/// The programs of one context, compiled once, and on most drivers kept on disk for the next process.
///
/// PoCL has a cache of its own on disk and compiles much more when it is asked for a binary, so
/// there nothing is written. Measured with PoCL 3.1 on a program of ten kernels with
/// barriers: cold 1.3 s to build and 2.1 s at the first launches; with PoCL's cache 80 ms; with a
/// binary stored here 4 ms; asking for the binary the first time, 4.9 s.
package final class ProgramCache: Sendable {
  /// What a program took to get ready.
  package struct BuildReport: Sendable {
    package let label: String
    /// Whether it came from the disk.
    package let isCached: Bool
    package let seconds: Double
  }

  /// One program; its lock makes a second task wait for the first one's build.
  private final class Entry: Sendable {
    let program = Mutex<Program?>(nil)
  }

  private let context: ContextHandle
  private let devices: [Handle]
  private let identity: [String]
  private let store: BinaryStore?
  private let savesWhenBuilt: Bool
  private let entries = Mutex<[UInt128: Entry]>([:])
  private let observer = Mutex<(@Sendable (BuildReport) -> Void)?>(nil)

  init(context: ContextHandle, device: Device, handles: [Handle], store: BinaryStore?) {
    self.context = context
    devices = handles
    self.store = store
    identity = device.identity
    savesWhenBuilt = device.platformName != Platform.poclName
  }

  /// Called after each build or load from disk, to show progress; not for programs at hand.
  package var onBuild: (@Sendable (BuildReport) -> Void)? {
    get { observer.withLock { $0 } }
    set { observer.withLock { $0 = newValue } }
  }

  /// A program from memory, from disk or from its source; blocks while it compiles.
  ///
  /// - Throws: `DeviceError.buildFailed` with the compiler's log.
  package func program(source: String, options: String, label: String) throws -> Program {
    let key = key(source: source, options: options)
    let entry = entries.withLock { entries in
      if let entry = entries[key] { return entry }
      let entry = Entry()
      entries[key] = entry
      return entry
    }
    let (program, report): (Program, BuildReport?) = try entry.program.withLock { slot in
      if let program = slot { return (program, nil) }
      let (program, report) = try load(key, source: source, options: options, label: label)
      slot = program
      return (program, report)
    }
    if let report { onBuild?(report) }
    return program
  }

  /// Stores every program of this context that is not on disk yet; takes seconds on PoCL.
  ///
  /// This is how tests on PoCL get files to load; other drivers' programs are stored when built.
  func save() {
    guard let store else { return }
    let entries = entries.withLock { $0 }
    for (key, entry) in entries {
      guard let program = entry.program.withLock({ $0 }), store.load(key) == nil,
        let binary = try? program.binary()
      else { continue }
      store.save(binary, under: key)
    }
  }

  /// Where a program's binary is stored; `nil` without a cache folder.
  func path(source: String, options: String) -> String? {
    store?.path(of: key(source: source, options: options))
  }

  private func key(source: String, options: String) -> UInt128 {
    StableHash.of(identity + [options, source])
  }

  private func load(
    _ key: UInt128, source: String, options: String, label: String
  ) throws -> (Program, BuildReport) {
    let start = ContinuousClock.now
    func report(_ isCached: Bool) -> BuildReport {
      let duration = (ContinuousClock.now - start).components
      return BuildReport(
        label: label, isCached: isCached,
        seconds: Double(duration.seconds) + Double(duration.attoseconds) * 1e-18)
    }
    if let store, let binary = store.load(key) {
      let program = try? Program(
        binary: binary, options: options, label: label, context: context.pointer, devices: devices)
      if let program { return (program, report(true)) }
      store.remove(key)
    }
    let program = try Program(
      source: source, options: options, label: label, context: context.pointer, devices: devices)
    if savesWhenBuilt, let store, let binary = try? program.binary() {
      store.save(binary, under: key)
    }
    return (program, report(false))
  }
}
