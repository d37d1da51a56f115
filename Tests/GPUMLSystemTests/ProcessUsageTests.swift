import Foundation
import Testing

@testable import GPUMLSystem

@Suite("Process usage")
struct ProcessUsageTests {
  @Test("a thread's time counts what it computes and not what it waits")
  func threadTime() throws {
    let start = ProcessUsage.threadTime
    Thread.sleep(forTimeInterval: 0.05)
    let waited = try #require(ProcessUsage.threadTime.seconds(since: start))
    #expect(waited < 0.04)
    var sum = 0.0
    for number in 1...200_000 { sum += 1 / Double(number) }
    let computed = try #require(ProcessUsage.threadTime.seconds(since: start))
    #expect(sum > 12 && computed > waited)
  }

  @Test("two threads' times are not compared")
  func otherThread() {
    let own = ProcessUsage.threadTime
    let other = ProcessUsage.ThreadTime(nanoseconds: own.nanoseconds + 1, thread: own.thread + 1)
    #expect(other.seconds(since: own) == nil)
    #expect(own.seconds(since: other) == nil)
  }

  @Test("the peak of resident memory grows with what is touched")
  func residentMemory() {
    let before = ProcessUsage.peakResidentBytes
    let bytes = before + (64 << 20)
    let block = [UInt8](repeating: 1, count: bytes)
    #expect(ProcessUsage.peakResidentBytes >= bytes && block[bytes - 1] == 1)
    #expect(before > 1 << 20)
  }
}
