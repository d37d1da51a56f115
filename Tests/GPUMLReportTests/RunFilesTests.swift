import Foundation
import GPUMLData
import TestSupport
import Testing

@testable import GPUMLReport

@Suite("Files of runs") struct RunFilesTests {
  @Test("facts are read as they were written")
  func facts() throws {
    for run in [SampleRun(), .regression] {
      let facts = try run.facts
      #expect(try RunFacts(json: facts.json(), file: "report.json") == facts)
    }
  }

  @Test("what is no run, or a broken one, is told with its file and line")
  func brokenFiles() throws {
    let folder = try TemporaryFolder()
    let run = folder.path + "/run"
    func failure(_ path: String = "run") -> ReportError? {
      #expect(throws: ReportError.self) { try RunReport(contentsOf: folder.path + "/" + path) }
    }
    #expect(failure()?.exitCode == 66)
    try FileManager.default.createDirectory(atPath: run, withIntermediateDirectories: true)
    #expect(failure()?.exitCode == 65)
    _ = try folder.file("plain", [1])
    #expect(failure("plain")?.exitCode == 65)

    let header = "epoch,train_loss\n"
    let faults: [(name: String, text: String, line: Int?)] = [
      ("results.csv", "", 1), ("results.csv", "a,b\n1,2\n", 1), ("results.csv", header, nil),
      ("results.csv", header + "1,2\n2\n", 3), ("results.csv", header + "1,x\n", 2),
      ("results.csv", "epoch,a,a\n1,2,3\n", 1), ("args.yaml", "", nil),
      ("args.yaml", "a: 1\nno pair\n", 2), ("args.yaml", "a: 1\na: 2\n", 2),
      ("args.yaml", "  b: 1\n", 1), ("args.yaml", "a: \"open\n", 1),
      ("report.json", "{", nil), ("report.json", "[]", nil), ("report.json", "\u{0}", nil),
      ("report.json", "{\"schema\":2}", nil),
    ]
    for fault in faults {
      try SampleRun().write(to: run)
      try fault.text.write(toFile: "\(run)/\(fault.name)", atomically: false, encoding: .utf8)
      let error = failure()
      #expect(error?.exitCode == 65, "\(fault)")
      let place = "\(run)/\(fault.name):" + (fault.line.map { "\($0):" } ?? "")
      #expect(error?.description.hasPrefix(place) == true, "\(fault) \(error as Any)")
    }
  }

  @Test("facts that contradict each other are refused")
  func contradictions() throws {
    var facts = try SampleRun().facts
    facts.outcome?.classes?.counts[0].append(3)
    let text = try facts.json()
    #expect(throws: ReportError.self) { try RunFacts(json: text, file: "") }
    facts = try SampleRun().facts
    facts.outcome?.classes?.counts[0][0] = .max
    let large = try facts.json()
    #expect(throws: ReportError.self) { try RunFacts(json: large, file: "") }
    facts = try SampleRun().facts
    facts.schema = 99
    let late = try facts.json()
    #expect(throws: ReportError.self) { try RunFacts(json: late, file: "") }
  }

  @Test("settings are told with their maps' keys and without their quotes")
  func settings() throws {
    let text = """
      # a remark
      data: "a \\"b\\"\\x41\\n"
      empty: ""
      list: ["x, y", z]
      "odd: key": 3
      map:
        one: 1
        two: "2"
      last: null

      """
    let settings = try RunSettings(text, file: "args.yaml")
    #expect(
      settings.all.map(\.key) == [
        "data", "empty", "list", "odd: key", "map.one", "map.two", "last",
      ])
    #expect(settings["data"] == "a \"b\"A\n" && settings["empty"] == "\"\"")
    #expect(settings["list"] == "[\"x, y\", z]" && settings["map.two"] == "2")
  }

  @Test(
    "without facts the best epoch is that of the highest accuracy, of equal ones the lower loss")
  func bestEpoch() throws {
    let header = "epoch,train_loss,val_loss,val_accuracy\n"
    let table = try EpochTable(header + "1,1,5,0.5\n2,1,4,0.9\n3,1,3,0.9\n4,1,1,0.8\n", file: "")
    #expect(table.bestEpoch == 3)
    #expect(try EpochTable("epoch,val_loss\n1,2\n2,1\n3,nan\n", file: "").bestEpoch == 2)
    #expect(try EpochTable("epoch,train_loss\n1,2\n2,1\n", file: "").bestEpoch == 2)
  }

  @Test("of many classes those that most went wrong are kept, and none is lost in the sum")
  func pooling() throws {
    var confusion = ConfusionMatrix(classCount: 200)
    for index in 0..<2000 {
      let actual = index % 200
      let isWrong = actual >= 190
      try confusion.add(predicted: [isWrong ? 0 : actual], actual: [actual])
    }
    let classes = ClassFacts(confusion, classNames: (0..<200).map(String.init))
    #expect(classes.pooled == 176 && classes.counts.count == 25)
    #expect(Set(classes.names).isSuperset(of: ["0", "190", "199"]))
    #expect(classes.counts.joined().reduce(0, +) == 2000)
    #expect(classes.pairs.count == 10 && classes.pairs.allSatisfy { $0.count == 10 })
    let few = ClassFacts(ConfusionMatrix(classCount: 50), classNames: [])
    #expect(few.pooled == 0 && few.counts.count == 50)
  }
}
