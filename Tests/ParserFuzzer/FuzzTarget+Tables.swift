import GPUMLData
import GPUMLSystem
import TestSupport

extension FuzzTarget {
  static let tables = [
    FuzzTarget(
      name: "csv",
      seeds: texts(
        "a,b,c\n1,2.5,x\n3,,y\n-4e2,7,x\n", "\u{FEFF}name,\"of, a\"\"b\"\r\n\"x\ny\",1\r\nz,2\r\n",
        "1,2\n3,4\n5,6\n", "when,ok,n\n2024-02-29,true,1\n2024-03-01T23:59:59.5+02:00,false,2\n",
        "a;b\n1;NA\n2;inf\n", "x\n1\n\n\n2\n",
        "a,b\n\"1\",\"" + String(repeating: "xy\n", count: 30) + "\"\n2,z\u{7F}",
        "t,u\nä,\u{1F600}\nö,\u{2028}\nä,a\n"),
      words: cellWords + ["\"\"", "\r\n", "\u{FEFF}", ";", "|"],
      read: { try readTable($0, name: "table.csv") }),
    FuzzTarget(
      name: "tsv", seeds: texts("a\tb\n1\tx\n2\ty\n", "1\t\"2\t3\"\n4\t5\n"),
      words: cellWords + ["\t", "\"\""], read: { try readTable($0, name: "table.tsv") }),
    FuzzTarget(
      name: "jsonl",
      seeds: texts(
        "{\"a\":1,\"b\":\"x\"}\n{\"b\":\"y\",\"a\":-2.5e3}\n{\"a\":null,\"b\":\"x\"}\n",
        "{\"t\":\"2024-02-29 10:00\",\"k\":true}\r\n\n{\"t\":\"2024-03-01\",\"k\":false}",
        "{\"\\u00e9\\ud83d\\ude00\":1}\n{\"\\n\":2,\"é😀\":3}\n"),
      words: cellWords + jsonWords, read: { try readTable($0, name: "table.jsonl") }),
  ]

  static let jsonWords = [
    "{\"", "\":", "[]", "{}", "null", "true", "false", "\\u00e9", "\\ud83d\\ude00", "\\\"",
    "1e308", "-0", "18446744073709551615", "-9223372036854775808",
  ]

  private static let cellWords = [
    "2024-02-29", "T23:59:60.5", "+02:00", "0001-01-01", "9999-12-31", "NA", "nan", "-inf", "true",
    "1e400", "-1e-400", "9223372036854775807", "0.1e22",
  ]

  /// Reads a table to learn from, in one of several ways, and then as a model of it would.
  private static func readTable(_ bytes: [UInt8], name: String) throws {
    // A text is read in pieces, whose ends only a long one reaches.
    let isRepeated = bytes.last == 0x7F && bytes.count > 64
    let copies = isRepeated ? (5 << 16) / bytes.count : 1
    let text = Array([[UInt8]](repeating: bytes, count: copies).joined())
    let path = ScratchFile.holding(text, name: name)
    let options =
      switch bytes.count % 4 {
      case 0: LoadOptions()
      case 1: LoadOptions(isLabelled: false, header: .absent)
      case 2: LoadOptions(task: .regression, header: .present, scaling: .minMax)
      default: LoadOptions(task: .classification, marksMissing: true, dropsDuplicates: true)
      }
    _ = try DataSummary(of: path, options: options)
    let data = try Dataset.load(path, options: options)
    let preprocessing = try data.preprocessing()
    expect(preprocessing.inputShape == data.inputShape, "features of another shape")
    let classes = data.train.classNames
    let read = try Dataset.load(
      path, for: preprocessing, classes: classes.isEmpty ? nil : classes,
      isLabelled: options.isLabelled, options: options)
    expect(
      read.count == data.train.count || options.dropsDuplicates,
      "\(data.train.count) rows to learn from, \(read.count) to predict")
  }
}
