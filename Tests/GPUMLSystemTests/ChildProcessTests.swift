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

  @Test("a program that is missing is an error")
  func missing() throws {
    #expect(throws: SystemError.self) {
      _ = try ChildProcess("/nonexistent/program", [], isQuiet: true)
    }
  }
}
