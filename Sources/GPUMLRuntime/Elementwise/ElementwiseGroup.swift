import GPUMLGraph

/// Elementwise nodes that one kernel computes: all feed one root, and nothing else needs them.
package struct ElementwiseGroup {
  /// Operands first; the last is the root, whose result is stored.
  package var members: [Node] = []

  package var root: Node? { members.last }

  /// How an operand from outside the group enters the code.
  package enum Source {
    /// A number known when the graph is built.
    case literal(Double)
    /// A number known when the plan is made; an argument, so that the code stays the same.
    case scalar(Launch.Argument)
    /// A tensor in memory.
    case tensor
  }

  /// The tensors from outside, in order of first use.
  package var operands: [Tensor] {
    let inside = Set(members.map { ObjectIdentifier($0) })
    var seen: Set<Tensor> = []
    return members.flatMap(\.inputs).filter {
      !inside.contains(ObjectIdentifier($0.node)) && seen.insert($0).inserted
    }
  }

  package var usesRandomness: Bool { members.contains { $0.primitive is any RandomPrimitive } }

  /// How an outside operand enters the code.
  package static func source(
    of tensor: Tensor, in builder: PlanBuilder
  ) throws -> Source {
    if let size = tensor.node.primitive as? SizeOf {
      let count = try size.sizes.elementCount.value(builder.symbols)
      if tensor.dtype.isInteger {
        // Beyond 2²⁴ a float would not count in steps of one; a narrow type takes what it can hold.
        let held = HostTensor(doubles: [Double(count)], shape: [], dtype: tensor.dtype).doubles[0]
        return .scalar(try builder.int(Int(exactly: held) ?? count))
      }
      return .scalar(.float(Float(count)))
    }
    if let constant = tensor.node.primitive as? Constant, constant.value.count == 1,
      constant.value.isExactInDouble
    {
      return .literal(constant.value.doubles[0])
    }
    return .tensor
  }

  /// Whether the code can work on vectors of neighbours: all is floating point, truth values
  /// only pass between members or are constant.
  package var isVectorizable: Bool {
    guard let root, root.outputs[0].dtype.isFloating else { return false }
    return operands.allSatisfy { $0.dtype.isFloating || $0.isConstantTruth }
      && members.allSatisfy { $0.outputs[0].dtype.isFloating || $0.outputs[0].dtype == .bool }
  }

  /// The statements that compute the root, and the name of its value.
  ///
  /// - Parameters:
  ///   - form: Scalar or vector code.
  ///   - bits: The expression for the elements' random words of a stream.
  ///   - load: The expression that reads an outside operand.
  package func statements(
    _ form: ElementCode.Form, bits: (UInt32) -> String, load: (Tensor) throws -> String
  ) throws -> (code: String, result: String) {
    var names: [Tensor: String] = [:]
    var code = ""
    for (place, operand) in operands.enumerated() {
      names[operand] = "v\(place)"
      code += "\(ElementCode.type(operand.dtype, form)) v\(place) = \(try load(operand)); "
    }
    var result = ""
    for (place, node) in members.enumerated() {
      let dtype = node.outputs[0].dtype
      let inputs = node.inputs.map { names[$0] ?? "" }
      let context = ElementCode(
        form: form, operands: node.inputs.map(\.dtype), result: dtype)
      var expression: String
      if let random = node.primitive as? any RandomLowering {
        expression = random.expression(bits, form)
      } else if let primitive = node.primitive as? any ElementwiseLowering {
        expression = primitive.expression(inputs, context)
      } else {
        throw RuntimeError.unsupported(primitive: node.primitive.name, reason: "no kernel for it")
      }
      // The root is rounded where it is stored; what follows another cast must not see more bits.
      if node.primitive is Cast, place < members.count - 1 {
        expression = context.rounded(expression)
      }
      result = "t\(place)"
      names[node.output()] = result
      code += "\(ElementCode.type(dtype, form)) \(result) = \(expression); "
    }
    return (code, result)
  }
}

extension ElementCode {
  /// The random words of the elements from a linear index on, each computed for itself.
  static func randomBits(at index: String, of stream: UInt32, _ form: Form) -> String {
    "random_bits\(form == .vector ? "_v" : "")(state, \(stream)u, (uint)(\(index)))"
  }
}

extension Launch.Argument {
  /// The type of the kernel's parameter for a number.
  package var numberType: String { if case .int = self { "int" } else { "float" } }
}

extension Tensor {
  /// Whether it is one truth value known when the graph is built.
  fileprivate var isConstantTruth: Bool {
    guard let constant = node.primitive as? Constant else { return false }
    return dtype == .bool && constant.value.count == 1
  }
}
