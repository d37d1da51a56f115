import GPUMLFormats
import GPUMLGraph
import GPUMLReference
import GPUMLSystem

extension FuzzTarget {
  /// The most bytes of a seed: mutations of longer ones are slow.
  private static let mostBytes = 3000

  /// A small graph with each primitive and each composition that trials know.
  static let graphs: @Sendable () throws -> [[UInt8]] = {
    try TrialTable.all.compactMap { subject in
      let item = try TrialCase(subject, place: 1, seed: 1, mostElements: 4, differentiates: false)
      let graph = try Graph(outputs: item.outputs)
      let names = Dictionary(
        graph.variables.enumerated().map { ($1, "w\($0)") }, uniquingKeysWith: { first, _ in first }
      )
      let text = try graph.encodedJSON(names: names)
      return text.utf8.count > mostBytes ? nil : Array(text.utf8)
    }
  }

  /// Models of arrays and of a table, as their files begin behind the length of the header.
  static let savedModels: @Sendable () throws -> [[UInt8]] = {
    let preprocessing =
      #"{"version":2,"featureShape":[2],"center":[0,0,0],"scale":[1,1,1],"fill":[0,0],"table":"#
      + #"{"columns":[{"name":"a","kind":"number"},"#
      + #"{"name":"b","kind":"category","categories":["x","y"]}],"target":"c"}}"#
    return try [(2, nil), (3, preprocessing)].map { features, preprocessing in
      let weight = try Variable(shape: [features, 2])
      let x = try Tensor.input("x", shape: [.symbol("batch"), Dim(features)], dtype: .float32)
      let logits = try x.matmul(weight.tensor)
      let graph = try Graph(outputs: [.init("probabilities", try logits.softmax())])
      let model = ModelFile(
        graph: try graph.encodedJSON(names: [weight: "weight"]), task: .classify,
        weights: [
          .init(
            name: "weight",
            tensor: try HostTensor(
              [Float](repeating: 1, count: features * 2), shape: [features, 2]))
        ], preprocessing: preprocessing, labels: ["no", "yes"], summary: "{\"epochs\":3}")
      let path = ScratchFile.path("seed.safetensors")
      try model.save(to: path)
      // Without the checksum, which would refuse every other input.
      let file = try SafetensorsFile(path: path)
      let metadata = file.metadata.filter { $0.key != "gpuml.checksum" }.map { ($0.key, $0.value) }
      try SafetensorsFile.write(
        tensors: [("weight", model.weights[0].tensor)], metadata: metadata.sorted { $0 < $1 },
        to: path)
      let bytes = try FileBytes.read(path)
      let length = bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
      return bytes[8..<8 + length] + [0x0A] + bytes[(8 + length)...]
    }
  }
}
