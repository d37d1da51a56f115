import ArgumentParser
import FoundationEssentials
import GPUML
import GPUMLFormats
import GPUMLSystem
import GPUMLYAML

/// Settings that come from elsewhere than flags: the strongest is a flag, then `--set`, the environment,
/// the file.
struct ConfigurationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A YAML file with settings by their flags' names, such as args.yaml of a run.",
      valueName: "file"))
  var config: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("One setting by its name, such as batch_size=64.", valueName: "key=value"))
  var assigned: [String] = []

  @Flag(help: "Print the settings that result, and do nothing else.")
  var printConfig = false

  @Flag(help: "Read the data, print the network and what training it takes, and train nothing.")
  var dryRun = false

  /// What the file and the environment set.
  func settings() throws -> TrainingSettings {
    var settings = TrainingSettings()
    if let config {
      do {
        settings = try TrainingSettings(
          yaml: String(
            decoding: FileBytes.read(config, limit: YAMLDocument.mostBytes), as: UTF8.self),
          path: config)
      } catch let error as SystemError {
        throw FormatError(error)
      }
    }
    return settings.overridden(
      by: try TrainingSettings(environment: ProcessInfo.processInfo.environment))
  }

  /// What `--set` sets.
  func assignments() throws -> TrainingSettings {
    var settings = TrainingSettings()
    for text in assigned { try settings.set(assignment: text) }
    return settings
  }
}
