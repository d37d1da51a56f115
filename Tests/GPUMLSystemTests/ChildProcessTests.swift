import Glibc
import Testing

@testable import GPUMLSystem

@Suite("Child processes")
struct ChildProcessTests {
  private func shell(_ script: String) throws -> ChildProcess {
    try ChildProcess("/bin/sh", ["-c", script], environment: ["GREETING": "hello"], isQuiet: true)
  }

  @Test("lines go there and back, and what is printed does not get between")
  func lines() throws {
    let child = try shell("echo noise; while read x; do echo \"$GREETING $x\" >&0; done")
    for word in ["a", "b c", String(repeating: "x", count: 100_000)] {
      child.send(word)
      #expect(child.receive(within: 20) == .line("hello \(word)"))
    }
    #expect(child.end() == "exit code 0")
  }

  @Test("an end shows at once, with its code or signal")
  func ends() throws {
    #expect(try shell("exit 3").receive(within: 20) == .ended("exit code 3"))
    let child = try shell("kill -11 $$")
    #expect(child.receive(within: 20) == .ended("signal 11"))
    // Nobody listens any more; this process goes on.
    child.send("x")
    #expect(child.receive(within: 1) == .ended("signal 11"))
  }

  @Test("who does not answer is late, and can be ended")
  func late() throws {
    let child = try shell("exec sleep 60")
    #expect(child.receive(within: 1) == .late)
    #expect(child.end() == "signal 9")
  }

  @Test("a process answers for what it works and waits, not for a turn that it doesn't get")
  func activity() throws {
    let idle = ProcessActivity(seconds: 3, isStopped: false)
    for (seconds, isStopped, patience) in [
      (3.0, false, 4.0), (3.0625, false, 4), (3.5, false, 0.5), (5, false, 2), (7, false, 4),
      (11, false, 4), (3, true, 0), (5, true, 0),
    ] {
      let now = ProcessActivity(seconds: seconds, isStopped: isStopped)
      #expect(now.patience(since: idle, over: 4) == patience, "\(seconds) \(isStopped)")
    }
    let line = "7 (a) b (c)) T 1 2 3 4 5 6 7 8 9 10 200 100 50 50 11 12"
    let parsed = try #require(ProcessActivity(stat: line))
    #expect(parsed.isStopped && parsed.seconds == 400 / Double(sysconf(Int32(_SC_CLK_TCK))))
    #expect(ProcessActivity(stat: "7 (a) S 1") == nil && ProcessActivity(stat: "") == nil)
    let child = try shell("i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; echo >&0; read x")
    #expect(child.receive(within: 60) == .line(""))
    #expect(try #require(child.activity).seconds > 0)
    child.end()
    #expect(child.activity == nil)
  }

  @Test("a program that is missing is an error")
  func missing() throws {
    #expect(throws: SystemError.self) {
      _ = try ChildProcess("/nonexistent/program", [], isQuiet: true)
    }
  }
}
