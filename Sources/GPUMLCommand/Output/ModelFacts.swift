import GPUML
import GPUMLFormats
import GPUMLSystem

/// What a model takes, computes and gives.
struct ModelFacts {
  private let content: ModelContent
  private let primitives: [(name: String, count: Int)]
  private let weights: [(name: String, tensor: HostTensor)]
  /// The multiplications and additions of the products for one example; nil if unknown.
  private let flops: Int?

  init(_ content: ModelContent) {
    self.content = content
    let names = content.graph.nodes.map(\.primitive.name)
    primitives = Set(names).sorted().map { name in (name, names.count { $0 == name }) }
    weights = zip(content.variables, content.values).map { ($0.name, $1) }
    var symbols: [String: Int] = [:]
    for symbol in content.graph.symbols { symbols[symbol] = 1 }
    flops = content.graph.productOperations(symbols)
  }

  private var parameters: Int { weights.reduce(0) { $0 + $1.tensor.count } }

  private var bytes: Int {
    weights.reduce(0) { $0 + $1.tensor.count * $1.tensor.dtype.byteCount }
  }

  private var inputs: [String] {
    content.graph.inputs.map { "\($0.label) \($0.type.dtype) \($0.type.shape.text)" }
  }

  private var outputs: [String] {
    content.graph.outputs.map { "\($0.name) \($0.tensor.dtype) \($0.tensor.shape.text)" }
  }

  func json() -> JSONLine {
    var line = JSONLine()
    line.add("task", content.task.rawValue)
    line.add("inputs", .array(inputs.map { .string($0) }))
    line.add("outputs", .array(outputs.map { .string($0) }))
    line.add("labels", .array(content.classNames.map { .string($0) }))
    var counts = JSONLine()
    for primitive in primitives { counts.add(primitive.name, primitive.count) }
    line.add("primitives", counts.value)
    line.add("parameters", parameters)
    line.add("weight_bytes", bytes)
    if let flops { line.add("flops_per_example", flops) }
    return line
  }

  /// Lines of about 80 columns.
  var text: String {
    var lines = ["task        \(content.task.rawValue)"]
    lines += inputs.map { "input       \($0)" }
    lines += outputs.map { "output      \($0)" }
    if !content.classNames.isEmpty {
      let shown = content.classNames.prefix(8).joined(separator: ", ")
      let more = content.classNames.count > 8 ? ", … (\(content.classNames.count))" : ""
      lines.append("classes     \(shown)\(more)".escapingControlCharacters())
    }
    lines.append("parameters  \(parameters), \(bytes) bytes")
    if let flops { lines.append("products    \(flops) FLOP an example") }
    lines.append(
      "primitives  "
        + primitives.map { $0.count == 1 ? $0.name : "\($0.name) ×\($0.count)" }
        .joined(separator: ", "))
    let rows = weights.map {
      [$0.name.escapingControlCharacters(), "\($0.tensor.dtype)", "\($0.tensor.shape)"]
    }
    lines += [""] + TextTable.lines([["weight", "dtype", "shape"]] + rows, leftColumns: 3)
    return lines.joined(separator: "\n")
  }
}
