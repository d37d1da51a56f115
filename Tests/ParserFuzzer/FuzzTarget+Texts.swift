import GPUMLJSON
import GPUMLTraining

extension FuzzTarget {
  static let texts = [
    FuzzTarget(
      name: "json",
      seeds: texts(
        "{\"a\":[1,-2.5e-3,true,null,\"\\u00e9\\n\"],\"b\":{\"c\":[]}}", "[[[[[]]]]]", "-0", "1E5",
        "\"\\ud83d\\ude00\"", "[18446744073709551615,-9223372036854775808]"),
      words: jsonWords,
      read: { bytes in
        let value = try StrictJSON.parse(bytes)
        let again: StrictJSON.Value
        do {
          again = try StrictJSON.parse(value.serialized())
        } catch {
          fatalError("what was read cannot be written and read: \(error)")
        }
        expect(again == value, "\(value) is written as \(again)")
      }),
    FuzzTarget(
      name: "yaml",
      seeds: {
        var request = TrainingRun.Request()
        let defaults = Array(TrainingSettings.yaml(request).text.utf8)
        request.options.dropping = ["a", "b c", "- \"d\""]
        request.configuration.patience = 3
        request.saveEvery = 2
        return [defaults, Array(TrainingSettings.yaml(request).text.utf8)]
          + texts(
            "# none\n", "epochs: 5\nmodel: mlp:8,4\nlr: 1e-3\n", "drop:\n- a\n- 'b *c'\n",
            "optimizer: sgd\noptimizer_settings: {momentum: 0.5}\n", "data: |\n  a\n  b\n",
            "? target\n: \"x\\n\\u00e9\"\n", "class_weights: [1, 2.5]\ntime_limit: 2h\n",
            "--- !!map\ndevice: gpu:1\nmemory_limit: 2G\nseed: 18446744073709551615\n...\n")()
      },
      words: [
        "epochs", "model", "optimizer_settings", "class_weights", "drop", "scale", "device", "null",
        "&a", "*a", "!!str", "<<", "---", "? ", ": ", "- ", "|", ">-", "{", "}", "[", "]", "\u{85}",
        "\u{2028}", "%YAML 1.1", ".nan", "0x1p-1",
      ],
      read: readSettings),
  ]

  /// Reads a configuration; one that a training takes reads back the same as its run writes it.
  private static func readSettings(_ bytes: [UInt8]) throws {
    var request = TrainingRun.Request()
    let text = String(decoding: bytes, as: UTF8.self)
    try TrainingSettings(yaml: text, path: "args.yaml").apply(to: &request)
    try request.configuration.validate()
    let written = TrainingSettings.yaml(request).text
    var again = TrainingRun.Request()
    do {
      try TrainingSettings(yaml: written, path: "args.yaml").apply(to: &again)
    } catch {
      fatalError("what was written cannot be read: \(error)\n\(written)")
    }
    expect(TrainingSettings.yaml(again).text == written, "read differently: \(written)")
  }
}
