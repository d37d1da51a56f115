import GPUMLGraph

extension Minimum: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    let (left, right) = (operands[0], operands[1])
    if !code.result.isFloating { return "min(\(left), \(right))" }
    // fmin would drop a NaN; x ≠ x finds it on either side.
    return code.choice("(\(left) <= \(right)) | (\(left) != \(left))", left, right)
  }
}

extension NotEqual: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    "(\(operands[0]) != \(operands[1]))"
  }
}

extension FloorDivide: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    code.floorFunction("floor_quotient", operands)
  }
}

extension Remainder: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    code.floorFunction("floor_remainder", operands)
  }
}

extension Power: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    let (base, exponent) = (operands[0], operands[1])
    if code.result.isFloating { return "pow(\(base), \(exponent))" }
    let type = ElementCode.type(code.result, .scalar)
    return "((\(type))whole_power((long)\(base), (long)\(exponent)))"
  }
}

extension BitwiseAnd: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    "(\(operands[0]) & \(operands[1]))"
  }
}

extension BitwiseOr: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    "(\(operands[0]) | \(operands[1]))"
  }
}

extension BitwiseXor: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    "(\(operands[0]) ^ \(operands[1]))"
  }
}

extension BitwiseNot: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    // A truth value is 0 or 1 alone, and a mask of all bits in a vector.
    code.result == .bool && code.form == .scalar ? "(!\(operands[0]))" : "(~\(operands[0]))"
  }
}

extension ShiftLeft: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    let (x, count) = (operands[0], operands[1])
    let type = ElementCode.type(code.result, .scalar)
    let unsigned = code.result == .int64 ? "ulong" : "uint"
    // OpenCL C would take the count modulo the width.
    return "(\(code.isShift(count)) ? (\(type))((\(unsigned))\(x) << \(count)) : (\(type))0)"
  }
}

extension ShiftRight: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    let (x, count) = (operands[0], operands[1])
    let beyond = code.result.isSigned ? "(\(x) < 0 ? -1 : 0)" : "0"
    let type = ElementCode.type(code.result, .scalar)
    return "((\(type))(\(code.isShift(count)) ? (\(x) >> \(count)) : \(beyond)))"
  }
}

extension ElementCode {
  /// Whether a count is at least 0 and less than the type's width.
  fileprivate func isShift(_ count: String) -> String {
    let isSmall = "\(count) < \(result.byteCount * 8)"
    return result.isSigned ? "\(count) >= 0 && \(isSmall)" : isSmall
  }

  /// A function of `Prelude/numbers`, which exist for float, int, uint and long.
  fileprivate func floorFunction(_ name: String, _ operands: [String]) -> String {
    let arguments = operands.joined(separator: ", ")
    return switch result {
    case .float32, .float16, .bfloat16: "\(name)\(form == .vector ? "_v" : "")(\(arguments))"
    case .uint32: "\(name)_uint(\(arguments))"
    case .int64: "\(name)_long(\(arguments))"
    default: "((\(ElementCode.type(result, .scalar)))\(name)_int(\(arguments)))"
    }
  }
}
