import GPUMLGraph

extension Minimum: BinaryTrialled {}
extension NotEqual: BinaryTrialled {}
extension ArcTangent2: BinaryTrialled {
  package static var rightDomain: ClosedRange<Double> { -3 ... -0.5 }
}

/// A division by numbers of either sign and any type; whole numbers are of any size.
package protocol DivisionTrialled: BinaryPrimitive, Trialled {}

extension DivisionTrialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let shapes = random.stretchingShapes(2)
    if random.dtype.isFloating {
      let right = random.bool() ? random.real(shapes[1], 0.5, 3) : random.real(shapes[1], -3, -0.5)
      return Trial(Self(), [random.real(shapes[0]), right]).takingSpecialValues()
    }
    return Trial(Self(), [random.whole(shapes[0]), random.whole(shapes[1])])
  }
}

extension FloorDivide: DivisionTrialled {}
extension Remainder: DivisionTrialled {}

extension Power: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let shapes = random.stretchingShapes(2)
    let left = random.dtype
    guard left.isFloating else {
      let exponents = Trial.Operand(
        shapes[1], left, .integers(left.isSigned ? -3...7 : 0...7))
      return Trial(Power(), [random.any(shapes[0]), exponents])
    }
    if random.bool() {
      return Trial(Power(), [random.real(shapes[0], 0.1, 3), random.real(shapes[1])])
        .takingSpecialValues()
    }
    // By a whole exponent any base has a power and a gradient; 0 where they are not infinite.
    let exponent = Double(random.int(-2...4))
    let count = HostTensor.elementCount(of: shapes[0]) ?? 0
    let bases = (0..<count).map { _ in
      let base = Double(random.int(4...24)) / 8 * (random.bool() ? 1 : -1)
      return exponent >= 0 && random.int(0...4) == 0 ? 0 : base
    }
    return Trial([Trial.Operand(shapes[0], left, .given(bases))], note: "exponent \(exponent)") {
      [try Power()($0[0], $0[0].filled(with: exponent))]
    }
  }
}

/// An operation on the bits of whole numbers of any size, or on truth values.
package protocol BitwiseTrialled: BinaryPrimitive, Trialled {}

extension BitwiseTrialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let shapes = random.stretchingShapes(2)
    return Trial(Self(), [random.whole(shapes[0]), random.whole(shapes[1])])
  }
}

extension BitwiseAnd: BitwiseTrialled {}
extension BitwiseOr: BitwiseTrialled {}
extension BitwiseXor: BitwiseTrialled {}

/// A shift by counts within the width and beyond it.
package protocol ShiftTrialled: BinaryPrimitive, Trialled {}

extension ShiftTrialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let shapes = random.stretchingShapes(2)
    let counts = random.dtype.isSigned ? -2...70 : 0...70
    return Trial(
      Self(), [random.whole(shapes[0]), Trial.Operand(shapes[1], random.dtype, .integers(counts))])
  }
}

extension ShiftLeft: ShiftTrialled {}
extension ShiftRight: ShiftTrialled {}

extension TrialRandom {
  /// An operand of truth values, or of whole numbers anywhere in their type, the limits, 0 and ±1
  /// among them; of `int64`, as far as float64 tells all of them apart.
  mutating func whole(_ shape: [Int]) -> Trial.Operand {
    let range: ClosedRange<Int> =
      switch dtype {
      case .bool: 0...1
      case .int8: -128...127
      case .uint8: 0...255
      case .int32: Int(Int32.min)...Int(Int32.max)
      case .uint32: 0...Int(UInt32.max)
      default: -(1 << 52)...(1 << 52)
      }
    let special = [range.lowerBound, range.upperBound, 0, 1, max(range.lowerBound, -1)]
    let count = HostTensor.elementCount(of: shape) ?? 0
    let values = (0..<count).map { _ in
      switch int(0...3) {
      case 0: Double(pick(special, or: 0))
      case 1: Double(int(max(range.lowerBound, -9)...min(range.upperBound, 9)))
      default: Double(int(range))
      }
    }
    return Trial.Operand(shape, dtype, .given(values))
  }
}
