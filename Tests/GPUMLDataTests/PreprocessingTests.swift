import Foundation
import GPUMLGraph
import Testing

@testable import GPUMLData

@Suite("Preprocessing")
struct PreprocessingTests {
  private func dataset(_ values: [Float], width: Int) throws -> Dataset {
    try Dataset(
      features: .float32(values), featureShape: [width], labels: .none,
      count: values.count / width)
  }

  @Test("standard scaling gives mean 0 and variance 1, constants 0")
  func standard() throws {
    let data = try dataset([1, 5, 2, 5, 3, 5, 6, 5], width: 2)
    let fitted = try Preprocessing.fitted(to: data, scaling: .standard)
    let values = try fitted.apply(to: data).values(as: Float.self)
    let first = stride(from: 0, to: 8, by: 2).map { Double(values[$0]) }
    #expect(abs(first.reduce(0, +)) < 1e-6)
    #expect(abs(first.reduce(0) { $0 + $1 * $1 } / 4 - 1) < 1e-6)
    #expect(stride(from: 1, to: 8, by: 2).allSatisfy { values[$0] == 0 })
    let other = try fitted.apply(to: dataset([3, 99], width: 2)).values(as: Float.self)
    #expect(other == [0, 0])
  }

  @Test("min-max scaling gives 0 to 1 over the fitted examples alone")
  func minMax() throws {
    let data = try dataset([2, 4, 6, 100], width: 1)
    let fitted = try Preprocessing.fitted(to: data, indices: [0, 1, 2], scaling: .minMax)
    #expect(try fitted.apply(to: data).values(as: Float.self) == [0, 0.5, 1, 24.5])
  }

  @Test("pixels scale by one number, in the order asked for")
  func pixels() throws {
    let data = try Dataset(
      features: .uint8([0, 16, 8, 4]), featureShape: [1, 1, 2], labels: .none, count: 2)
    let fitted = try Preprocessing.fitted(to: data, scaling: .fixed(center: 0, scale: 1 / 16))
    let batch = try fitted.apply(to: data, indices: [1, 0, 1])
    #expect(batch.shape == [3, 1, 1, 2])
    #expect(try batch.values(as: Float.self) == [0.5, 0.25, 0, 1, 0.5, 0.25])
    let each = try Preprocessing.fitted(to: data, scaling: .minMax)
    #expect(try each.apply(to: data).values(as: Float.self) == [0, 1, 1, 0])
    #expect(try fitted.apply(to: data, indices: []).shape == [0, 1, 1, 2])
  }

  @Test("selection finds what sorting finds", arguments: [1, 2, 3, 10, 101])
  func selection(count: Int) {
    for seed in 0..<20 {
      var random = Philox(seed: UInt64(seed), stream: 0)
      let values = (0..<count).map { _ in Float(random.next32() % 13) }
      let sorted = values.sorted()
      for position in 0..<count {
        var copy = values
        #expect(Selection.element(at: position, of: &copy) == sorted[position])
        #expect(copy[..<position].allSatisfy { $0 <= sorted[position] })
      }
    }
  }

  private func table(_ text: String) throws -> Table {
    try Table(parsing: Array(text.utf8), file: "t.csv")
  }

  @Test("texts become one-hot and missing numbers are filled")
  func tables() throws {
    let table = try table("n,c\n1,red\n,blue\n3,\n8,red\n")
    let encoding = try TableEncoding(fitting: table, columns: [0, 1], target: nil)
    #expect(encoding.featureNames == ["n", "c=blue", "c=red"])
    let features = try encoding.encode(table)
    #expect(features[3].isNaN)
    let data = try dataset(features, width: 3)
    func filled(_ imputation: Imputation) throws -> [Float] {
      try Preprocessing.fitted(
        to: data, scaling: .none, imputation: imputation, table: encoding
      ).apply(to: data).values(as: Float.self)
    }
    #expect(try filled(.median) == [1, 0, 1, 3, 1, 0, 3, 0, 0, 8, 0, 1])
    #expect(try filled(.mean)[3] == 4)
    #expect(try filled(.mostFrequent)[3] == 1)
    let error = #expect(throws: DataError.self) { try filled(.none) }
    #expect(error?.description.contains("column 'n' has 1 missing values") == true)
    let scaled = try Preprocessing.fitted(
      to: data, scaling: .minMax, imputation: .median, table: encoding)
    #expect(try scaled.apply(to: data, indices: [1]).values(as: Float.self) == [2 / 7, 1, 0])
  }

