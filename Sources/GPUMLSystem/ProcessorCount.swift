import FoundationEssentials

/// How many processors this process may keep busy.
package enum ProcessorCount {
  /// The processors that the system lets it run on, or fewer where a container has a share of their
  /// time only; at least 1.
  package static var available: Int {
    let quota = controlFiles.lazy.compactMap { files -> Int? in
      let texts = files.compactMap { file in
        (try? FileBytes.read(file, limit: 4096)).map { String(decoding: $0, as: UTF8.self) }
      }
      return texts.count == files.count ? share(texts.joined(separator: " ")) : nil
    }.first
    return max(1, min(ProcessInfo.processInfo.activeProcessorCount, quota ?? Int.max))
  }

  /// Where Linux tells the time that a control group may use, and the period it has it in: version 2 in
  /// one file, version 1 in two.
  private static let controlFiles = [
    ["/sys/fs/cgroup/cpu.max"],
    ["/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "/sys/fs/cgroup/cpu/cpu.cfs_period_us"],
  ]

  /// The processors of a time in a period, rounded up; nil for text such as "max 100000", which is no
  /// limit.
  static func share(_ text: String) -> Int? {
    let numbers = text.split(whereSeparator: \.isWhitespace).map { Int($0) }
    guard numbers.count == 2, let time = numbers[0], let period = numbers[1], time > 0, period > 0
    else { return nil }
    return time / period + (time % period > 0 ? 1 : 0)
  }
}
