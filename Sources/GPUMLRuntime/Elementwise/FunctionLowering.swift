import GPUMLGraph

extension Exponential: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    "exp(\(operands[0]))"
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
    "erf(\(operands[0]))"
  }
}

extension HyperbolicTangent: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    "tanh(\(operands[0]))"
  }
}

extension Sigmoid: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    // exp of a large −x is ∞ and the quotient 0, as it should be.
    "(\(code.number(1)) / (\(code.number(1)) + exp(-\(operands[0]))))"
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
    let (half, one) = (code.number(0.5), code.number(1))
    if approximate {
      let inner =
        "\(code.number(0.7978845608028654)) * \(x) * "
        + "(\(one) + \(code.number(0.044715)) * \(x) * \(x))"
      return code.zeroBelow(x, "(\(half) * \(x) * (\(one) + tanh(\(inner))))")
    }
    // erfc keeps the relative accuracy of the small values on the negative side.
    return code.zeroBelow(x, "(\(half) * \(x) * erfc(\(x) * \(code.number(-0.7071067811865476))))")
  }
}
