import GPUMLGraph

/// The layers of a model with their output shapes and numbers of parameters.
public struct ModelSummary: Sendable, Equatable {
  /// One layer.
  public struct Row: Sendable, Equatable {
    /// The dotted path, such as `layers.0`.
    public let name: String
    /// What kind of layer it is.
    public let kind: String
    /// The shape of its output.
    public let outputShape: [Dim]
    /// The number of elements of its parameters; one that is shared counts where it is used first.
    public let parameters: Int
  }

  /// The layers in the order of computation.
  public let rows: [Row]
  /// The number of elements of all parameters.
  public let parameters: Int
  /// The shape of the model's output.
  public let outputShape: [Dim]

  /// Builds the model's inference graph for `[batch] + featureShape` and lists its layers.
  ///
  /// A module whose inside is not applied through `ForwardContext.apply` is one row.
  /// - Throws: `NNError` or `GraphError` if the model does not take such an input.
  public init(of module: any Module, featureShape: [Int], dtype: DType = .float32) throws {
    let context = ForwardContext(.inference)
    let input = try Tensor.input("x", shape: [.symbol("batch")] + [Dim](featureShape), dtype: dtype)
    let output = try module(input, in: context)
    var counted: Set<Variable> = []
    func count(_ module: any Module) -> Int {
      module.parameters.reduce(0) {
        counted.insert($1.variable).inserted ? $0 + $1.variable.count : $0
      }
    }
    let parents = Set(
      context.steps.flatMap { step in
        step.path.indices.filter { step.path[$0] == "." }.map { String(step.path[..<$0]) }
      })
    var rows = context.steps.filter { !parents.contains($0.path) }.map {
      Row(
        name: $0.path, kind: $0.module.kind, outputShape: $0.output.shape,
        parameters: count($0.module))
    }
    let rest = count(module)
    if rows.isEmpty || rest > 0 {
      // What the model does outside the layers it names.
      rows.append(
        Row(name: "", kind: module.kind, outputShape: output.shape, parameters: rest))
    }
    self.rows = rows
    parameters = module.parameterCount
    outputShape = output.shape
  }
}

extension ModelSummary: CustomStringConvertible {
  /// A table of at most 80 columns, with a line of totals.
  public var description: String {
    let header = ["layer", "kind", "output", "parameters"]
    let table =
      [header]
      + rows.map {
        [
          ModelSummary.cut($0.name, 26), ModelSummary.cut($0.kind, 14),
          ModelSummary.cut($0.outputShape.text, 20), ModelSummary.grouped($0.parameters),
        ]
      }
    let widths = header.indices.map { column in table.map { $0[column].count }.max() ?? 0 }
    let lines = table.map { cells in
      cells.enumerated().map { column, cell in
        let space = String(repeating: " ", count: widths[column] - cell.count)
        return column == 3 ? space + cell : cell + space
      }.joined(separator: "  ")
    }
    return (lines + ["\(ModelSummary.grouped(parameters)) parameters"]).joined(separator: "\n")
  }

  private static func cut(_ text: String, _ width: Int) -> String {
    text.count <= width ? text : text.prefix(width - 1) + "…"
  }

  /// The number with commas between thousands.
  package static func grouped(_ number: Int) -> String {
    let digits = Array(String(number))
    return digits.enumerated().reduce(into: "") { text, digit in
      let left = digits.count - digit.offset
      if digit.offset > 0, left % 3 == 0 { text += "," }
      text.append(digit.element)
    }
  }
}
