import Foundation
import GPUMLGraph
import GPUMLSystem
import TestSupport
import Testing

@testable import GPUMLData

@Suite("Arrays that are too large for memory")
struct StoredArrayTests {
  /// What is too large for these tests.
  private static let limit = 1 << 12

  private func stored(
    _ bytes: [UInt8], in folder: String
  ) throws -> (features: Dataset.Features, shape: [Int])? {
    let path = folder + "/x.npy"
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return try NPYFile.stored(
      RandomAccessFile(path: path), name: "x.npy", memoryLimit: Self.limit)
  }

  private func values(_ count: Int) -> [Float] { (0..<count).map { Float($0 % 977) / 8 } }

  @Test(
    "have the values and the shape that they have in memory", arguments: [DType.float32, .int32])
  func values(dtype: DType) async throws {
    let shape = [700, 3, 2]
    let tensor = HostTensor(
      doubles: (0..<4200).map { Double($0 % 977) }, shape: shape, dtype: dtype)
    try await TemporaryFolder.use { folder in
      let bytes = try NPYFile.encode(tensor)
      let found = try #require(try stored(bytes, in: folder))
      guard case .stored = found.features else {
        Issue.record("the numbers are in memory")
        return
      }
      #expect(found.shape == shape && found.features.count == 4200)
      let rows = [0, 699, 17, 18]
      let floats = Dataset.floats(of: try NPYFile.parse(bytes, file: "x.npy"))
      #expect(
        try found.features.floats(rows: rows, width: 6)
          == rows.flatMap { floats[$0 * 6..<($0 + 1) * 6] })
      let dataset = try Dataset.from(found.features, shape: found.shape, file: "x.npy")
      #expect(dataset.count == 700 && dataset.featureShape == [3, 2])
    }
  }

  @Test("are read whole where they are small, bytes, or malformed")
  func others() async throws {
    try await TemporaryFolder.use { folder in
      let small = try NPYFile.encode(HostTensor(values(1000), shape: [100, 10]))
      #expect(try stored(small, in: folder)?.shape == nil)
      let pixels = HostTensor(
        shape: [80, 100], storage: .uint8([UInt8](repeating: 7, count: 8000)))
      #expect(try stored(NPYFile.encode(pixels), in: folder)?.shape == nil)
      let whole = try NPYFile.encode(HostTensor(values(3000), shape: [300, 10]))
      #expect(try stored(whole, in: folder)?.shape == [300, 10])
      #expect(try stored(Array(whole.dropLast(3)), in: folder)?.shape == nil)
    }
  }

  @Test("a value that is not finite is an error with its example")
  func notFinite() async throws {
    try await TemporaryFolder.use { folder in
      var numbers = values(3000)
      numbers[1234] = .nan
      let bytes = try NPYFile.encode(HostTensor(numbers, shape: [300, 10]))
      let error = #expect(throws: DataError.self) { try stored(bytes, in: folder) }
      #expect(
        error?.description == "x.npy: example 123 holds a value that is not a finite number")
    }
  }
}
