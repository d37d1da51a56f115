import Foundation
import Testing

@testable import GPUMLReport

@Suite("Pictures") struct PNGPictureTests {
  @Test("only arrays of rows and columns, grey or of three colours, are pictures")
  func shapes() {
    for shape in [[8, 8], [1, 28, 28], [3, 32, 32]] { #expect(PNGPicture.isPicture(shape)) }
    for shape in [[64], [2, 8, 8], [1, 1, 8], [1, 1, 8, 8], [], [9, 8000]] {
      #expect(!PNGPicture.isPicture(shape))
    }
    #expect(PNGPicture.base64([1, 2, 3], shape: [2, 2]) == nil)
  }

  @Test("the bytes are those of a PNG file, the darkest value black and the brightest white")
  func bytes() throws {
    let text = try #require(PNGPicture.base64([-1, 0, 1, .nan], shape: [2, 2]))
    let bytes = [UInt8](try #require(Data(base64Encoded: text)))
    let stream: [UInt8] = [0x78, 1, 1, 6, 0, 0xf9, 0xff, 0, 0, 128, 0, 255, 0]
    #expect(bytes.prefix(8) == [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
    #expect(bytes[16..<29] == [0, 0, 0, 2, 0, 0, 0, 2, 8, 0, 0, 0, 0])
    #expect(bytes[41..<41 + stream.count] == stream[...])
    #expect(bytes.suffix(12) == [0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82])
  }

  @Test("large pictures are shrunk")
  func large() throws {
    let values = [Float](repeating: 1, count: 3 * 300 * 200)
    let text = try #require(PNGPicture.base64(values, shape: [3, 300, 200]))
    let bytes = [UInt8](try #require(Data(base64Encoded: text)))
    #expect(bytes[16..<24] == [0, 0, 0, 40, 0, 0, 0, 60] && bytes[25] == 2)
  }
}
