import Glibc

/// A process that takes lines and answers with lines, over a socket that is its standard input.
///
/// What it prints goes nowhere or to standard error, so that it cannot get between the answers. The
/// calls block; one thread at a time makes them.
package final class ChildProcess: @unchecked Sendable {  // one thread at a time, as said above
  /// What comes of waiting for a line.
  package enum Answer: Sendable, Equatable {
    case line(String)
    /// The process is gone; in words why.
    case ended(String)
    case late
  }

  private let process: pid_t
  private var socket: Int32
  private var received: [UInt8] = []
  private var status: Int32?

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - path: The program's file.
  ///   - environment: Variables set beside those of this process.
  ///   - isQuiet: Whether what it prints goes nowhere.
  /// - Throws: `SystemError.unreadable` if it cannot be started.
  package init(
    _ path: String, _ arguments: [String], environment: [String: String] = [:], isQuiet: Bool
  ) throws(SystemError) {
    var pair: [Int32] = [-1, -1]
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, type, 0, &pair) == 0 else {
      throw .unreadable(path: path, reason: FileBytes.reason(of: errno))
    }
    defer { close(pair[1]) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, pair[1], STDIN_FILENO)
    if isQuiet {
      posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    }
    posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO)
    var variables: [String] = []
    // The list of the environment ends in a null pointer.
    var place: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> = environ
    while let entry = place.pointee {
      let text = String(cString: entry)
      if environment[String(text.prefix { $0 != "=" })] == nil { variables.append(text) }
      place += 1
    }
    variables += environment.map { "\($0.key)=\($0.value)" }
    var identifier: pid_t = 0
    let code = ChildProcess.withCStrings([path] + arguments) { list in
      ChildProcess.withCStrings(variables) {
        posix_spawn(&identifier, path, &actions, nil, list, $0)
      }
    }
    guard code == 0 else {
      close(pair[0])
      throw .unreadable(path: path, reason: FileBytes.reason(of: code))
    }
    process = identifier
    socket = pair[0]
  }

  deinit { end() }

  /// Sends a line; whether the process took it shows in the answer.
  package func send(_ line: String) {
    var rest = Array((line + "\n").utf8)[...]
    while !rest.isEmpty, socket >= 0 {
      // The pointer is used within the call only; without the flag a dead process would end ours.
      let count = rest.withUnsafeBytes {
        Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if count == 0 || errno != EINTR {
        return
      }
    }
  }

  /// The next line, at most so many seconds later.
  package func receive(within seconds: Double) -> Answer {
    let deadline = ContinuousClock.now + .seconds(seconds)
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      if let end = received.firstIndex(of: 10) {
        let line = String(decoding: received[..<end], as: UTF8.self)
        received.removeSubrange(...end)
        return .line(line)
      }
      if socket < 0 { return .ended(end()) }
      let left = (deadline - ContinuousClock.now) / .milliseconds(1)
      if left <= 0 { return .late }
      var waiting = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
      let ready = poll(&waiting, 1, Int32(min(left, 1e6)) + 1)
      if ready < 0, errno != EINTR { return .ended(end()) }
      if ready <= 0 { continue }
      let count = read(socket, &piece, piece.count)
      if count > 0 {
        received += piece[..<count]
      } else if count == 0 || errno != EINTR {
        return .ended(end())
      }
    }
  }

  /// What the process has done until now; nil if that cannot be told.
  package var activity: ProcessActivity? { status == nil ? ProcessActivity(process) : nil }

  /// Ends the process if it has not ended, and tells how it did.
  @discardableResult
  package func end() -> String {
    if status == nil {
      close(socket)
      socket = -1
      status = reap()
    }
    let code = status ?? 0
    let signal = code & 0x7F
    return signal == 0 ? "exit code \((code >> 8) & 0xFF)" : "signal \(signal)"
  }

  /// A process that ends by itself, since its input has, gets a moment to do so. One that a driver
  /// keeps from ending even by force is left behind.
  private func reap() -> Int32 {
    var code: Int32 = 0
    for isForced in [false, true] {
      if isForced { kill(process, SIGKILL) }
      for _ in 0..<100 {
        if waitpid(process, &code, WNOHANG) == process { return code }
        usleep(10_000)
      }
    }
    return SIGKILL
  }

  /// Hands texts to C as a list that ends in a null pointer.
  private static func withCStrings<Result>(
    _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let list = texts.map { strdup($0) }
    defer { for text in list { free(text) } }
    return body(list + [nil])
  }
}