  @Test("a value missing where nothing replaces it names its feature")
  func missing() throws {
    let encoding = TableEncoding(numericColumns: ["a", "b"])
    let plain = try Preprocessing(featureShape: [2], center: [0], scale: [1], table: encoding)
    let error = #expect(throws: DataError.self) {
      try plain.apply(to: dataset([1, 2, 3, .nan], width: 2), indices: [0, 1])
    }
    #expect(error?.description == "Preprocessing: feature 'b' of example 1 is missing")
  }

  @Test("unknown texts are no category and columns are found by name")
  func encodeOther() throws {
    let encoding = try TableEncoding(
      fitting: table("n,c\n1,red\n2,blue\n"), columns: [0, 1], target: nil)
    #expect(try encoding.encode(table("c,x,n\ngreen,7,5\nblue,7,6\n")) == [5, 0, 0, 6, 1, 0])
    #expect(try encoding.encode(table("5,6\n")) == [5, 0, 0])
    #expect(throws: DataError.self) { try encoding.encode(table("n,d\n1,2\n")) }
    #expect(throws: DataError.self) { try encoding.encode(table("n,c\nx,red\n")) }
  }

  @Test("too many texts in a column are refused with a hint")
  func manyTexts() throws {
    let text = "a,b\n" + (0..<1200).map { "x\($0),1\n" }.joined()
    let table = try table(text)
    let error = #expect(throws: DataError.self) {
      try TableEncoding(fitting: table, columns: [0], target: nil)
    }
    #expect(error?.description.contains("t.csv:2: column 'a': 'x0' is not a number") == true)
    #expect(throws: DataError.self) {
      try TableEncoding(fitting: table, columns: [], target: nil)
    }
  }

  @Test("a saved preprocessing is read back, a damaged one refused")
  func json() throws {
    let encoding = try TableEncoding(
      fitting: table("n,c\n1,red\n2,blue\n"), columns: [0, 1], target: "c")
    let original = try Preprocessing(
      featureShape: [3], center: [0.1, 0, 1e-8], scale: [3, 1, 0], fill: [1, 2, 3],
      table: encoding)
    let json = try JSONEncoder().encode(original)
    #expect(try JSONDecoder().decode(Preprocessing.self, from: json) == original)
    for damaged in [
      #"{"featureShape":[3],"center":[0],"scale":[1,1],"fill":[]}"#,
      #"{"featureShape":[4611686018427387904,4],"center":[0],"scale":[1],"fill":[]}"#,
      #"{"featureShape":[-3],"center":[0],"scale":[1],"fill":[]}"#,
      #"{"featureShape":[3],"center":[0],"scale":[1],"fill":[1]}"#,
      #"{"featureShape":[3],"center":[0],"scale":[1],"fill":[],"table":{"columns":[]}}"#,
    ] {
      #expect(throws: (any Error).self) {
        try JSONDecoder().decode(Preprocessing.self, from: Data(damaged.utf8))
      }
    }
  }

  @Test("datasets check their counts, labels and indices")
  func datasets() throws {
    let data = try Dataset(
      features: .uint8([1, 2, 3, 4]), featureShape: [2],
      labels: .classes([1, 0], names: ["a", "b"]), count: 2)
    let part = try data.subset([1, 1, 0])
    #expect(part.features == .uint8([3, 4, 3, 4, 1, 2]))
    #expect(part.labels == .classes([0, 0, 1], names: ["a", "b"]))
    let batch = try data.batch([1])
    #expect(try batch.inputs.values(as: Float.self) == [3, 4])
    #expect(try batch.labels?.values(as: Int32.self) == [0])
    #expect(throws: DataError.self) { try data.subset([2]) }
    #expect(throws: DataError.self) { try data.batch([-1]) }
    #expect(throws: DataError.self) { try data.reshaped(to: [3]) }
    #expect(throws: DataError.self) { try PreparedDataset(data, Preprocessing(featureShape: [3])) }
    let bad: [([Int], Dataset.Labels, Int)] = [
      ([2], .none, 3), ([0], .none, 0), ([-2], .none, 2), ([Int.max, 2], .none, 2),
      ([2], .none, -2),
      ([2], .targets([1]), 2), ([2], .classes([0, 2], names: ["a", "b"]), 2),
      ([2], .classes([0, -1], names: ["a", "b"]), 2), ([2], .classes([0], names: ["a"]), 2),
    ]
    for (shape, labels, count) in bad {
      #expect(throws: DataError.self) {
        try Dataset(
          features: .uint8([1, 2, 3, 4]), featureShape: shape, labels: labels, count: count)
      }
    }
  }
}
