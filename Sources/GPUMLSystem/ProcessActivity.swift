import Glibc

/// How busy a process has been.
package struct ProcessActivity: Sendable {
  /// The processor time that it and those of its children that have ended took.
  package let seconds: Double
  /// Whether it is held up by a signal, and not by itself.
  package let isStopped: Bool

  /// How much of a stretch of time it is to answer for: what it worked, or all of it where it waited for
  /// something. A process that gets no turn on a crowded machine, or is stopped, is not to blame.
  package func patience(since before: ProcessActivity, over wall: Double) -> Double {
    if isStopped || before.isStopped { return 0 }
    let used = seconds - before.seconds
    return used <= wall / 50 ? wall : min(used, wall)
  }

  package init(seconds: Double, isStopped: Bool) {
    self.seconds = seconds
    self.isStopped = isStopped
  }

  init?(_ process: pid_t) {
    let file = open("/proc/\(process)/stat", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = read(file, &bytes, bytes.count)
    guard count > 0 else { return nil }
    self.init(stat: String(decoding: bytes[..<count], as: UTF8.self))
  }

  /// Reads the line of `/proc/PID/stat`: after the name in brackets, which may hold anything, the
  /// state, and from the twelfth field on the ticks of the process and of its ended children.
  init?(stat line: String) {
    guard let name = line.lastIndex(of: ")") else { return nil }
    let fields = line[name...].split(separator: " ").dropFirst().map(String.init)
    let ticks = fields.dropFirst(11).prefix(4).compactMap { Double($0) }
    let rate = Double(sysconf(Int32(_SC_CLK_TCK)))
    guard ticks.count == 4, rate > 0 else { return nil }
    seconds = ticks.reduce(0, +) / rate
    isStopped = fields[0] == "T" || fields[0] == "t"
  }
}
