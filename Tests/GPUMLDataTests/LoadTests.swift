import Foundation
import GPUMLGraph
import TestSupport
import Testing

@testable import GPUMLData

@Suite("Loading")
struct LoadTests {
  private func message(_ body: () throws -> Void) -> String {
    let error = #expect(throws: DataError.self) { try body() }
    return error?.description ?? "no error"
  }

  @Test("the built-in digits are whole")
  func digits() throws {
    let data = try Dataset.load("digits")
    #expect(data.train.count == 1797 && data.train.featureShape == [1, 8, 8])
    #expect(data.test == nil)
    guard case .classes(let labels, let names) = data.train.labels else {
      Issue.record("no classes")
      return
    }
    #expect(names == (0..<10).map(String.init))
    #expect(Array(labels.prefix(3)) == [0, 1, 2] && labels.last == 8)
    let inputs = try data.preprocessing().apply(to: data.train, indices: [0])
    #expect(Array(try inputs.values(as: Float.self)[2..<5]) == [5 / 16, 13 / 16, 9 / 16])
  }

  private func mnist(
    _ folder: TemporaryFolder, testLabels: [UInt8] = [1, 0], leavingOut: String? = nil
  ) throws {
    let images = IDXTests.bytes(8, [3, 2, 2], (0..<12).map { UInt8($0) })
    let testImages = IDXTests.bytes(8, [2, 2, 2], (0..<8).map { UInt8($0) })
    let files: [(String, [UInt8])] = [
      ("train-images-idx3-ubyte", images),
      ("train-labels-idx1-ubyte.gz", try gzip(IDXTests.bytes(8, [3], [0, 2, 1]))),
      ("t10k-images-idx3-ubyte.gz", try gzip(testImages)),
      ("t10k-labels-idx1-ubyte", IDXTests.bytes(8, [UInt32(testLabels.count)], testLabels)),
    ]
    for (name, bytes) in files where name != leavingOut { _ = try folder.file(name, bytes) }
  }

  @Test("a folder of MNIST files gives a training and a test part")
  func mnistFolder() throws {
    let folder = try TemporaryFolder()
    try mnist(folder)
    let data = try Dataset.load(folder.path)
    #expect(data.train.featureShape == [1, 2, 2] && data.train.count == 3)
    #expect(data.train.labels == .classes([0, 2, 1], names: ["0", "1", "2"]))
    #expect(data.test?.labels == .classes([1, 0], names: ["0", "1", "2"]))
    #expect(data.scaling == .fixed(center: 0, scale: 1 / 255))
    let preprocessing = try data.preprocessing()
    let other = try Dataset.load(
      folder.path, for: preprocessing, classes: ["2", "1", "0"], isLabelled: true)
    #expect(other.labels == .classes([1, 2], names: ["2", "1", "0"]))
  }

