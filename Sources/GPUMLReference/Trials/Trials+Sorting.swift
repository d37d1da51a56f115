import GPUMLGraph

extension Sort: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let shape = random.shape(ranks: 1...5)
    let primitive = Sort(axis: random.axis(of: shape), descending: random.bool())
    return random.ordered(primitive, shape)
  }
}

extension TopK: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let shape = random.shape(ranks: 1...5)
    let axis = random.axis(of: shape)
    let k = random.int(0...shape[axis])
    return random.ordered(TopK(k, axis: axis, largest: random.bool()), shape)
  }
}

extension SortGradient: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let shape = random.shape(ranks: 1...5)
    let axis = random.axis(of: shape)
    // All places, or those of a few; no place comes up twice.
    let k = random.bool() ? shape[axis] : random.int(0...shape[axis])
    var few = shape
    few[axis] = k
    return Trial(
      [random.real(few), Trial.Operand(shape, .float32, .distinct)], note: "axis \(axis), k \(k)"
    ) { inputs in
      let keys = inputs[1]
      let size = keys.shape[axis]
      let places =
        inputs[0].shape == keys.shape
        ? try keys.argsort(axis: axis) : try keys.topK(k, axis: axis).indices
      return [try SortGradient(axis: axis, size: size)(inputs[0], places)]
    }.exact()
  }
}

extension TrialRandom {
  /// A trial of a primitive that orders elements: either all different, so that there is a
  /// gradient, or with many equal ones, which must keep their order.
  fileprivate mutating func ordered(_ primitive: any Primitive, _ shape: [Int]) -> Trial {
    if dtype.isFloating, bool() {
      return Trial(primitive, [Trial.Operand(shape, dtype, .distinct)]).exact()
        .takingSpecialValues()
    }
    return Trial(primitive, [bool() ? ties(shape) : any(shape)]).exact().withoutGradient()
      .takingSpecialValues()
  }
}
