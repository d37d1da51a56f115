import Foundation
import GPUMLGraph
import GPUMLSystem
import TestSupport
import Testing

@testable import GPUMLData

@Suite("Rows on disk")
struct StoredRowsTests {
  /// Made-up rows with a missing value in each column but the first, in memory and on disk.
  private func pair(rows: Int, width: Int) throws -> (memory: Dataset, disk: Dataset) {
    var random = Philox(seed: 5, stream: 0)
    let values = (0..<rows * width).map { index in
      index % 17 == 3 ? Float.nan : Float(random.next32() % 1000) / 8
    }
    var collector = try FeatureCollector(width: width, expecting: rows, memoryLimit: 0)
    for row in 0..<rows { try collector.append(Array(values[row * width..<(row + 1) * width])) }
    let labels = Dataset.Labels.targets((0..<rows).map { Float($0 % 7) })
    func dataset(_ features: Dataset.Features) throws -> Dataset {
      try Dataset(features: features, featureShape: [width], labels: labels, count: rows)
    }
    return (try dataset(.float32(values)), try dataset(collector.features()))
  }

  @Test("give the same batches, statistics and subsets as those in memory")
  func same() throws {
    let (memory, disk) = try pair(rows: 9000, width: 5)
    guard case .stored = disk.features else {
      Issue.record("the rows are not on disk")
      return
    }
    let encoding = TableEncoding(
      columns: [
        .init(name: "a", kind: .number), .init(name: "b", kind: .number, marksMissing: true),
        .init(name: "c", kind: .date), .init(name: "d", kind: .number),
        .init(name: "e", kind: .category, categories: ["x", "y"], poolsOthers: true),
      ], target: nil)
    let order = Shuffle.permutation(count: 9000, seed: 2)
    for table in [encoding, TableEncoding(numericColumns: ["a", "b", "c", "d", "e"])] {
      let fitted = try Preprocessing.fitted(
        to: memory, indices: Array(order[..<6000]), scaling: .standard, table: table)
      #expect(
        try Preprocessing.fitted(
          to: disk, indices: Array(order[..<6000]), scaling: .standard, table: table) == fitted)
      for indices in [[], [8999], [3, 4, 5, 2, 2, 0], Array(order[100..<300])] {
        #expect(
          try fitted.apply(to: disk, indices: indices)
            == fitted.apply(to: memory, indices: indices))
      }
    }
    let part = try disk.subset([7, 7, 1])
    #expect(part.labels == .targets([0, 0, 1]) && part.count == 3)
    // NaN is unequal to itself: compared by its bits.
    let bits = try memory.subset([7, 7, 1]).features.floats(rows: [0, 1, 2], width: 5)
    #expect(
      try part.features.floats(rows: [0, 1, 2], width: 5).map(\.bitPattern)
        == bits.map(\.bitPattern))
    #expect(try disk.withoutDuplicates() == memory.withoutDuplicates())
  }

  @Test("what stands for a missing value comes from a sample of many rows")
  func sample() throws {
    let (_, disk) = try pair(rows: 1000, width: 2)
    let (features, rows) = try disk.features.sampled(Array(0..<1000), width: 2, most: 300)
    #expect(rows == Array(0..<250) && features.count == 500)
    let (_, all) = try disk.features.sampled([1, 5], width: 2)
    #expect(all == [0, 1])
  }

  @Test("leave no file behind, and a folder that takes none is told")
  func files() throws {
    let folder = try TemporaryFolder()
    let writer = try RowFileWriter(width: 3, folder: folder.path)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    try writer.append([1, 2, 3, 4, 5, 6])
    let file = try writer.finish()
    #expect(file.count == 2)
    #expect(try file.rows([1, 0, 1]) == [4, 5, 6, 1, 2, 3, 4, 5, 6])
    #expect(try file.rows([]).isEmpty)
    let error = #expect(throws: SystemError.self) {
      try RowFileWriter(width: 1, folder: folder.path + "/none")
    }
    #expect(error?.exitCode == 73)
  }
}
