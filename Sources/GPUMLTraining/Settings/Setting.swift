import GPUMLData
import GPUMLDevice
import GPUMLFormats
import GPUMLNN
import GPUMLSystem
import GPUMLYAML

/// One thing that can be set about a training, by its name in configurations.
struct Setting: Sendable {
  /// Words of the name are joined by `_` in files, by `-` in flags.
  let key: String
  /// Whether a resumed training may have another value.
  var isFree = false
  let read: @Sendable (SettingValue, inout TrainingRun.Request) throws -> Void
  let show: @Sendable (TrainingRun.Request) -> YAML
  /// What must be the same where a training is resumed; nil for what is shown.
  var compared: (@Sendable (TrainingRun.Request) -> YAML)?

  /// The name as a flag has it, for messages.
  var flag: String { Setting.flag(key) }

  static func flag(_ key: String) -> String {
    String(key.map { $0 == "_" ? "-" : $0 })
  }

  static func key(_ flag: String) -> String {
    String(flag.map { $0 == "-" ? "_" : $0 })
  }
}

extension Setting {
  private typealias Request = TrainingRun.Request

  /// Every setting, in the order in which files list them; an optimizer comes before its settings.
  static let all: [Setting] = data + training + device

  private static let data: [Setting] = [
    Setting(key: "data") { value, request in
      request.source = try value.text("data") ?? Request().source
    } show: {
      .string($0.source)
    },
    Setting(key: "target") {
      $1.options.target = try $0.text("target")
    } show: {
      YAML($0.options.target)
    },
    Setting(key: "labels") {
      $1.options.labelsFile = try $0.text("labels")
    } show: {
      YAML($0.options.labelsFile)
    },
    Setting(key: "task") { value, request in
      request.options.task =
        try value.choice("task", among: LearningTask.allCases.map(\.rawValue)) {
          LearningTask(rawValue: $0)
        } ?? .automatic
    } show: {
      .string($0.options.task.rawValue)
    },
    Setting(key: "drop") {
      $1.options.dropping = try $0.names("drop") ?? []
    } show: {
      .list($0.options.dropping.map { .string($0) })
    },
    Setting(key: "features") {
      $1.options.features = try $0.names("features")
    } show: {
      $0.options.features.map { .list($0.map { .string($0) }) } ?? .null
    },
    Setting(key: "impute") { value, request in
      request.options.imputation =
        try value.choice("impute", among: Imputation.allCases.map(\.rawValue)) {
          Imputation(rawValue: $0)
        } ?? .median
    } show: {
      .string($0.options.imputation.rawValue)
    },
    Setting(key: "missing_indicator") { value, request in
      request.options.marksMissing = try value.truth("missing-indicator") ?? false
    } show: {
      .bool($0.options.marksMissing)
    },
    Setting(key: "drop_duplicates") { value, request in
      request.options.dropsDuplicates = try value.truth("drop-duplicates") ?? false
    } show: {
      .bool($0.options.dropsDuplicates)
    },
    Setting(key: "scale") { value, request in
      // What suits the source may be a scaling of its own, which nobody asks for by name.
      let named: FeatureScaling?? = try value.choice(
        "scale", among: FeatureScaling.names + [FeatureScaling.ownName]
      ) { name in
        name == FeatureScaling.ownName
          ? .some(nil) : FeatureScaling(named: name).map { .some($0) }
      }
      request.options.scaling = named ?? nil
    } show: {
      YAML($0.options.scaling?.name)
    },
    Setting(key: "val_split") { value, request in
      request.configuration.validationSplit =
        try value.number("val-split") ?? TrainingConfiguration().validationSplit
    } show: {
      .double($0.configuration.validationSplit)
    },
    Setting(key: "folds") { value, request in
      request.folds = try value.integer("folds")
      if let folds = request.folds, folds < 2 { throw value.wrong("folds", "2 or more") }
    } show: {
      $0.folds.map { .int($0) } ?? .null
    },
    Setting(key: "test_split") { value, request in
      request.configuration.testSplit =
        try value.number("test-split") ?? TrainingConfiguration().testSplit
    } show: {
      .double($0.configuration.testSplit)
    },
  ]

