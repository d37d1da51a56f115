import GPUMLGraph

extension Constant: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let shape = random.shape()
    let dtype = random.dtype
    let count = HostTensor.elementCount(of: shape) ?? 0
    let values = (0..<count).map { Double($0 % 2) }
    // Added to an operand, as constants are used.
    return Trial([random.any(shape)], note: "\(shape)") { inputs in
      let constant = try Constant(HostTensor(doubles: values, shape: shape, dtype: dtype))()
      return dtype == .bool
        ? [try constant.select(inputs[0], constant)] : [try inputs[0] + constant]
    }
  }
}

extension SizeOf: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let shape = random.shape(ranks: 1...4, orEmpty: false)
    let dtype = random.dtype == .bool ? DType.int32 : random.dtype
    // Beyond 256 bfloat16 does not count in steps of one.
    let product = shape.reduce(1, *)
    let counted = product > 100 ? [2, 3] : shape
    return Trial([Trial.Operand(counted, dtype, .integers(0...20))], note: "\(counted)") { inputs in
      [try inputs[0] + SizeOf(inputs[0].shape, dtype: dtype)()]
    }
  }
}

extension Reshape: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let shape = random.shape()
    // Two neighbouring axes joined, and an axis of size 1 put in somewhere.
    var target = shape
    if target.count > 1 {
      let axis = random.int(0...(target.count - 2))
      target[axis] *= target.remove(at: axis + 1)
    }
    target.insert(1, at: random.int(0...target.count))
    return Trial(Reshape(to: [Dim](target)), [random.any(shape)]).exact()
  }
}

extension Transpose: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    // More axes than kernels have loops written out.
    let shape = random.shape(ranks: 0...8)
    let order = random.shuffled(Array(shape.indices))
    return Trial(Transpose(order), [random.any(shape)]).exact()
  }
}

extension Expand: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let target = random.shape()
    let source = random.stretching(to: target)
    return Trial(Expand(to: [Dim](target)), [random.any(source)]).exact()
  }
}
