import GPUMLData
import Testing

@testable import GPUMLReport

@Suite("Pages of runs") struct PageTests {
  @Test("the check of pages finds what is wrong with one")
  func negativeControls() {
    let faults = [
      "<p><b>x</p></b>", "<p>x", "<p>a & b</p>", "<p class=x>y</p>", "<p>a > b</p>",
      "<script>1</script>", "<img src=\"https://example.org/a.png\"/>", "<p>\u{7}</p>",
      "<style>a { background: url(x) }</style>",
    ]
    for fault in faults { #expect(PageCheck.problem(in: fault) != nil, "\(fault)") }
    #expect(PageCheck.problem(in: "<p class=\"x\">a &amp; b<br/></p>") == nil)
  }

  @Test("a page is well-formed and needs no other file", arguments: [true, false], [true, false])
  func wellFormed(isClassifying: Bool, hasFacts: Bool) async throws {
    var run = isClassifying ? SampleRun() : SampleRun.regression
    run.hasFacts = hasFacts
    let page = try await run.report().html
    #expect(PageCheck.problem(in: page) == nil)
    #expect(!page.contains("http"))
    #expect(page.contains("prefers-color-scheme: dark") && page.contains("@media print"))
  }

  @Test("a page holds the numbers of its run")
  func numbers() async throws {
    let page = try await SampleRun().report().html
    for text in [
      "Classification of kind in table.csv", "training on a device", "1 min 23 s", "12,345",
      "1,234,567", "92.86 %", ">narrow<", "87.5 %", "best epoch 7", "optimizer_settings.beta1",
      "[batch, 2]", "<title>best epoch 7: 0.9286</title>",
    ] {
      #expect(page.contains(text), "\(text)")
    }
    let regression = try await SampleRun.regression.report().html
    for text in ["Regression of price", "Predicted too high", "Predicted over true", "R²"] {
      #expect(regression.contains(text), "\(text)")
    }
  }

  @Test("names are text, whatever is in them")
  func hostileNames() async throws {
    var run = SampleRun()
    let hostile = "</td><script>alert('x')</script>\" onload=\"y\u{1}&amp;\u{202e}"
    run.source = hostile
    run.target = hostile
    run.classNames = [hostile, String(repeating: "<", count: 10_000)]
    let report = try await run.report()
    #expect(PageCheck.problem(in: report.html) == nil)
    #expect(PageCheck.problem(in: RunComparison([report, report]).html) == nil)
    #expect(report.html.contains("&lt;script&gt;alert(&#39;x&#39;)"))
    #expect(report.html.utf8.count < 100_000)
  }

  @Test("ten thousand epochs and a thousand classes make a page of moderate size")
  func size() async throws {
    var run = SampleRun()
    run.epochs = 10_000
    run.classNames = (0..<1000).map { "class \($0)" }
    let report = try await run.report()
    #expect(report.epochs.rows.count == 10_000)
    #expect(report.html.utf8.count < 250_000)
    #expect(report.html.contains("976 others") && report.html.contains("of 1,000"))
    #expect(try run.facts.json().utf8.count < 50_000)
    let many = RunComparison([RunReport](repeating: report, count: 12))
    #expect(many.html.utf8.count < 1_000_000)
  }

  @Test("pictures are shown as such, and only what is a picture")
  func pictures() async throws {
    var run = SampleRun()
    let values = (0..<64).map(Float.init)
    let png = try #require(PNGPicture.base64(values, shape: [1, 8, 8]))
    run.picture = png
    #expect(try await run.report().html.contains("src=\"data:image/png;base64,\(png)\""))
    run.picture = "\" onerror=\"x"
    let page = try await run.report().html
    #expect(PageCheck.problem(in: page) == nil && !page.contains("onerror"))
  }

  @Test("a comparison tells settings that differ and marks the best")
  func comparison() async throws {
    var other = SampleRun()
    (other.learningRate, other.epochs, other.bestEpoch) = (0.01, 6, 5)
    let runs = RunComparison([try await SampleRun().report(), try await other.report()])
    #expect(runs.differences.map(\.key) == ["epochs", "lr"])
    #expect(runs.differences.last?.values == ["0.003", "0.01"])
    #expect(runs.best(in: "val_loss") == [0] && runs.best(in: "nothing").isEmpty)
    #expect(PageCheck.problem(in: runs.html) == nil)
    #expect(runs.html.contains("2 runs on table.csv"))

    // What a cross-validated run lacks itself, its folds have.
    let metrics = [0.5, 0.75].map { [OutcomeFacts.Metric(name: "val_roc_auc", value: $0)] }
    other.folds = FoldFacts(
      folds: metrics.map { .init(bestEpoch: 1, metrics: $0) },
      means: [.init(name: "val_roc_auc", value: 0.625)], deviations: [])
    let validated = RunComparison([try await SampleRun().report(), try await other.report()])
    #expect(validated.metricNames.contains("val_roc_auc"))
    #expect(PageCheck.problem(in: validated.html) == nil)
    #expect(validated.html.contains("means\u{A0}of\u{A0}2\u{A0}folds"))
  }

  @Test("numbers of any size are drawn")
  func extremes() async throws {
    var facts = try SampleRun.regression.facts
    let sizes: [Double] = [-1.7e308, -1, 0, .leastNonzeroMagnitude, 1e-300, 3, 1.7e308]
    facts.outcome?.numbers = NumberFacts(
      sizes.enumerated().map { .init(example: .max, actual: 0, predicted: $0.element) })
    facts.seconds = 1e308
    facts.samplesPerSecond = 1e300
    let copy = try RunFacts(json: facts.json(), file: "report.json")
    #expect(copy == facts)
    let numbers = try #require(copy.outcome?.numbers)
    let drawings = [
      ScatterChart(pairs: numbers.pairs).svg, ResidualChart(numbers: numbers).svg,
      LineChart(
        title: "", lines: [.init(name: "", points: sizes.map { ($0, $0) }, colour: 0)]
      ).svg,
      LineChart(title: "", lines: []).svg, ResidualChart(numbers: NumberFacts([])).svg,
    ]
    for drawing in drawings {
      #expect(PageCheck.problem(in: drawing) == nil)
      #expect(!drawing.contains("nan") && !drawing.contains("inf"))
    }
    #expect(Reading.time(1e308).hasSuffix(" s"))
  }
}
