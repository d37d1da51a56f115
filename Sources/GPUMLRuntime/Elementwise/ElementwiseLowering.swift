import GPUMLGraph

/// An elementwise primitive's meaning in OpenCL C.
package protocol ElementwiseLowering: ElementwisePrimitive {
  /// An expression over the operands' names.
  func expression(_ operands: [String], _ code: ElementCode) -> String
}

/// What an expression must know about the code around it.
package struct ElementCode: Sendable {
  /// One element at a time, or a vector of neighbours in float32.
  package enum Form: Sendable { case scalar, vector }

  package let form: Form
  /// The operands' types.
  package let operands: [DType]
  /// The result's type.
  package let result: DType

  /// A number.
  package func number(_ value: Double, as dtype: DType = .float32) -> String {
    ElementCode.literal(value, dtype, form)
  }

  /// `first` where the condition holds, else `second`; NaN never leaks from the other side.
  package func choice(_ condition: String, _ first: String, _ second: String) -> String {
    form == .vector
      ? "select(\(second), \(first), \(condition))" : "((\(condition)) ? \(first) : \(second))"
  }

  /// A function of which `Prelude/numbers` has a faster form for vectors.
  package func function(_ name: String, _ operand: String) -> String {
    "\(name)\(form == .vector ? "_v" : "")(\(operand))"
  }

  /// The OpenCL C type that values of a dtype have while they are computed.
  package static func type(_ dtype: DType, _ form: Form) -> String {
    if form == .vector { return dtype == .bool ? "VINT" : "VFLOAT" }
    return switch dtype {
    case .float32, .float16, .bfloat16: "float"
    case .int8: "char"
    case .uint8: "uchar"
    case .int32: "int"
    case .uint32: "uint"
    case .int64: "long"
    case .bool: "int"
    }
  }

  /// The OpenCL C type that values of a dtype have in memory.
  package static func storageType(_ dtype: DType) -> String {
    switch dtype {
    case .float16: "half"
    case .bfloat16: "bfloat16"
    case .bool: "uchar"
    default: type(dtype, .scalar)
    }
  }

  /// A constant in OpenCL C.
  package static func literal(_ value: Double, _ dtype: DType, _ form: Form) -> String {
    if dtype == .bool {
      return form == .vector ? "((VINT)(\(value != 0 ? -1 : 0)))" : (value != 0 ? "1" : "0")
    }
    if !dtype.isFloating {
      let number: Int64 = HostTensor.clamped(value)
      let text = number == .min ? "(-9223372036854775807L - 1L)" : "\(number)L"
      return "((\(type(dtype, .scalar)))\(text))"
    }
    let float = Float(value)
    let text =
      if float.isNaN {
        "NAN"
      } else if float.isInfinite {
        float < 0 ? "-INFINITY" : "INFINITY"
      } else {
        "as_float(0x\(String(float.bitPattern, radix: 16))u)"
      }
    return form == .vector ? "((VFLOAT)(\(text)))" : "(\(text))"
  }
}
