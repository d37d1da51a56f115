import GPUMLGraph

/// A primitive that is one function of OpenCL C.
package protocol BuiltinLowering: ElementwiseLowering {
  /// The function's name.
  static var function: String { get }
  /// The name of the function of vectors; by default the same.
  static var vectorFunction: String { get }
}

extension BuiltinLowering {
  package static var vectorFunction: String { function }
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    let function = code.form == .vector ? Self.vectorFunction : Self.function
    return "\(function)(\(operands.joined(separator: ", ")))"
  }
}

extension ExponentialMinusOne: BuiltinLowering {
  package static let function = "expm1"
  package static let vectorFunction = "expm1_v"
}
extension LogarithmOnePlus: BuiltinLowering { package static let function = "log1p" }
extension ReciprocalSquareRoot: BuiltinLowering { package static let function = "rsqrt" }
extension Sine: BuiltinLowering {
  package static let function = "sin"
  package static let vectorFunction = "sin_v"
}
extension Cosine: BuiltinLowering {
  package static let function = "cos"
  package static let vectorFunction = "cos_v"
}
extension Tangent: BuiltinLowering {
  package static let function = "tan"
  package static let vectorFunction = "tan_v"
}
extension ArcSine: BuiltinLowering { package static let function = "asin" }
extension ArcCosine: BuiltinLowering { package static let function = "acos" }
extension ArcTangent: BuiltinLowering { package static let function = "atan" }
extension ArcTangent2: BuiltinLowering { package static let function = "atan2" }
extension HyperbolicSine: BuiltinLowering { package static let function = "sinh" }
extension HyperbolicCosine: BuiltinLowering { package static let function = "cosh" }
extension Floor: BuiltinLowering { package static let function = "floor" }
extension Ceiling: BuiltinLowering { package static let function = "ceil" }
extension Round: BuiltinLowering { package static let function = "rint" }
extension IsNaN: BuiltinLowering { package static let function = "isnan" }
extension IsInfinite: BuiltinLowering { package static let function = "isinf" }
extension IsFinite: BuiltinLowering { package static let function = "isfinite" }

extension Reciprocal: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    "(\(code.number(1)) / \(operands[0]))"
  }
}

extension Negate: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    code.result.isFloating ? "(-\(operands[0]))" : code.wrapping(["0", operands[0]], "-")
  }
}

extension AbsoluteValue: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    let x = operands[0]
    if code.result.isFloating { return "fabs(\(x))" }
    return code.result.isSigned ? "(\(x) < 0 ? \(code.wrapping(["0", x], "-")) : \(x))" : x
  }
}

extension Sign: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    let x = operands[0]
    if !code.result.isFloating {
      return code.result.isSigned ? "((\(x) > 0) - (\(x) < 0))" : "(\(x) > 0)"
    }
    // OpenCL's own sign makes 0 of NaN.
    let zero = code.number(0)
    let negative = code.choice("\(x) < \(zero)", code.number(-1), x)
    return code.choice("\(x) > \(zero)", code.number(1), negative)
  }
}

extension Clamp: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    // OpenCL's own clamp may drop a NaN.
    var x = operands[0]
    if high < .infinity {
      let bound = code.number(high, as: code.result)
      x = code.choice("\(operands[0]) > \(bound)", bound, x)
    }
    if low > -.infinity {
      let bound = code.number(low, as: code.result)
      x = code.choice("\(operands[0]) < \(bound)", bound, x)
    }
    return x
  }
}
