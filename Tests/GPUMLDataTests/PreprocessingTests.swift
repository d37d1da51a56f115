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

  private func table(_ text: String, _ options: LoadOptions = LoadOptions()) throws -> LoadedData {
    var options = options
    options.isLabelled = false
    return try Dataset.load(Table(parsing: Array(text.utf8), file: "t.csv"), options)
  }

  @Test("texts become one-hot and missing numbers are filled")
  func tables() throws {
    let data = try table("n,c\n1,red\n,blue\n3,\n8,red\n7,blue\n")
    let encoding = try #require(data.table)
    #expect(encoding.featureNames == ["n", "c=blue", "c=red"])
    #expect(data.train.featureShape == [2] && data.inputShape == [3])
    func filled(_ imputation: Imputation) throws -> [Float] {
      try Preprocessing.fitted(
        to: data.train, scaling: .none, imputation: imputation, table: encoding
      ).apply(to: data.train, indices: [0, 1, 2, 3]).values(as: Float.self)
    }
    #expect(try filled(.median) == [1, 0, 1, 5, 1, 0, 3, 0, 0, 8, 0, 1])
    #expect(try filled(.mean)[3] == 4.75)
    #expect(try filled(.mostFrequent)[3] == 1)
    let error = #expect(throws: DataError.self) { try filled(.none) }
    #expect(error?.description.contains("column 'n' lacks 1 values") == true)
    let scaled = try Preprocessing.fitted(
      to: data.train, scaling: .minMax, imputation: .median, table: encoding)
    #expect(
      try scaled.apply(to: data.train, indices: [1]).values(as: Float.self) == [4 / 7, 1, 0])
    let alike = try Preprocessing.fitted(
      to: data.train, scaling: .fixed(center: 1, scale: 2), imputation: .median, table: encoding)
    #expect(
      try alike.apply(to: data.train, indices: [1]).values(as: Float.self) == [8, 0, -2])
  }

  @Test("a mark is 1 where a value is missing, and follows its column")
  func marks() throws {
    let data = try table(
      "n,c,full,day\n1,red,1,2000-01-03\n,blue,2,\n3,,3,2000-01-01\n8,red,4,2000-01-03\n5,blue,5,\n",
      LoadOptions(marksMissing: true))
    let encoding = try #require(data.table)
    #expect(
      encoding.featureNames == [
        "n", "n=missing", "c=blue", "c=red", "c=missing", "full", "day", "day=missing",
      ])
    let fitted = try Preprocessing.fitted(to: data.train, scaling: .none, table: encoding)
    #expect(
      try fitted.apply(to: data.train, indices: [1, 2]).values(as: Float.self)
        == [4, 1, 1, 0, 0, 2, 2, 1, 3, 0, 0, 0, 1, 3, 0, 0])
    let json = try JSONDecoder().decode(Preprocessing.self, from: JSONEncoder().encode(fitted))
    #expect(json == fitted)
  }

  @Test("what is fitted comes from the training examples alone")
  func trainingPart() throws {
    let data = try table("n,c\n1,a\n3,a\n100,b\n,b\n5,a\n")
    let fitted = try data.preprocessing(fittedTo: [0, 1, 4])
    #expect(fitted.fill == [3, 0] && fitted.center == [3, 0, 0])
    // Nothing was learned of b: it counts as no category, as one that was never seen.
    #expect(fitted.scale[1] == 1 && fitted.scale[2] == 0)
    #expect(try fitted.apply(to: data.train, indices: [3]).values(as: Float.self) == [0, 0, 0])
  }

  @Test("rare texts share a feature, and so do texts that come later")
  func rareTexts() throws {
    let rows = (0..<600).map { ["x", "y", "z"][$0 % 3] } + ["p", "q", "q"]
    let data = try table("c,n\n" + rows.enumerated().map { "\($1),\($0)\n" }.joined())
    let encoding = try #require(data.table)
    #expect(encoding.featureNames == ["c=x", "c=y", "c=z", "c=…", "n"])
    #expect(data.notes.map(\.isWarning) == [false])
    #expect(data.notes[0].text == "column 'c': 2 rare texts share a feature, 3 have their own")
    let preprocessing = try Preprocessing.fitted(to: data.train, scaling: .none, table: encoding)
    var notes: [DataNote] = []
    let other = try Dataset.load(
      Table(parsing: Array("n,c,u\n5,q,1\n6,new,1\n7,x,1\n8,other,1\n".utf8), file: "u.csv"),
      preprocessing, classes: nil, target: nil
    ) { notes.append($0) }
    #expect(
      try preprocessing.apply(to: other).values(as: Float.self)
        == [0, 0, 0, 1, 5, 0, 0, 0, 1, 6, 1, 0, 0, 0, 7, 0, 0, 0, 1, 8])
    #expect(
      notes.map(\.text) == [
        "columns that the model does not use are passed over: 'u'",
        "column 'c': 3 values, such as 'q', 'new', 'other', are rare or not known from the training "
          + "and share a feature",
      ])
    #expect(notes.allSatisfy { !$0.isWarning })
  }

  @Test("columns that tell nothing, or too much of each row, are left out with a warning")
  func leftOut() throws {
    let text =
      "same,none,name,word,n\n"
      + (0..<40).map { "7,NA,person \($0),\($0 % 2 == 0 ? "a" : "b"),\($0)\n" }.joined()
    let data = try table(text)
    #expect(data.table?.columns.map(\.name) == ["word", "n"])
    #expect(
      data.notes == [
        .warning("column 'same' holds one value alone and is left out"),
        .warning("column 'none' holds no values and is left out"),
        .warning("column 'name' has 40 different texts, most of them rare, and is left out"),
      ])
    let error = #expect(throws: DataError.self) { try table("a\n1\n1\n") }
    #expect(error?.description.contains("no column is left to learn from: column 'a'") == true)
  }

  @Test("numbers with a text among them are texts, with a warning that names its line")
  func strayText() throws {
    let data = try table("a,b\n" + (0..<8).map { "\($0 % 2),\($0)\n" }.joined() + "?,9\n")
    #expect(data.table?.columns[0].kind == .category)
    #expect(
      data.notes.first
        == .warning("column 'a' is read as text, as '?' on line 10 is not a number"))
  }

  @Test("a value missing where nothing replaces it names its feature")
  func missing() throws {
    let encoding = TableEncoding(numericColumns: ["a", "b"])
    let plain = try Preprocessing(featureShape: [2], center: [0], scale: [1], table: encoding)
    let error = #expect(throws: DataError.self) {
      try plain.apply(to: dataset([1, 2, 3, .nan], width: 2), indices: [0, 1])
    }
    #expect(error?.description == "Preprocessing: 'b' of example 1 is missing")
  }

  @Test("a model's columns are found by name, and all that are missing are named")
  func encodeOther() throws {
    let encoding = TableEncoding(
      columns: [
        .init(name: "n", kind: .number), .init(name: "c", kind: .category, categories: ["b", "r"]),
        .init(name: "d", kind: .date),
      ], target: nil)
    let plain = try Preprocessing(featureShape: [3], center: [0], scale: [1], table: encoding)
    func values(_ text: String) throws -> Dataset.Features {
      try Dataset.load(
        Table(parsing: Array(text.utf8), file: "t.csv"), plain, classes: nil, target: nil
      ) { _ in }.features
    }
    #expect(
      try values("c,x,d,n\ng,7,2000-01-03,5\nb,7,2000-01-01,true\n")
        == .float32([5, 2, 2, 1, 0, 0]))
    func failure(_ text: String) -> String {
      let error = #expect(throws: DataError.self) { try values(text) }
      return error?.description ?? ""
    }
    #expect(failure("n,d,x\n1,,a\n") == "t.csv: no column 'c'; there are n, d, x")
    #expect(failure("n,x\n1,a\n") == "t.csv: lacks 2 columns that the model takes: 'c', 'd'")
    #expect(failure("n,c,d\nx,r,\n") == "t.csv:2: column 'n': 'x' is not a number")
    #expect(failure("n,c,d\n1,r,\n1,r,5\n").hasPrefix("t.csv:3: column 'd': '5' is no date"))
    #expect(
      failure("n,c,d\n1e39,r,\n")
        == "t.csv:2: column 'n': '1e39' is out of the range of numbers")
  }

  @Test("duplicate rows are kept once if asked")
  func duplicates() throws {
    let text = "a,b,k\n1,x,u\n1,x,u\n1,y,u\n1,x,v\n,x,u\n,x,u\n2,y,v\n"
    func load(_ drops: Bool) throws -> LoadedData {
      try Dataset.load(
        Table(parsing: Array(text.utf8), file: "t.csv"), LoadOptions(dropsDuplicates: drops))
    }
    #expect(try load(false).train.count == 7)
    let data = try load(true)
    #expect(data.train.labels == .classes([0, 0, 1, 0, 1], names: ["u", "v"]))
    #expect(data.notes.contains(.note("2 duplicate rows are left out")))
  }

  @Test("a column that restates the target is told, others are not")
  func leakage() throws {
    // Scattered numbers, the same in every run.
    let noise = (0..<200).map { Double($0 * 7919 % 200) }
    func notes(_ name: String, _ value: (Int) -> String, _ target: (Int) -> String) throws
      -> [String]
    {
      let rows = (0..<200).map { "\(noise[$0]),\(value($0)),\(target($0))\n" }
      let text = "noise,\(name),goal\n" + rows.joined()
      return try Dataset.load(
        Table(parsing: Array(text.utf8), file: "t.csv"), LoadOptions()
      ).notes.map(\.text)
    }
    func kind(_ row: Int) -> String { row % 3 == 0 ? "yes" : "no" }
    let word = try notes("word", { $0 % 3 == 0 ? "alive" : "dead" }, kind)
    #expect(word.count == 1 && word[0].hasPrefix("column 'word' alone tells 'goal'"))
    let number = try notes("amount", { "\(noise[$0] * 3 + 1)" }, { "\(noise[$0] + 0.5)" })
    #expect(number.count == 2 && number[1].hasPrefix("column 'amount' alone tells 'goal'"))
    // Right for nine of ten: useful, and no restatement.
    #expect(
      try notes("hint", { $0 % 10 == 1 ? "dead" : $0 % 3 == 0 ? "alive" : "dead" }, kind).isEmpty)
  }

  @Test("a saved preprocessing is read back, a damaged one refused")
  func json() throws {
    let encoding = TableEncoding(
      columns: [
        .init(name: "n", kind: .number),
        .init(name: "c", kind: .category, categories: ["a"], poolsOthers: true),
      ], target: "c")
    let original = try Preprocessing(
      featureShape: [2], center: [0.1, 0, 1e-8], scale: [3, 1, 0], fill: [1, 0], table: encoding)
    let json = try JSONEncoder().encode(original)
    #expect(try JSONDecoder().decode(Preprocessing.self, from: json) == original)
    for damaged in [
      #"{"featureShape":[3],"center":[0],"scale":[1,1],"fill":[]}"#,
      #"{"featureShape":[4611686018427387904,4],"center":[0],"scale":[1],"fill":[]}"#,
      #"{"featureShape":[-3],"center":[0],"scale":[1],"fill":[]}"#,
      #"{"featureShape":[3],"center":[0],"scale":[1],"fill":[1]}"#,
      #"{"featureShape":[3],"center":[0],"scale":[1],"fill":[],"table":{"columns":[]}}"#,
      #"{"version":2,"featureShape":[0],"center":[0],"scale":[1],"fill":[],"table":{"columns":[]}}"#,
      #"{"version":3,"featureShape":[1],"center":[0],"scale":[1],"fill":[]}"#,
      #"{"version":0,"featureShape":[1],"center":[0],"scale":[1],"fill":[]}"#,
      #"{"featureShape":[1],"center":[0],"scale":[1],"fill":[],"table":{"columns":[{"name":"a","kind":"number","categories":["x"]}]}}"#,
    ] {
      #expect(throws: (any Error).self) {
        try JSONDecoder().decode(Preprocessing.self, from: Data(damaged.utf8))
      }
    }
  }

  @Test("the first version's numbers a feature become numbers a column")
  func firstVersion() throws {
    let text = """
      {"center":[-0.5,0,0,1],"featureShape":[4],"fill":[-0.75,0,0,1],"scale":[2,1,1,4],
       "table":{"columns":[{"name":"w"},{"categories":["g","r"],"name":"c"},{"name":"f"}],
                "target":"k"}}
      """
    let old = try JSONDecoder().decode(Preprocessing.self, from: Data(text.utf8))
    #expect(old.featureShape == [3] && old.inputShape == [4])
    #expect(old.fill == [-0.75, 0, 1])
    let data = try dataset([.nan, 1, .nan, 1, 2, 3, 0, .nan, 2], width: 3)
    #expect(
      try old.apply(to: data).values(as: Float.self) == [-0.5, 0, 1, 0, 3, 0, 0, 8, 1, 0, 0, 4])
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
    let plain = try Preprocessing(featureShape: [2])
    #expect(throws: DataError.self) { try PreparedDataset(data, Preprocessing(featureShape: [3])) }
    #expect(throws: DataError.self) { try PreparedDataset(data, plain, indices: [0, 2]) }
    let chosen = try PreparedDataset(data, plain, indices: [1])
    #expect(chosen.count == 1)
    #expect(try chosen.batch([0, 0]).inputs.values(as: Float.self) == [3, 4, 3, 4])
    #expect(throws: DataError.self) { try chosen.batch([1]) }
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
