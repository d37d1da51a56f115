import Testing

@testable import GPUMLReport

@Suite struct PNGPictureTests {
  @Test("only arrays of rows and columns, grey or of three colours, are pictures")
  func shapes() {
    for shape in [[8, 8], [1, 28, 28], [3, 32, 32]] { #expect(PNGPicture.isPicture(shape)) }
    for shape in [[64], [2, 8, 8], [1, 1, 8], [1, 1, 8, 8], [], [9, 8000]] {
      #expect(!PNGPicture.isPicture(shape))
    }
  }
}
