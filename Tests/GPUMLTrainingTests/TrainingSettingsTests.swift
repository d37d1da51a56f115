import Foundation
import GPUMLData
import GPUMLNN
import Testing

@testable import GPUMLTraining

@Suite struct TrainingSettingsTests {
  private func applied(_ settings: TrainingSettings) throws -> TrainingRun.Request {
    var request = TrainingRun.Request()
    try settings.apply(to: &request)
    return request
  }

  @Test("what is written is what is read")
  func roundTrip() throws {
    var request = TrainingRun.Request()
    request.source = "a: b #c.csv"
    request.options.target = "null"
    request.options.task = .regression
    request.options.dropping = ["x", "y, z", "- \"q\""]
    request.options.imputation = .mean
    request.options.marksMissing = true
    request.options.scaling = .minMax
    request.model = try ModelDefinition(parsing: "mlp:7,5")
    request.configuration.epochs = 9
    request.configuration.batchSize = 3
    request.configuration.optimizer = SGD(momentum: 0.5, nesterov: true, weightDecay: 0.125)
    request.configuration.learningRate = 0.1 + 0.2
    request.configuration.schedule = .oneCycle
    request.configuration.patience = 4
    request.configuration.seed = .max
    request.memoryLimit = 12345
    request.saveEvery = 2
    let text = TrainingSettings.yaml(request).text
    let read = try applied(TrainingSettings(yaml: text, path: "x"))
    #expect(TrainingSettings.yaml(read).text == text)
    #expect(read.options == request.options && read.source == request.source)
    #expect(read.configuration.seed == .max)
    #expect(
      TrainingSettings.yaml(try applied(TrainingSettings())).text
        == TrainingSettings.yaml(TrainingRun.Request()).text)
    #expect(Set(Setting.all.map(\.key)).count == Setting.all.count)
  }

  @Test("a flag is stronger than the environment, and that than a file")
  func precedence() throws {
    let file = try TrainingSettings(
      yaml:
        "epochs: 5\nlr: 0.1\nbatch_size: 8\noptimizer: sgd\noptimizer_settings: {momentum: 0.5}\n",
      path: "x")
    let environment = try TrainingSettings(environment: [
      "GPUML_LR": "0.2", "GPUML_BATCH_SIZE": "16", "GPUML_KERNELS": "gpu", "GPUML_SEED": "",
    ])
    var flags = TrainingSettings()
    try flags.set("batch-size", to: .text("32"))
    try flags.set(assignment: "val_split=0.3")
    let request = try applied(file.overridden(by: environment).overridden(by: flags))
    #expect(request.configuration.epochs == 5 && request.configuration.learningRate == 0.2)
    #expect(request.configuration.batchSize == 32 && request.configuration.validationSplit == 0.3)
    #expect(request.configuration.optimizer.settings.contains { $0 == ("momentum", 0.5) })
    // Another optimizer leaves the constants of the first behind.
    try flags.set("optimizer", to: .text("adam"))
    #expect(try applied(file.overridden(by: flags)).configuration.optimizer.name == "adam")
  }

  @Test("a slip in a variable's name is an error, other names are none of ours")
  func variables() throws {
    _ = try TrainingSettings(environment: ["GPUML_DEBUG": "2", "GPUML_TRIALS": "3", "LR": "1"])
    let error = #expect(throws: TrainingError.self) {
      try TrainingSettings(environment: ["GPUML_EPOCH": "3"])
    }
    #expect(
      error?.description == "GPUML_EPOCH: there is no such setting; did you mean 'GPUML_EPOCHS'?")
  }

  @Test("an error tells where a file set what it is about, unless a stronger value did")
  func places() throws {
    let file = try TrainingSettings(yaml: "lr: 0.1\nepochs: 0\n", path: "x.yaml")
    let error = TrainingError.invalidConfiguration(key: "epochs", reason: "no")
    #expect(file.located(error).description == "x.yaml:2: epochs: no")
    var flags = TrainingSettings()
    try flags.set("epochs", to: .text("-1"))
    #expect(file.overridden(by: flags).located(error) == error)
  }

  @Test(
    "what cannot be is one line with the place and the nearest name",
    arguments: [
      ("epoch: 5\n", "x:1: epoch: there is no such setting; did you mean 'epochs'?"),
      ("lr: 1\n\nbatch_size: many\n", "x:3: batch-size: 'many' is not a whole number"),
      ("optimizer: adma\n", "x:1: optimizer: 'adma' is not one of"),
      ("epochs: [1, 2]\n", "x:1: epochs: '1,2' is not a whole number"),
      ("- a\n- b\n", "x:1: it is no list of keys and values"),
      ("lr: 1\nlr: 2\n", "twice"),
      ("lr: {a: [1]}\n", "too deep"),
      ("a: b: c\n", "x:1: "),
      ("missing_indicator: yes\n", "'yes' is not true or false"),
      ("\"lr\": \"x\n", "x:"),
      ("lr: *a\n", "x:1: "),
      ("lr: 1\nmodel: \"mlp:1\\n\"\n", "x:2: model 'mlp:1\\n': layer size '1\\n' is not"),
    ])
  func wrong(text: String, reason: String) throws {
    let error = #expect(throws: TrainingError.self) { try TrainingSettings(yaml: text, path: "x") }
    let message = "\(try #require(error))"
    #expect(message.contains(reason), "\(message)")
    #expect(error?.exitCode == 78 && !message.contains("\n"))
  }

  @Test(
    "a value of any length is told in short",
    arguments: [
      "model: #", "model: mlp:#", "lr: #", "task: #", "drop: {a: #}", "#: 1",
      "optimizer_settings: {a: #}", "optimizer_settings: {#: 1}", "class_weights: [#]",
      "#: 1\n#: 2", "time_limit: #", "drop: {#: 1}",
    ])
  func long(template: String) throws {
    let text = template.replacing("#", with: String(repeating: "x", count: 5000))
    let error = #expect(throws: (any Error).self) {
      try applied(TrainingSettings(yaml: text, path: "x"))
    }
    #expect("\(try #require(error))".count < 300)
  }

  @Test("files that nobody writes by hand do no harm")
  func hostile() throws {
    for text in [
      "", "\n", "# nothing\n", "{}", "null\n", "~",
    ] {
      #expect(try TrainingSettings(yaml: text, path: "x").values.isEmpty, "\(text)")
    }
    for text in [
      String(repeating: "[", count: 100_000), String(repeating: "{a: ", count: 50_000),
      String(repeating: "a: ", count: 3000), "\u{0}", "a: &a [*a]", "%YAML 9.9\n---\na: 1",
      String(repeating: "x", count: 2 << 20), "--- a\n--- b\n", "!!binary: !!binary x",
    ] {
      #expect(throws: TrainingError.self, "\(text.prefix(20))") {
        try TrainingSettings(yaml: text, path: "x")
      }
    }
    // Quotes, comments and lonely signs are no anchors.
    let plain = "data: \"a *b &c\"\ntarget: 'it''s *x' # *not* &this\nlabels: a & b * c\n"
    #expect(try TrainingSettings(yaml: plain, path: "x").values.count == 3)
    let doubling = (1...40).map { "k\($0): &k\($0) [*k\($0 - 1), *k\($0 - 1)]\n" }.joined()
    #expect(throws: TrainingError.self) {
      try TrainingSettings(yaml: "k0: &k0 [x]\n" + doubling + "? *k40\n: 1\n", path: "x")
    }
    // Anchors that multiply are not followed into depths.
    let bomb = "a: &a [x, x]\n" + "b: &b [*a, *a]\n"
    #expect(throws: TrainingError.self) { try TrainingSettings(yaml: bomb, path: "x") }
  }

  @Test(
    "no quote, comment or line break hides an anchor",
    arguments: [
      "data: a \"b\ndrop: &a [x]\n", "drop: [b \"c, &a x]\n", "drop: [b\n - 'c, &a x]\n",
      "drop: ['x\n # ', &a x]\n", "drop:\u{2028} &a [x]\n", "drop: !!seq &a [x]\n",
      "data: |\n  \"\ndrop: &a [x]\n", "&a drop: [x]\n", "data: &a\n", "drop:\n- &a x\n- *a\n",
    ])
  func hiddenAnchors(text: String) throws {
    let error = #expect(throws: TrainingError.self) { try TrainingSettings(yaml: text, path: "x") }
    #expect("\(try #require(error))".contains("not allowed"), "\(text)")
  }

  @Test("what is hidden behind a quote does not multiply", .timeLimit(.minutes(1)))
  func hiddenBomb() {
    let doubling = (1...40).map { "k\($0): &k\($0) [*k\($0 - 1), *k\($0 - 1)]\n" }.joined()
    let text = "data: a \"b\nk0: &k0 [x]\n" + doubling + "? *k40\n: 1\n"
    #expect(throws: TrainingError.self) { try TrainingSettings(yaml: text, path: "x") }
  }

  @Test("constants of optimizers go by their names")
  func optimizers() throws {
    for name in Optimizers.names {
      let known = try #require(Optimizers.named(name)).settings
      let changed = Dictionary(
        uniqueKeysWithValues: known.map {
          ($0.name, ["nesterov", "centered"].contains($0.name) ? 1 : 0.25)
        })
      let other = try Optimizers.named(name, settings: changed)
      #expect(other.settings.allSatisfy { $0.value == changed[$0.name] }, "\(name)")
      #expect(throws: TrainingError.self) { try Optimizers.named(name, settings: ["betta1": 1]) }
    }
    #expect(throws: TrainingError.self) { try Optimizers.named("adm", settings: [:]) }
  }
}
