import GPUMLGraph

extension Exponential: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    code.function("exp", operands[0])
  }
}

extension Logarithm: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    "log(\(operands[0]))"
  }
}

extension SquareRoot: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    "sqrt(\(operands[0]))"
  }
}

extension ErrorFunction: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    code.function("erf", operands[0])
  }
}

extension HyperbolicTangent: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    code.function("tanh", operands[0])
  }
}

extension Sigmoid: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    // exp of a large −x is ∞ and the quotient 0, as it should be.
    "(\(code.number(1)) / (\(code.number(1)) + \(code.function("exp", "-\(operands[0])"))))"
  }
}

extension ReLU: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    code.choice("\(operands[0]) <= \(code.number(0))", code.number(0), operands[0])
  }
}

extension GELU: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    let x = operands[0]
    if approximate {
      let one = code.number(1)
      // x/2 (1 + tanh u/2) is x/(1 + e⁻ᵘ), which does not cancel on the negative side.
      let cubic = "\(x) * (\(one) + \(code.number(0.044715)) * \(x) * \(x))"
      let power = code.function("exp", "\(cubic) * \(code.number(-1.5957691216057308))")
      return code.zeroBelow(x, "(\(x) / (\(one) + \(power)))")
    }
    // erfc keeps the relative accuracy of the small values on the negative side.
    if code.form == .vector { return code.zeroBelow(x, "(\(x) * normal_below_v(\(x)))") }
    let root = code.number(-0.7071067811865476)
    return code.zeroBelow(x, "(\(code.number(0.5)) * \(x) * erfc(\(x) * \(root)))")
  }
}