  private static let training: [Setting] = [
    Setting(key: "model") { value, request in
      request.model = try value.text("model").map { text in
        do {
          return try ModelDefinition(parsing: text)
        } catch let error as SystemError {
          throw FormatError(error)
        }
      }
    } show: {
      YAML($0.toldModel?.description)
    } compared: {
      // A file may be at another place.
      YAML($0.toldModel?.identity)
    },
    Setting(key: "from") {
      $1.base = try $0.text("from")
    } show: {
      YAML($0.base)
    } compared: {
      // The file may be at another place; what it holds is compared.
      .bool($0.base != nil)
    },
    Setting(key: "freeze") {
      $1.configuration.frozen = try $0.names("freeze") ?? []
    } show: {
      .list($0.configuration.frozen.map { .string($0) })
    },
    Setting(key: "epochs") { value, request in
      request.configuration.epochs = try value.integer("epochs") ?? TrainingConfiguration().epochs
    } show: {
      .int($0.configuration.epochs)
    },
    Setting(key: "batch_size") {
      $1.configuration.batchSize = try $0.integer("batch-size")
    } show: {
      $0.configuration.batchSize.map { .int($0) } ?? .null
    },
    Setting(key: "optimizer") { value, request in
      request.configuration.optimizer =
        try value.choice("optimizer", among: Optimizers.names) { Optimizers.named($0) }
        ?? TrainingConfiguration().optimizer
    } show: {
      .string($0.configuration.optimizer.name)
    },
    Setting(key: "optimizer_settings") { value, request in
      guard value != .null else { return }
      guard case .map(let pairs) = value else {
        throw value.wrong("optimizer-settings", "a map of numbers")
      }
      let optimizer = request.configuration.optimizer
      var settings: [String: Double] = [:]
      for (name, text) in pairs {
        guard let number = Double(text) else {
          throw TrainingError.invalidConfiguration(
            key: "optimizer-settings",
            reason: "\(name.excerpt()): '\(text.excerpt())' is not a number")
        }
        settings[name] = number
      }
      request.configuration.optimizer = try Optimizers.named(optimizer.name, settings: settings)
    } show: {
      .map($0.configuration.optimizer.settings.map { ($0.name, .double($0.value)) })
    },
    Setting(key: "weight_decay") { value, request in
      guard let decay = try value.number("weight-decay") else { return }
      guard decay >= 0, decay.isFinite else {
        throw TrainingError.invalidConfiguration(
          key: "weight-decay", reason: "\(decay) is not a number from 0 on")
      }
      request.configuration.optimizer.set("weight_decay", to: decay)
    } show: { request in
      request.configuration.optimizer.settings.first { $0.name == "weight_decay" }
        .map { .double($0.value) } ?? .null
    },
    Setting(key: "lr") {
      $1.configuration.learningRate = try $0.number("lr")
    } show: {
      $0.configuration.learningRate.map { .double($0) } ?? .null
    },
    Setting(key: "lr_schedule") { value, request in
      request.configuration.schedule =
        try value.choice("lr-schedule", among: LearningRateSchedule.names) {
          LearningRateSchedule(named: $0)
        } ?? TrainingConfiguration().schedule
    } show: {
      .string($0.configuration.schedule.name)
    },
    Setting(key: "warmup_epochs") { value, request in
      request.configuration.warmupEpochs = try value.integer("warmup-epochs") ?? 0
    } show: {
      .int($0.configuration.warmupEpochs)
    },
    Setting(key: "patience") {
      $1.configuration.patience = try $0.integer("patience")
    } show: {
      $0.configuration.patience.map { .int($0) } ?? .null
    },
    Setting(key: "clip_norm") {
      $1.configuration.clipNorm = try $0.number("clip-norm")
    } show: {
      $0.configuration.clipNorm.map { .double($0) } ?? .null
    },
    Setting(key: "accumulate") {
      $1.configuration.accumulation = try $0.integer("accumulate") ?? 1
    } show: {
      .int($0.configuration.accumulation)
    },
    Setting(key: "ema") {
      $1.configuration.averageDecay = try $0.number("ema")
    } show: {
      $0.configuration.averageDecay.map { .double($0) } ?? .null
    },
    Setting(key: "class_weights") { value, request in
      request.configuration.classWeights = try classWeights(value)
    } show: {
      $0.configuration.classWeights?.yaml ?? .null
    },
    Setting(key: "label_smoothing") { value, request in
      request.configuration.labelSmoothing = try value.number("label-smoothing") ?? 0
    } show: {
      .double($0.configuration.labelSmoothing)
    },
    Setting(key: "time_limit", isFree: true) { value, request in
      request.configuration.timeLimit = try value.text("time-limit").map { text in
        guard let duration = TimeSpanText.duration(text) else {
          throw value.wrong("time-limit", "a time such as 90s, 10m or 2h")
        }
        return duration
      }
    } show: { request in
      YAML(request.configuration.timeLimit.map { "\($0.inSeconds)s" })
    },
    Setting(key: "seed") { value, request in
      let text = try value.text("seed") ?? "0"
      guard let seed = UInt64(text) else {
        throw value.wrong("seed", "a whole number from 0 to \(UInt64.max)")
      }
      request.configuration.seed = seed
    } show: { request in
      Int(exactly: request.configuration.seed).map { .int($0) }
        ?? .string("\(request.configuration.seed)")
    },
  ]

  private static let device: [Setting] = [
    // Other words may mean the same device: those that were chosen are compared.
    Setting(key: "device", isFree: true) { value, request in
      request.device = try value.text("device").map { try DeviceRequest($0) }
    } show: {
      YAML($0.device?.description)
    },
    Setting(key: "require_gpu", isFree: true) { value, request in
      request.requiresGPU = try value.truth("require-gpu") ?? false
    } show: {
      .bool($0.requiresGPU)
    },
    Setting(key: "memory_limit", isFree: true) { value, request in
      request.memoryLimit = try value.text("memory-limit").map { text in
        guard let bytes = ByteCountText.bytes(text) else {
          throw value.wrong("memory-limit", "a number of bytes, with a suffix K, M or G or without")
        }
        return bytes
      }
    } show: {
      $0.memoryLimit.map { .int($0) } ?? .null
    },
    Setting(key: "tensorboard", isFree: true) { value, request in
      request.writesEvents = try value.truth("tensorboard") ?? false
    } show: {
      .bool($0.writesEvents)
    },
    Setting(key: "save_every", isFree: true) { value, request in
      request.saveEvery = try value.integer("save-every")
      if let epochs = request.saveEvery, epochs < 1 {
        throw value.wrong("save-every", "1 or more epochs")
      }
    } show: {
      $0.saveEvery.map { .int($0) } ?? .null
    },
  ]
}

extension Setting {
  /// `balanced`, or one number a class.
  private static func classWeights(_ value: SettingValue) throws -> ClassWeights? {
    if case .text("balanced") = value { return .balanced }
    return try value.names("class-weights").map { texts in
      .explicit(
        try texts.map { text in
          guard let number = Double(text) else {
            throw value.wrong("class-weights", "balanced, or one number a class")
          }
          return number
        })
    }
  }
}

extension YAML {
  /// A text, or nothing.
  init(_ text: String?) { self = text.map { .string($0) } ?? .null }
}
