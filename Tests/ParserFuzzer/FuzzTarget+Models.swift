import GPUMLFormats
import GPUMLGraph
import GPUMLInference
import GPUMLReference
import GPUMLSystem

extension FuzzTarget {
  static let models = [
    FuzzTarget(
      name: "graph", seeds: graphs,
      words: PrimitiveRegistry.names.map { "\"\($0)\"" } + [
        "\"attributes\":{", "\"inputs\":[[0,0]]", "{\"int\":-1}", "{\"ints\":[0,1]}",
        "{\"dims\":[2]}",
        "{\"double\":\"nan\"}", "{\"bool\":true}",
        "{\"terms\":[{\"coefficient\":2,\"factors\":[\"n\"]}]}",
        "{\"quotient\":[\"n\",2]}", "9223372036854775807", "-9223372036854775808", "\"float32\"",
        "\"int64\"", "\"bool\"",
      ],
      read: { bytes in
        let (graph, variables) = try Graph.decodeJSON(String(decoding: bytes, as: UTF8.self))
        let text = try graph.encodedJSON(names: names(variables))
        let (again, others) = try Graph.decodeJSON(text)
        expect(try again.encodedJSON(names: names(others)) == text, "a graph that changes: \(text)")
        let sizes = graph.inputs.map { ($0.label, [Int](repeating: 3, count: $0.type.shape.count)) }
        let symbols = try graph.bindSymbols(inputs: Dictionary(sizes) { first, _ in first })
        for type in graph.nodes.flatMap(\.outputs) {
          _ = HostTensor.elementCount(of: try type.shape.map { try $0.value(symbols) })
        }
      }),
    FuzzTarget(
      name: "safetensors",
      seeds: {
        let tensor = "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}"
        let metadata = "\"__metadata__\":{\"gpuml.checksum\":\"crc32:00000000\",\"k\":\"\\u00e9\"}"
        return [
          Array("{}\n".utf8), Array("{\"a\":\(tensor)}\n".utf8) + [UInt8](repeating: 1, count: 8),
          Array("{\(metadata),\"a\":\(tensor)}  \n".utf8) + [UInt8](repeating: 1, count: 8),
          Array("{\"b\":{\"data_offsets\":[0,1],\"shape\":[],\"dtype\":\"BOOL\"}}\n".utf8) + [1],
          [2, 0, 0, 0, 0, 0, 0, 0, 0x7B, 0x7D],
        ]
      },
      words: SafetensorsDType.allCases.map { "\"\($0.rawValue)\"" } + [
        "\"dtype\":", "\"shape\":", "\"data_offsets\":", "\"__metadata__\":", "[0,0]",
        "4611686018427387904", "\"gpuml.checksum\":\"crc32:",
      ],
      read: { bytes in
        let file = try SafetensorsFile(path: framed(bytes))
        for entry in file.entries {
          let tensor = try file.tensor(named: entry.name)
          expect(tensor.count == entry.count, "\(entry.name) has another size")
        }
        if file.hasChecksum { try file.verifyChecksum() }
      }),
    FuzzTarget(
      name: "model", seeds: savedModels,
      words: [
        "gpuml.version", "gpuml.graph", "gpuml.task", "gpuml.labels", "gpuml.preprocessing",
        "gpuml.summary", "classify", "regress", "\\\"version\\\":", "\\\"featureShape\\\":",
        "\\\"center\\\":", "\\\"scale\\\":", "\\\"fill\\\":", "\\\"table\\\":", "\\\"columns\\\":",
        "\\\"kind\\\":\\\"category\\\"", "\\\"categories\\\":[\\\"a\\\"]",
        "\\\"marksMissing\\\":true",
      ],
      read: { bytes in
        let file = try ModelFile.load(from: framed(bytes))
        let model = try ModelContent(file, name: "m")
        expect(model.values.count == model.variables.count, "weights without variables")
        let path = ScratchFile.path("saved.safetensors")
        try file.save(to: path)
        let written = try FileBytes.read(path)
        try ModelFile.load(from: path).save(to: path)
        expect(try FileBytes.read(path) == written, "a model that changes")
      }),
  ]

  private static func names(_ variables: [NamedVariable]) -> [Variable: String] {
    Dictionary(variables.map { ($0.variable, $0.name) }) { first, _ in first }
  }

  /// An input that begins with `{` is a header, a line break, and data; its length is put before.
  private static func framed(_ bytes: [UInt8]) -> String {
    var file = bytes
    if bytes.first == UInt8(ascii: "{") {
      let end = bytes.firstIndex(of: 0x0A) ?? bytes.count
      let length = (0..<8).map { UInt8(truncatingIfNeeded: end >> ($0 * 8)) }
      file = length + bytes[..<end] + bytes[end...].dropFirst()
    }
    return ScratchFile.holding(file, name: "input.safetensors")
  }
}
