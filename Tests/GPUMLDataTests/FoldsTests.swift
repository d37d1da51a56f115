import GPUMLData
import Testing

@Suite("Folds") struct FoldsTests {
  private func dataset(_ labels: [Int32]) throws -> Dataset {
    try Dataset(
      features: .float32([Float](repeating: 0, count: labels.count)), featureShape: [1],
      labels: .classes(labels, names: ["a", "b", "c"]), count: labels.count)
  }

  @Test("every example is in one fold, and each class nearly as often in each")
  func stratified() throws {
    let labels = (0..<103).map { Int32($0 % 10 == 0 ? 2 : $0 % 2) }
    let data = try dataset(labels)
    let folds = try Split.folds(of: data, count: 4, seed: 3)
    #expect(folds.flatMap(\.self).sorted() == Array(0..<103))
    #expect(folds.allSatisfy { $0 == $0.sorted() && (25...26).contains($0.count) })
    for label in Int32(0)..<3 {
      let counts = folds.map { fold in fold.count { labels[$0] == label } }
      #expect((counts.max() ?? 9) - (counts.min() ?? 0) <= 1, "class \(label): \(counts)")
    }
    #expect(try Split.folds(of: data, count: 4, seed: 3) == folds)
    #expect(try Split.folds(of: data, count: 4, seed: 4) != folds)
  }

  @Test("only the examples that are given are divided")
  func subset() throws {
    let data = try dataset([0, 1, 0, 1, 2, 2, 0])
    let folds = try Split.folds(of: data, indices: [1, 3, 4, 6], count: 2, seed: 0)
    #expect(folds.flatMap(\.self).sorted() == [1, 3, 4, 6])
  }

  @Test("too few and too many folds are refused", arguments: [-1, 0, 1, 5, .max])
  func refused(count: Int) throws {
    let data = try dataset([0, 1, 0, 1])
    #expect(throws: DataError.self) { try Split.folds(of: data, count: count, seed: 0) }
    #expect(throws: DataError.self) {
      try Split.folds(of: data, indices: [0, 9], count: 2, seed: 0)
    }
  }
}
