import GPUMLNN
import GPUMLSystem
import GPUMLYAML

/// The settings of a training by their names in configurations, from the weakest source to the
/// strongest: a file, the environment, flags.
///
/// `args.yaml` of a run folder is such a file: a training with it is the same training.
package struct TrainingSettings: Sendable {
  /// The values by key, such as `batch_size`.
  package private(set) var values: [String: SettingValue] = [:]
  /// Where a file sets a value, as far as nothing stronger has another.
  private var places: [String: Place] = [:]

  private struct Place {
    let path: String
    let line: Int
  }

  /// No settings.
  package init() {}

  /// The settings of a file.
  ///
  /// - Parameters:
  ///   - text: YAML: keys and values.
  ///   - path: For messages.
  /// - Throws: `TrainingError.invalidFile` with the line.
  package init(yaml text: String, path: String) throws {
    let entries = try TrainingSettings.entries(text, path: path)
    if let fold = entries.first(where: { $0.key == ArgumentFacts.fold }) {
      throw TrainingError.invalidFile(
        path: path, line: fold.line, reason: "it is of a fold of a cross-validation, not of a run")
    }
    try self.init(entries, path: path)
  }

  /// A setting of a file.
  struct Entry {
    let key: String
    var value: SettingValue
    /// Counted from 1.
    let line: Int
  }

  /// The keys and values of a file.
  static func entries(_ text: String, path: String) throws(TrainingError) -> [Entry] {
    do throws(YAMLDocument.Failure) {
      var entries: [Entry] = []
      for pair in try YAMLDocument.pairs(text) {
        entries.append(
          Entry(
            key: pair.key, value: try SettingValue(pair.value, of: pair.key), line: pair.line))
      }
      return entries
    } catch {
      throw TrainingError(error, path: path)
    }
  }

  /// The settings among a file's entries; `args.yaml` tells of more.
  init(_ entries: [Entry], path: String) throws {
    for entry in entries where !ArgumentFacts.names.contains(entry.key) {
      do {
        try set(entry.key, to: entry.value)
        places[Setting.key(entry.key)] = Place(path: path, line: entry.line)
      } catch let TrainingError.invalidConfiguration(key, reason) {
        throw TrainingError.invalidFile(
          path: path, line: entry.line, reason: "\(key): \(reason)")
      } catch let error as NNError {
        throw TrainingError.invalidFile(path: path, line: entry.line, reason: "\(error)")
      }
    }
  }

  /// The settings that the environment makes, such as `GPUML_BATCH_SIZE=64`.
  ///
  /// - Throws: `TrainingError.invalidConfiguration` for a value that cannot be read, and for a name that is
  ///   but a slip away from a setting's.
  package init(environment: [String: String]) throws {
    let known = Setting.all.map { "GPUML_" + $0.key.uppercased() }
    for name in environment.keys.sorted() where name.hasPrefix("GPUML_") && !known.contains(name) {
      if let meant = known.first(where: { NearestName.distance($0, name) == 1 }) {
        throw TrainingError.invalidConfiguration(
          key: name.excerpt(), reason: "there is no such setting; did you mean '\(meant)'?")
      }
    }
    for (setting, name) in zip(Setting.all, known) {
      guard let text = environment[name], !text.isEmpty else { continue }
      do {
        try set(setting.key, to: .text(text))
      } catch let TrainingError.invalidConfiguration(_, reason) {
        throw TrainingError.invalidConfiguration(key: name, reason: reason)
      }
    }
  }

  /// Sets one of the settings.
  ///
  /// - Parameter key: The words of the name are joined by `_` or `-`.
  /// - Throws: `TrainingError.invalidConfiguration` if there is no such setting, or the value cannot be
  ///   read.
  package mutating func set(_ key: String, to value: SettingValue) throws {
    let name = Setting.key(key)
    guard let setting = Setting.all.first(where: { $0.key == name }) else {
      let known = Setting.all.map(\.key)
      let nearest = NearestName.hint(name, among: known)
      throw TrainingError.invalidConfiguration(
        key: key.excerpt(), reason: "there is no such setting\(nearest)")
    }
    // The optimizer's name decides which constants there are, so that these are read at the end.
    if name != "optimizer_settings" {
      var request = TrainingRun.Request()
      try setting.read(value, &request)
    }
    values[name] = value
  }

  /// Sets one of the settings from a text such as `batch_size=64`.
  package mutating func set(assignment text: String) throws {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else {
      throw TrainingError.invalidConfiguration(
        key: "set", reason: "'\(text.excerpt(limit: 80))' is not of the form key=value")
    }
    let value = String(parts[1])
    try set(String(parts[0]), to: value == "null" ? .null : .text(value))
  }

  /// These settings, and where the others say something, theirs.
  package func overridden(by others: TrainingSettings) -> TrainingSettings {
    var result = self
    for (key, value) in others.values {
      // Another optimizer has other constants.
      if key == "optimizer", value != values[key] {
        result.values["optimizer_settings"] = nil
        result.values["weight_decay"] = nil
      }
      if key == "optimizer_settings" { result.values["weight_decay"] = nil }
      if key == "drop" { result.values["features"] = others.values["features"] }
      if key == "features" { result.values["drop"] = others.values["drop"] }
    }
    for key in others.values.keys { result.places[key] = others.places[key] }
    result.values.merge(others.values) { $1 }
    return result
  }

  /// An error with the file and the line that set what it is about, where one did.
  package func located(_ error: TrainingError) -> TrainingError {
    guard case .invalidConfiguration(let key, let reason) = error,
      let place = places[Setting.key(key)]
    else { return error }
    return .invalidFile(path: place.path, line: place.line, reason: "\(key): \(reason)")
  }

  /// Puts the settings into a request.
  ///
  /// - Throws: `TrainingError.invalidConfiguration`; `NNError` for a model and `DeviceError` for a
  ///   device that make no sense.
  package func apply(to request: inout TrainingRun.Request) throws {
    for setting in Setting.all {
      if let value = values[setting.key] { try setting.read(value, &request) }
    }
    let options = request.options
    if let features = options.features, !features.isEmpty, !options.dropping.isEmpty {
      throw TrainingError.invalidConfiguration(
        key: "drop", reason: "drop and features exclude each other")
    }
    if request.base != nil,
      options.scaling != nil || options.features != nil || !options.dropping.isEmpty
        || options.marksMissing || options.imputation != .median
    {
      throw TrainingError.invalidConfiguration(
        key: "from",
        reason:
          "the model brings its preprocessing: drop, features, scale, impute and missing-indicator "
          + "have no part in it")
    }
  }

  /// The settings of a request as a file holds them.
  package static func yaml(_ request: TrainingRun.Request) -> YAML {
    .map(Setting.all.map { ($0.key, $0.show(request)) })
  }

  /// How two requests differ in what a training depends on, a line a setting.
  package static func differences(
    _ first: TrainingRun.Request, _ second: TrainingRun.Request
  ) -> [String] {
    Setting.all.compactMap { setting in
      let told = setting.compared ?? setting.show
      let (one, other) = (told(first).text, told(second).text)
      return setting.isFree || one == other
        ? nil : "\(setting.flag) is \(one) there and \(other) here"
    }
  }
}

/// What `args.yaml` tells beside settings: how a training came out to be.
enum ArgumentFacts {
  /// Which fold of how many a run is.
  static let fold = "fold"

  static let names: Set = [
    fold,
    "version", "data_sha256", "from_sha256", "loss", "driver", "kernels", "matrix_units",
    "disabled_kernels",
    "tuned_kernels", "replayed_plans",
  ]
}
