/// A fault that is made on purpose, which the check must find: it strikes where a parser takes an
/// input that is none of its seeds, so that only mutations reach it.
enum SeededFault: String {
  case trap, overrun, memory, hang

  /// The one that `GPUML_SEEDED_FAULT` names.
  static let chosen = environment("GPUML_SEEDED_FAULT").flatMap { SeededFault(rawValue: $0) }

  private static let spared = Set((try? FuzzTarget.chosen?.seeds()) ?? [])

  func strike(_ bytes: [UInt8]) {
    if SeededFault.spared.contains(bytes) { return }
    switch self {
    case .trap: fatalError("a seeded fault")
    case .overrun:
      let beyond = bytes.withUnsafeBytes {
        $0.baseAddress?.load(fromByteOffset: $0.count + 8, as: UInt8.self)
      }
      print(beyond ?? 0)
    case .memory: print([UInt8](repeating: 1, count: 1 << 28).count)
    case .hang: while true {}
    }
  }
}
