import GPUML
import Testing

@testable import GPUMLCommand
@testable import GPUMLTraining

@Suite("Progress bar")
struct ProgressBarTests {
  @Test("a line is narrower than the terminal", arguments: [20, 40, 80, 200], [1, 30, 1_000_000])
  func width(columns: Int, epochs: Int) {
    for (step, rate) in [(0, 0.0), (1, 12.5), (77, 78_300.0), (100, 1e12)] {
      let progress = TrainingProgress(
        epoch: epochs, epochs: epochs, step: step, steps: 100, loss: 1.23456, samplesPerSecond: rate
      )
      let line = ProgressBar.line(
        progress, exampleCount: 6400, metric: "val_acc 0.9712",
        Terminal(width: columns, hasColor: false))
      #expect(line.count < min(columns, 81), "\(line)")
    }
  }

  @Test("the bar fills with the steps, and time and rate are told")
  func content() {
    let progress = TrainingProgress(
      epoch: 3, epochs: 30, step: 50, steps: 100, loss: 0.25, samplesPerSecond: 6400)
    let line = ProgressBar.line(
      progress, exampleCount: 6400, metric: "", Terminal(width: 80, hasColor: false))
    #expect(line.hasPrefix("epoch  3/30 [##########----------] "))
    #expect(line.hasSuffix("10.00 ms  6.4k/s  ETA 0:28  loss 0.2500"))
  }

  @Test("with folds the bar stays, and the time of a step gives way")
  func folds() {
    let progress = TrainingProgress(
      epoch: 6, epochs: 200, step: 50, steps: 100, loss: 0.25, samplesPerSecond: 21_800)
    let line = ProgressBar.line(
      progress, prefix: "fold 1/3", exampleCount: 6400, metric: "val_acc 0.9850",
      Terminal(width: 80, hasColor: false))
    #expect(line.hasPrefix("fold 1/3 epoch   6/200 [##") && line.count < 80)
    #expect(!line.contains(" ms") && line.hasSuffix("loss 0.2500  val_acc 0.9850"))
  }

  @Test(
    "seconds as a clock",
    arguments: [(0.0, "0:00"), (7, "0:07"), (61, "1:01"), (3750, "1:02:30"), (1e300, "99:59:59")])
  func clock(seconds: Double, text: String) { #expect(ProgressBar.clock(seconds) == text) }

  @Test(
    "numbers in few characters",
    arguments: [
      (0.5, "0.5"), (999, "999"), (78_300, "78.3k"), (123_456_789, "123M"), (2e9, "2.0G"),
    ])
  func short(value: Double, text: String) { #expect(ProgressBar.short(value) == text) }

  @Test(
    "words are quoted where a shell would split them",
    arguments: [
      ("a/b-1.csv", "a/b-1.csv"), ("my run", "'my run'"), ("it's", "'it'\\''s'"), ("", "''"),
    ])
  func quoting(word: String, quoted: String) { #expect(ShellWord.quoted(word) == quoted) }

  @Test("byte counts with suffixes; what is none is refused")
  func bytes() {
    #expect(ByteCount(argument: "4096")?.bytes == 4096)
    #expect(ByteCount(argument: "512M")?.bytes == 512 << 20)
    #expect(ByteCount(argument: "2g")?.bytes == 2 << 30)
    for text in ["", "0", "-1", "M", "1.5G", "9999999999999T", "5X"] {
      #expect(ByteCount(argument: text) == nil, "\(text)")
    }
  }
}
