import GPUMLGraph

extension TrialTable {
  /// What promotes types, compares and joins truth values.
  static let elementwise: [TrialSubject] = [
    comparison("greater", "whether a > b") { try $0.isGreater($1) },
    comparison("greater_equal", "whether a ≥ b") { try $0.isAtLeast($1) },
    logic("logical_and", "whether a and b hold") { try $0.logicalAnd($1) },
    logic("logical_or", "whether a or b holds") { try $0.logicalOr($1) },
    logic("logical_xor", "whether just one of a and b holds") { try $0.logicalXor($1) },
    TrialSubject(
      "logical_not", "whether x does not hold", dtypes: DType.allCases, isDifferentiable: false
    ) { random in
      Trial([random.any(random.shape())]) { [try $0[0].logicalNot()] }.takingSpecialValues()
    },
    TrialSubject("where", "a where the condition holds, else b", dtypes: DType.allCases) { random in
      let other = random.pick(DType.allCases, or: .float32)
      let shapes = random.stretchingShapes(3)
      let operands = [
        random.truths(shapes[0]), random.any(shapes[1]), random.any(shapes[2], of: other),
      ]
      return Trial(operands) { [try .where($0[0], $0[1], $0[2])] }.takingSpecialValues()
    },
    TrialSubject(
      "promotion", "sum, product and comparison of two types", dtypes: DType.allCases
    ) { random in
      let numeric = random.dtype == .bool ? DType.numeric : DType.allCases
      let other = random.pick(numeric, or: .float32)
      let shapes = random.stretchingShapes(2)
      return Trial([random.any(shapes[0]), random.any(shapes[1], of: other)]) {
        [try $0[0] + $0[1], try $0[1] * $0[0], try $0[0].isLess($0[1])]
      }
    },
    TrialSubject("number_operands", "a chain of numbers of Swift", dtypes: DType.numeric) {
      random in
      Trial([random.any(random.shape())]) { inputs in
        let x = inputs[0]
        let chain = try 2 * (1 + x) - 3
        return [
          try (chain / 2).maximum(1).minimum(9), try (5 - chain).power(2), try (2 / (x * x + 1)),
          try x.floorDivide(3), try x.remainder(3), try x.isEqual(1), try x.isNotEqual(1),
          try .where(x.isAtLeast(0), x, 4), try .where(x.isGreater(2), 7, x),
        ]
      }
    },
  ]

  private static func comparison(
    _ name: String, _ summary: String,
    _ compare: @escaping @Sendable (Tensor, Tensor) throws -> Tensor
  ) -> TrialSubject {
    TrialSubject(name, summary, dtypes: DType.numeric, isDifferentiable: false) { random in
      let shapes = random.stretchingShapes(2)
      return Trial([random.any(shapes[0]), random.any(shapes[1])]) {
        [try compare($0[0], $0[1])]
      }.takingSpecialValues()
    }
  }

  private static func logic(
    _ name: String, _ summary: String,
    _ join: @escaping @Sendable (Tensor, Tensor) throws -> Tensor
  ) -> TrialSubject {
    let dtypes: [DType] = [.bool] + DType.numeric
    return TrialSubject(name, summary, dtypes: dtypes, isDifferentiable: false) { random in
      let shapes = random.stretchingShapes(2)
      let other = random.pick(DType.allCases, or: .bool)
      return Trial([
        random.any(shapes[0]), Trial.Operand(shapes[1], other, .integers(0...1)),
      ]) { [try join($0[0], $0[1])] }
    }
  }
}
