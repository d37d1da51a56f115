import GPUMLGraph

extension ReLU6: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    let (x, zero, six) = (operands[0], code.number(0), code.number(6))
    return code.choice("\(x) <= \(zero)", zero, code.choice("\(x) >= \(six)", six, x))
  }
}

extension LeakyReLU: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    let x = operands[0]
    return code.choice("\(x) <= \(code.number(0))", "(\(x) * \(code.number(slope)))", x)
  }
}

extension PReLU: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    let (x, slope) = (operands[0], operands[1])
    return code.choice("\(x) <= \(code.number(0))", "(\(x) * \(slope))", x)
  }
}

extension ELU: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    let x = operands[0]
    return code.choice(
      "\(x) <= \(code.number(0))", "(\(code.number(alpha)) * \(code.function("expm1", x)))", x)
  }
}

extension SELU: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    let (x, factor) = (operands[0], code.number(SELU.lambda * SELU.alpha))
    return code.choice(
      "\(x) <= \(code.number(0))", "(\(factor) * \(code.function("expm1", x)))",
      "(\(code.number(SELU.lambda)) * \(x))")
  }
}

extension CELU: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    let (x, alpha) = (operands[0], code.number(alpha))
    let below = "(\(alpha) * \(code.function("expm1", "\(x) / \(alpha)")))"
    return code.choice("\(x) <= \(code.number(0))", below, x)
  }
}

extension SiLU: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    let (x, one) = (operands[0], code.number(1))
    return code.zeroBelow(x, "(\(x) / (\(one) + \(code.function("exp", "-\(x)"))))")
  }
}

extension Mish: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    // tanh(ln(1 + e)) is n/(n + 2) with n = e·(e + 2); from x = 20 on that is 1.
    let (x, two) = (operands[0], code.number(2))
    let power = code.function("exp", "fmin(\(x), \(code.number(20)))")
    let n = "(\(power) * (\(power) + \(two)))"
    return code.zeroBelow(x, "(\(x) * (\(n) / (\(n) + \(two))))")
  }
}

extension Softplus: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    let x = beta == 1 ? operands[0] : "(\(operands[0]) * \(code.number(beta)))"
    // fmax drops a NaN, which comes back by the logarithm.
    let value = "(fmax(\(x), \(code.number(0))) + log1p(\(code.function("exp", "-fabs(\(x))"))))"
    return beta == 1 ? value : "(\(value) / \(code.number(beta)))"
  }
}

extension Softsign: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    let (x, one) = (operands[0], code.number(1))
    return code.choice("isinf(\(x))", "copysign(\(one), \(x))", "(\(x) / (\(one) + fabs(\(x))))")
  }
}

extension HardSigmoid: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    let (zero, one) = (code.number(0), code.number(1))
    let line = "(\(operands[0]) * \(code.number(slope)) + \(code.number(offset)))"
    return code.choice("\(line) <= \(zero)", zero, code.choice("\(line) >= \(one)", one, line))
  }
}

extension HardSwish: ElementwiseLowering {
  package func expression(_ operands: [String], _ code: ElementCode) -> String {
    let (x, three) = (operands[0], code.number(3))
    let between = "(\(x) * (\(x) + \(three)) * \(code.number(1.0 / 6)))"
    return code.choice(
      "\(x) <= -\(three)", code.number(0), code.choice("\(x) >= \(three)", x, between))
  }
}

extension ElementCode {
  /// A smooth rectifier's value, or 0 where the operand is so far below 0 that float32 has nothing
  /// else; at −∞ it would be NaN.
  package func zeroBelow(_ operand: String, _ value: String) -> String {
    choice("\(operand) < \(number(-200))", number(0), value)
  }
}
