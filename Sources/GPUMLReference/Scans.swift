import GPUMLGraph

/// A primitive that joins each element with all before it.
package protocol ReferenceCumulative: CumulativePrimitive, ReferenceEvaluable {
  /// What nothing is joined to.
  static var start: Double { get }
  /// Two floating-point elements joined.
  static func real(_ left: Double, _ right: Double) -> Double
  /// Two whole numbers joined, wrapping around.
  static func integer(_ left: Int64, _ right: Int64) -> Int64
}

extension ReferenceCumulative {
  /// Line by line.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let type = outputTypes[0]
    let lines = inputs[0].groups(along: [axis]).map { line in
      line.scanned(reversed: isReversed) { line in
        if type.dtype.isFloating {
          return states(line, Self.start, Self.real)
        }
        let whole: [Int64] = line.map { HostTensor.clamped($0) }
        return states(whole, Int64(Self.start), Self.integer).map { Double($0) }
      }
    }
    return [ReferenceTensor(lines: lines, axis: axis, shape: type.shape, dtype: type.dtype)]
  }

  private func states<Element>(
    _ line: [Element], _ start: Element, _ join: (Element, Element) -> Element
  ) -> [Element] {
    var state = start
    return line.map { element in
      let before = state
      state = join(state, element)
      return isExclusive ? before : state
    }
  }
}

extension CumulativeSum: ReferenceCumulative {
  /// 0.
  package static var start: Double { 0 }
  /// The sum.
  package static func real(_ left: Double, _ right: Double) -> Double { left + right }
  /// The sum.
  package static func integer(_ left: Int64, _ right: Int64) -> Int64 { left &+ right }
}

extension CumulativeProduct: ReferenceCumulative {
  /// 1.
  package static var start: Double { 1 }
  /// The product.
  package static func real(_ left: Double, _ right: Double) -> Double { left * right }
  /// The product.
  package static func integer(_ left: Int64, _ right: Int64) -> Int64 { left &* right }
}

extension LinearRecurrence: ReferenceEvaluable {
  /// Line by line.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let type = outputTypes[0]
    let elements = inputs[0].groups(along: [axis])
    let factors = inputs[1].groups(along: [axis])
    let lines = zip(elements, factors).map { elements, factors in
      var places = Array(elements.indices)
      if isReversed { places.reverse() }
      var line = elements
      var state = 0.0
      var factor = 0.0
      for place in places {
        switch form {
        case .inclusive:
          state = factors[place] * state + elements[place]
          line[place] = state
        case .exclusive:
          line[place] = state
          state = factors[place] * state + elements[place]
        case .shifted:
          state = factor * state + elements[place]
          factor = factors[place]
          line[place] = state
        }
      }
      return line
    }
    return [ReferenceTensor(lines: lines, axis: axis, shape: type.shape, dtype: type.dtype)]
  }
}

extension [Double] {
  /// What a function makes of the elements, taken from the end where `reversed`.
  fileprivate func scanned(reversed: Bool, _ function: ([Double]) -> [Double]) -> [Double] {
    reversed ? function(self.reversed()).reversed() : function(self)
  }
}

extension ReferenceTensor {
  /// Puts lines along an axis together, in the order of `groups(along:)`.
  init(lines: [[Double]], axis: Int, shape: [Int], dtype: DType) {
    let kept = shape.indices.filter { $0 != axis }
    let ordered = ReferenceTensor(
      shape: kept.map { shape[$0] } + [shape[axis]], dtype: dtype, values: Array(lines.joined()))
    // The last axis goes back to its place.
    var back = Array(shape.indices.dropLast())
    back.insert(shape.count - 1, at: axis)
    self.init(shape: shape, dtype: dtype, values: ordered.permuted(back))
  }
}