  @Test("what is wrong with a folder of MNIST files is named")
  func badFolder() throws {
    let empty = try TemporaryFolder()
    #expect(
      message { _ = try Dataset.load(empty.path) }
        .hasSuffix("is a folder without train-images-idx3-ubyte[.gz]: no MNIST files here"))
    let partial = try TemporaryFolder()
    try mnist(partial, leavingOut: "train-labels-idx1-ubyte.gz")
    #expect(
      message { _ = try Dataset.load(partial.path) }.contains("train-labels-idx1-ubyte[.gz]: no"))
    let short = try TemporaryFolder()
    try mnist(short, testLabels: [1])
    #expect(message { _ = try Dataset.load(short.path) }.contains("holds 1 labels where"))
    let high = try TemporaryFolder()
    try mnist(high, testLabels: [1, 3])
    #expect(
      message { _ = try Dataset.load(high.path) }
        .contains("label 3.0 of example 1 is not one of the 3 classes"))
  }

  @Test("the last column of a table is its label, another if asked for")
  func tables() throws {
    let folder = try TemporaryFolder()
    let text = "a,b,kind\n1,10,x\n2,20,y\n3,30,x\n"
    let path = try folder.file("t.csv", Array(text.utf8))
    let data = try Dataset.load(path)
    #expect(data.train.labels == .classes([0, 1, 0], names: ["x", "y"]))
    #expect(data.train.features == .float32([1, 10, 2, 20, 3, 30]))
    #expect(data.table?.target == "kind" && data.scaling == .standard)
    var options = LoadOptions(target: "b", task: .regression, dropping: ["kind"])
    let numbers = try Dataset.load(path, options: options)
    #expect(numbers.train.labels == .targets([10, 20, 30]) && numbers.train.featureShape == [1])
    options = LoadOptions(isLabelled: false, features: ["b", "a"])
    let plain = try Dataset.load(path, options: options)
    #expect(plain.train.labels == .none && plain.train.featureShape == [2])
    #expect(
      message { _ = try Dataset.load(path, options: LoadOptions(target: "z")) }.contains(
        "no column 'z'"))
    let packed = try folder.file("t.csv.gz", gzip(Array(text.utf8)))
    #expect(try Dataset.load(packed).train == data.train)
  }

  @Test("labels are classes or numbers by what they are")
  func labelKinds() throws {
    func labels(_ cells: [String], task: LearningTask = .automatic) throws -> Dataset.Labels {
      let text = "x,y\n" + cells.map { "1,\($0)\n" }.joined()
      let table = try Table(parsing: Array(text.utf8), file: "t.csv")
      let profile = try table.profile(target: 1)
      let encoder = try LabelEncoder(table, profile, place: 1, task: task)
      return try table.encoded(TableEncoding(numericColumns: ["x"]), places: [0], labels: encoder)
        .dataset.labels
    }
    #expect(try labels(["10", "9", "10"]) == .classes([1, 0, 1], names: ["9", "10"]))
    #expect(try labels(["1.5", "2"]) == .targets([1.5, 2]))
    #expect(
      try labels(["1.5", "2"], task: .classification) == .classes([0, 1], names: ["1.5", "2"]))
    #expect(try labels(["3", "4"], task: .regression) == .targets([3, 4]))
    #expect(try labels(["true", "false"]) == .classes([1, 0], names: ["false", "true"]))
    let many = (0..<100).map(String.init)
    #expect(try labels(many) == .targets(many.compactMap { Float($0) }))
    #expect(message { _ = try labels(["a", "NA"]) } == "t.csv:3: column 'y': the label is missing")
    #expect(
      message { _ = try labels(["1", "a"], task: .regression) }.contains("t.csv:3: column 'y': 'a'")
    )
  }

  @Test("a table is read for a model by its names, labels checked against its classes")
  func inference() throws {
    let folder = try TemporaryFolder()
    let train = try folder.file("a.csv", Array("a,b,k\n1,2,x\n3,4,y\n".utf8))
    let data = try Dataset.load(train)
    let preprocessing = try data.preprocessing()
    let other = try folder.file("b.csv", Array("k,b,a\ny,7,8\n".utf8))
    let labelled = try Dataset.load(
      other, for: preprocessing, classes: ["x", "y"], isLabelled: true)
    #expect(labelled.features == .float32([8, 7]))
    #expect(labelled.labels == .classes([1], names: ["x", "y"]))
    let bare = try folder.file("c.csv", Array("5,6\n7,8\n".utf8))
    let rows = try Dataset.load(bare, for: preprocessing, classes: ["x", "y"])
    #expect(rows.features == .float32([5, 6, 7, 8]) && rows.labels == .none)
    #expect(
      message {
        _ = try Dataset.load(other, for: preprocessing, classes: ["x"], isLabelled: true)
      }.hasSuffix("b.csv:2: column 'k': 'y' is not one of the 1 classes"))
    let less = try folder.file("d.csv", Array("a\n1\n".utf8))
    #expect(
      message { _ = try Dataset.load(less, for: preprocessing, classes: nil) }.contains(
        "no column 'b'"))
    #expect(
      message { _ = try Dataset.load("digits", for: preprocessing, classes: nil) }.contains(
        "[1, 8, 8]"))
  }

  @Test("arrays are examples along their first axis, with labels beside them")
  func arrays() throws {
    let folder = try TemporaryFolder()
    let array = try NPYFile.encode(try HostTensor([Float(1), 2, 3, 4], shape: [2, 2]))
    let path = try folder.file("x.npy", array)
    let labels = try folder.file(
      "y.npy", NPYFile.encode(try HostTensor([Int64(1), 0], shape: [2])))
    let data = try Dataset.load(path, options: LoadOptions(labelsFile: labels))
    #expect(data.train.labels == .classes([1, 0], names: ["0", "1"]) && data.scaling == .standard)
    let targets = try folder.file("t.npy", NPYFile.encode(try HostTensor([Float(0.5)], shape: [1])))
    #expect(
      message { _ = try Dataset.load(path, options: LoadOptions(labelsFile: targets)) }
        .contains("holds 1 labels where"))
    let nan = try folder.file(
      "n.npy", NPYFile.encode(try HostTensor([Float(1), .nan], shape: [2, 1])))
    #expect(message { _ = try Dataset.load(nan) }.contains("example 1 holds a value that is not"))
    for shape in [[], [0], [0, 3], [3, 0]] {
      let values = [Float](repeating: 0, count: shape.reduce(1, *))
      let file = try folder.file("e.npy", NPYFile.encode(try HostTensor(values, shape: shape)))
      _ = message { _ = try Dataset.load(file) }
    }
    let wrong = try folder.file("w.npy", Array("hello".utf8))
    #expect(message { _ = try Dataset.load(wrong) }.hasSuffix("w.npy: is no NPY file"))
  }

  @Test("what is no file is named at once")
  func notFiles() throws {
    #expect(
      message { _ = try Dataset.load("/nowhere/x.csv") } == "/nowhere/x.csv: no such file or folder"
    )
    #expect(message { _ = try Dataset.load("/dev/null") } == "/dev/null: is a device, not a file")
  }

  @Test(
    "the real MNIST is read",
    .enabled(
      if: ProcessInfo.processInfo.environment["GPUML_TEST_DATA"] != nil,
      "GPUML_TEST_DATA names no folder of data"))
  func realMNIST() throws {
    let root = try #require(ProcessInfo.processInfo.environment["GPUML_TEST_DATA"])
    let data = try Dataset.load(root + "/mnist")
    #expect(data.train.count == 60_000 && data.test?.count == 10_000)
    #expect(data.train.featureShape == [1, 28, 28] && data.train.classNames.count == 10)
  }
}
