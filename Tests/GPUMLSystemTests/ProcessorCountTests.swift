import Testing

@testable import GPUMLSystem

@Test(
  "a share of the processors' time counts as the processors that it fills",
  arguments: [
    ("200000 100000", 2), ("150000 100000", 2), ("50000 100000", 1), ("max 100000", nil),
    ("-1 100000", nil), ("100000 0", nil), ("", nil), ("7", nil),
    ("9223372036854775807 1", Int.max),
  ])
func processorShare(text: String, expected: Int?) {
  #expect(ProcessorCount.share(text) == expected)
}

@Test("there is a processor to run on")
func someProcessor() {
  #expect(ProcessorCount.available >= 1)
}
