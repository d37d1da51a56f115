import GPUMLTraining
import Testing

@Suite struct LearningRateScheduleTests {
  private func factors(_ schedule: LearningRateSchedule, warmup: Int = 0) -> [Double] {
    (0..<100).map {
      schedule.factor(step: $0, total: 100, stepsPerEpoch: 10, warmup: warmup)
    }
  }

  @Test("constant stays")
  func constant() { #expect(factors(.constant).allSatisfy { $0 == 1 }) }

  @Test("cosine falls from 1 along half a cosine towards 0")
  func cosine() {
    let factors = factors(.cosine)
    #expect(factors[0] == 1)
    #expect(abs(factors[50] - 0.5) < 1e-12)
    #expect(factors[99] > 0 && factors[99] < 0.001)
    #expect(zip(factors, factors.dropFirst()).allSatisfy { $0 > $1 })
  }

  @Test("step falls by its factor after every so many epochs")
  func step() {
    let factors = factors(.step(epochs: 3, factor: 0.5))
    #expect(factors[29] == 1 && factors[30] == 0.5 && factors[60] == 0.25 && factors[99] == 0.125)
  }

  @Test("onecycle rises for three tenths, then falls")
  func oneCycle() {
    let factors = factors(.oneCycle)
    #expect(abs(factors[0] - 0.04) < 1e-12)
    #expect(abs(factors[30] - 1) < 1e-12)
    #expect(factors[..<30].elementsEqual(factors[..<30].sorted()))
    #expect(factors[30...].elementsEqual(factors[30...].sorted(by: >)))
    #expect(factors[99] < 0.002)
  }

  @Test("a warm-up rises evenly, then the schedule begins")
  func warmup() {
    let factors = factors(.cosine, warmup: 20)
    #expect(abs(factors[0] - 0.05) < 1e-12 && factors[19] == 1 && factors[20] == 1)
    #expect(abs(factors[60] - 0.5) < 1e-12)
  }

  @Test("names give schedules back", arguments: LearningRateSchedule.names)
  func names(name: String) throws {
    #expect(try #require(LearningRateSchedule(named: name)).name == name)
    #expect(LearningRateSchedule(named: name + "x") == nil)
  }
}
