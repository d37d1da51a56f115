import GPUMLGraph

extension MatMul: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let isLong = random.place % 9 == 7
    let batch = isLong ? [] : random.batch()
    let matrices = max(1, batch.reduce(1, *))
    let most = max(1, random.mostElements / matrices)
    var (m, n, k) = (random.size(), random.size(), random.size())
    // Enough terms for two turns of the panels, and for GPUs to sum in slices.
    if isLong {
      (m, n, k) = (random.int(1...3), random.int(1...3), random.pick([700, 5000], or: 1))
    }
    while !isLong, max(m * k, k * n, m * n) > most {
      (m, n, k) = ((m + 1) / 2, (n + 1) / 2, (k + 1) / 2)
    }
    // Vectors have kernels of their own.
    if random.int(0...5) == 0 { m = 1 }
    if random.int(0...5) == 0 { n = 1 }
    let (left, right) = (random.bool(), random.bool())
    let shapes = [
      random.stretching(to: batch) + (left ? [k, m] : [m, k]),
      random.stretching(to: batch) + (right ? [n, k] : [k, n]),
    ]
    return Trial(
      MatMul(transposesLeft: left, transposesRight: right),
      [random.any(shapes[0]), random.factor(shapes[1])]
    ).tolerating(terms: k).takingSpecialValues()
  }
}

extension TrialRandom {
  /// The sizes of a batch's axes.
  fileprivate mutating func batch() -> [Int] {
    (0..<int(0...3)).map { _ in int(0...19) == 0 ? 0 : pick([1, 2, 2, 3, 3, 5], or: 1) }
  }

  /// The second operand of a product: of the trial's type, or of another of eight bits.
  fileprivate mutating func factor(_ shape: [Int]) -> Trial.Operand {
    guard dtype == .int8 || dtype == .uint8, bool() else { return any(shape) }
    return Trial.Operand(shape, dtype == .int8 ? .uint8 : .int8, .integers(0...127))
  }
}

extension TrialTable {
  /// What is composed of products.
  package static let products: [TrialSubject] = [
    TrialSubject(
      "matmul_vector", "the matrix product of a vector and matrices", dtypes: DType.numeric
    ) { random in
      let (n, k) = (random.size(), random.size())
      let batch = random.batch().filter { $0 * n * k <= random.mostElements }.prefix(1)
      let transposes = random.bool()
      let matrix = random.any(Array(batch) + (transposes ? [n, k] : [k, n]))
      let vector = random.any([k])
      let isLeft = random.bool()
      return Trial(
        isLeft ? [vector, matrix] : [matrix, vector], note: "transposes \(transposes)"
      ) { inputs in
        [
          isLeft
            ? try inputs[0].matmul(inputs[1], transposesRight: transposes)
            : try inputs[0].matmul(inputs[1], transposesLeft: !transposes)
        ]
      }.tolerating(terms: k)
    },
    TrialSubject("dot", "Σ a·b of two vectors", dtypes: DType.numeric) { random in
      let size = random.int(0...5) == 0 ? 1500 : random.size()
      return Trial([random.any([size]), random.any([size])]) { inputs in
        [try inputs[0].dot(inputs[1])]
      }.tolerating(terms: size)
    },
    TrialSubject("outer", "aᵢ·bⱼ of two vectors", dtypes: DType.numeric) { random in
      let sizes = [random.size(), random.size()]
      return Trial(sizes.map { random.any([$0]) }) { [try $0[0].outer($0[1])] }
    },
    TrialSubject("einsum", "the Einstein summation of a text", dtypes: DType.numeric) { random in
      let equation = einsumEquations[random.place % einsumEquations.count]
      var sizes: [Character: Int] = [:]
      let terms = equation.prefix { $0 != "-" }.split(
        separator: ",", omittingEmptySubsequences: false)
      let letters = Set(terms.joined()).subtracting([" ", "."]).sorted()
      let covered = random.batch().prefix(2)
      for letter in letters {
        sizes[letter] = random.int(0...24) == 0 ? 0 : random.pick([1, 2, 3, 3, 4, 5, 7], or: 1)
      }
      let operands = terms.map { term in
        let shape = term.replacing("...", with: ".").filter { $0 != " " }.flatMap { index in
          index == "." ? random.stretching(to: Array(covered)) : [sizes[index] ?? 1]
        }
        return random.any(shape)
      }
      let all = sizes.values.reduce(1, *)
      return Trial(operands, note: equation) { [try Tensor.einsum(equation, $0)] }
        .tolerating(terms: max(1, all))
    },
  ]

  private static let einsumEquations = [
    "bij,bjk->bik", "ij->ji", "ii->i", "ii", "i,i->", "i,j->ij", "ij,jk", "kj,ji", "ij,kj->ki",
    "...ij,...jk->...ik", "bqhd,bkhd->bhqk", "bhqk,bkhd->bqhd", "ij,ij->", "ijk->i", "ijk->ki",
    "ab,bc,cd->ad", "iij,jk->ik", "ij,kl->ijkl", "bi,bi->b", "...i->...", "i...j->j...i",
    "ij,j,i->", "aab,bcc->ac", "a b , b -> a", ",ij->ij", "...a,ab->...b", "abc,cab->b", "i->",
    "ij,jk->", "zBa,aB", "ij,ij->ij", "iii->i", "ai,aj,ak->ijk", "ijab,kab->kij", "->",
  ]
}
