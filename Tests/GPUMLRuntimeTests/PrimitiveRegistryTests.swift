import FoundationEssentials
import GPUMLGraph
import GPUMLReference
import Testing

@testable import GPUMLRuntime

/// What every primitive must have, and the table of primitives in the documentation.
@Suite("Registry of primitives")
struct PrimitiveRegistryTests {
  static let article = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Sources/GPUML/GPUML.docc/Primitives.md")

  @Test("every primitive has a reference and a kernel", arguments: PrimitiveRegistry.names)
  func complete(name: String) throws {
    let primitive = try #require(PrimitiveRegistry.all.first { $0.name == name })
    // Inputs and variables are given; a reshape is another name for the same memory.
    let isGiven = ["input", "variable"].contains(name)
    #expect(isGiven || primitive is any ReferenceEvaluable.Type, "no float64 meaning")
    #expect(PrimitiveRow(primitive).kernel != nil, "no kernel")
  }

  @Test("names, summaries and element types are in order")
  func descriptions() {
    let names = PrimitiveRegistry.names
    #expect(Set(names).count == names.count)
    for primitive in PrimitiveRegistry.all {
      #expect(primitive.name.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil, "\(primitive.name)")
      #expect(primitive.summary.count > 1 && !primitive.summary.contains("|"), "\(primitive.name)")
      #expect(!primitive.dtypes.isEmpty, "\(primitive.name)")
      #expect(Set(primitive.dtypes).count == primitive.dtypes.count, "\(primitive.name)")
      if case .none(let reason) = primitive.differentiability {
        #expect(reason.count > 5, "\(primitive.name)")
      }
    }
    // A bar would end the table's cell.
    for subject in TrialTable.composed {
      #expect(subject.summary.count > 1 && !subject.summary.contains("|"), "\(subject.name)")
    }
  }

  /// The shape rule is tried by trials; here it must refuse what it cannot take.
  @Test(
    "no shape rule takes a wrong number of operands", arguments: TrialTable.primitives.map(\.name))
  func operandCount(name: String) throws {
    let subject = try #require(TrialTable.primitives.first { $0.name == name })
    let trial = try subject.trial(0, seed: 1)
    guard let primitive = trial.primitive else { return }
    let types = trial.operands.map { TensorType([Dim]($0.shape), $0.dtype) }
    #expect(throws: Never.self) { try primitive.outputTypes(types) }
    #expect(throws: GraphError.self) {
      try primitive.outputTypes(types + [TensorType([97, 89, 83], .bool)])
    }
    if !types.isEmpty, !PrimitiveRegistryTests.variadic.contains(name) {
      #expect(throws: GraphError.self) { try primitive.outputTypes(types.dropLast()) }
    }
  }

  /// Primitives that take any number of operands.
  static let variadic: Set = ["concatenate"]

  @Test("a primitive comes back from its attributes", arguments: TrialTable.primitives.map(\.name))
  func restored(name: String) throws {
    let subject = try #require(TrialTable.primitives.first { $0.name == name })
    for place in 0..<10 {
      guard let primitive = try subject.trial(place, seed: 3).primitive else { continue }
      let data = try JSONEncoder().encode(primitive.attributes)
      let attributes = try JSONDecoder().decode(Attributes.self, from: data)
      #expect(attributes == primitive.attributes)
      let restored = try PrimitiveRegistry.primitive(named: name, attributes)
      #expect(restored.attributes == primitive.attributes)
      #expect(type(of: restored) == type(of: primitive))
    }
  }

  @Test(
    "a primitive refuses attributes of another kind", arguments: TrialTable.primitives.map(\.name))
  func malformed(name: String) throws {
    let subject = try #require(TrialTable.primitives.first { $0.name == name })
    guard let primitive = try subject.trial(0, seed: 3).primitive else { return }
    for key in primitive.attributes.values.keys {
      var attributes = primitive.attributes
      attributes.values[key] = .string("?")
      #expect(throws: GraphError.self, "\(key)") {
        try PrimitiveRegistry.primitive(named: name, attributes)
      }
    }
  }

  /// `GPUML_WRITE_TABLE=1` writes the article anew.
  @Test("the documentation's table is that of the registry")
  func table() throws {
    let text = PrimitiveRow.article
    if ProcessInfo.processInfo.environment["GPUML_WRITE_TABLE"] == "1" {
      try text.write(toFile: PrimitiveRegistryTests.article.path, atomically: true, encoding: .utf8)
    }
    let found = try String(contentsOfFile: PrimitiveRegistryTests.article.path, encoding: .utf8)
    #expect(found == text, "run this test with GPUML_WRITE_TABLE=1")
  }
}

/// A row of the table of primitives.
struct PrimitiveRow {
  private let primitive: any Primitive.Type

  init(_ primitive: any Primitive.Type) { self.primitive = primitive }

  /// How a device computes it; nil if it cannot.
  var kernel: String? {
    switch primitive.name {
    case "input", "variable", "constant": return "memory"
    case "size": return "argument"
    case "reshape": return "none"
    default: break
    }
    if primitive is any ElementwiseLowering.Type || primitive is any RandomLowering.Type {
      return "fused"
    }
    if primitive is any DecomposedLowering.Type { return "those of what it is rewritten to" }
    if primitive is any UpdateLowering.Type { return "own, over slabs" }
    if primitive is any EpilogueLowering.Type { return "own, finishes with a chain" }
    return primitive is any KernelLowering.Type ? "own" : nil
  }

  private var dtypes: String {
    let names = [
      (DType.allCases, "all"), (DType.numeric, "numeric"), (DType.floating, "floating"),
      (DType.integers, "integers"),
    ]
    let own = Set(primitive.dtypes)
    if let name = names.first(where: { Set($0.0) == own })?.1 { return name }
    return primitive.dtypes.map(\.rawValue).joined(separator: ", ")
  }

  private var gradient: String {
    switch primitive.differentiability {
    case .differentiable: "yes"
    case .zero: "zero"
    case .none(let reason): "none: \(reason)"
    }
  }

  private var line: String {
    "| `\(primitive.name)` | \(primitive.summary) | \(dtypes) | \(gradient) | \(kernel ?? "") |"
  }

  /// The article with the whole table.
  static var article: String {
    let rows = PrimitiveRegistry.all.map { PrimitiveRow($0).line }.joined(separator: "\n")
    let composed = TrialTable.composed.map { "| `\($0.name)` | \($0.summary) |" }
      .joined(separator: "\n")
    return """
      # Primitives

      What graphs are made of, as the registry lists it.

      ## Overview

      Each primitive has a shape rule, a meaning in `Double` and kernels for CPUs and for GPUs, and is
      tried on random operands on both. Element types are those of the first operand: *floating* are
      `float32`, `float16` and `bfloat16`, *numeric* these and the integers, *all* `bool` as well. A
      gradient is *zero* where a function is constant between its jumps. A *fused* primitive becomes part
      of the kernel of its neighbours.

      Optimizers take `float32` alone: a step is often smaller than half the distance of neighbouring
      numbers of 16 bits, and would be lost. Parameters stay `float32`, and what computes in 16 bits
      takes a cast of them, through which gradients come back as `float32` (Micikevicius et al. 2017,
      arXiv:1710.03740).

      | name | computes | types | gradient | kernel |
      |---|---|---|---|---|
      \(rows)

      ## Composed of primitives

      These are methods of `Tensor` that build several primitives, and are tried in the same way.

      | name | computes |
      |---|---|
      \(composed)

      """
  }
}
