import GPUMLGraph

extension Add: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    code.wrapping(operands, "+")
  }
}

extension Subtract: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    code.wrapping(operands, "-")
  }
}

extension Multiply: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    code.wrapping(operands, "*")
  }
}

extension Divide: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    let (left, right) = (operands[0], operands[1])
    if code.result.isFloating { return "(\(left) / \(right))" }
    // Division by zero, and of the least number by −1, would stop a CPU.
    let signed = code.result != .uint8 && code.result != .uint32
    let guarded = "(\(right) == 0 ? 0 : \(left) / \(right))"
    return signed
      ? "(\(right) == -1 ? \(code.wrapping(["0", left], "-")) : \(guarded))" : guarded
  }
}

extension Maximum: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    let (left, right) = (operands[0], operands[1])
    if !code.result.isFloating { return "max(\(left), \(right))" }
    // fmax would drop a NaN; x ≠ x finds it on either side.
    return code.choice("(\(left) >= \(right)) | (\(left) != \(left))", left, right)
  }
}

extension LessThan: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    "(\(operands[0]) < \(operands[1]))"
  }
}

extension LessOrEqual: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    "(\(operands[0]) <= \(operands[1]))"
  }
}

extension EqualTo: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    "(\(operands[0]) == \(operands[1]))"
  }
}

extension Select: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    code.choice(operands[0], operands[1], operands[2])
  }
}

extension Expand: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String { operands[0] }
}

extension Cast: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    let (source, operand) = (code.operands[0], operands[0])
    if dtype == source { return operand }
    if code.form == .vector {
      // Between floats nothing changes until the store; a mask is 0 or −1.
      return source == .bool
        ? code.choice(operand, code.number(1), code.number(0))
        : dtype == .bool ? "(\(operand) != \(code.number(0)))" : operand
    }
    if dtype == .bool { return "(\(operand) != 0)" }
    if source == .bool { return "((\(ElementCode.type(dtype, .scalar)))(\(operand) ? 1 : 0))" }
    if dtype.isFloating { return source.isFloating ? operand : "((float)\(operand))" }
    let converted = "convert_\(ElementCode.type(dtype, .scalar))_sat"
    guard source.isFloating else { return "\(converted)(\(operand))" }
    // Mesa 22 with LLVM 15 crashes on the way from float to eight bits but not over int.
    let whole =
      dtype == .int8 || dtype == .uint8
      ? "\(converted)(convert_int_sat_rtz(\(operand)))" : "\(converted)_rtz(\(operand))"
    return "(isnan(\(operand)) ? 0 : \(whole))"
  }
}

extension ElementCode {
  /// A floating-point result with as many bits as its type has in memory.
  func rounded(_ expression: String) -> String {
    guard result == .float16 || result == .bfloat16 else { return expression }
    let function = result == .float16 ? "rounded_half" : "rounded_bfloat16"
    return "\(function)\(form == .vector ? "_v" : "")(\(expression))"
  }

  /// An arithmetic expression; integers wrap around instead of overflowing.
  func wrapping(_ operands: [String], _ symbol: String) -> String {
    if result.isFloating { return "(\(operands[0]) \(symbol) \(operands[1]))" }
    let type = ElementCode.type(result, .scalar)
    let unsigned = result == .int64 ? "ulong" : "uint"
    return "((\(type))((\(unsigned))\(operands[0]) \(symbol) (\(unsigned))\(operands[1])))"
  }
}
