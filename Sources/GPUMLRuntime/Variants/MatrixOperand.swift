import GPUMLDevice
import GPUMLGraph

/// What matrix units multiply.
package enum MatrixOperand: String, Sendable, CaseIterable {
  /// `float32` rounded to 10 bits of mantissa.
  case tf32
  case float16
  case bfloat16

  /// - Parameter storage: A type in OpenCL C.
  init?(storage: String) {
    guard let operand = MatrixOperand.allCases.first(where: { $0.storage == storage }) else {
      return nil
    }
    self = operand
  }

  /// The type of the operands.
  package var dtype: DType {
    switch self {
    case .tf32: .float32
    case .float16: .float16
    case .bfloat16: .bfloat16
    }
  }

  /// That type in OpenCL C.
  var storage: String { ElementCode.storageType(dtype) }

  /// How many of them a word of 32 bits holds.
  package var elementsInWord: Int { self == .tf32 ? 1 : 2 }

  /// What tuned parameters are kept under: types of one size run alike.
  package var tuningName: String { "\(MatMul.name) \(self == .tf32 ? "tf32" : "16-bit")" }

  /// The number that the units take for a value of the operands' type: to nearest, ties away from zero.
  package func rounded(_ value: Float) -> Float {
    guard self == .tf32, value.isFinite else { return value }
    return Float(bitPattern: (value.bitPattern + 0x1000) & 0xffff_e000)
  }
}

extension MatrixUnits {
  /// Whether products of such operands may use them.
  func permits(_ operand: MatrixOperand) -> Bool {
    self == .tf32 || self == .exact && operand != .tf32
  }
}

/// How plans use matrix units.
package enum MatrixUnitUse: Sendable, Equatable {
  /// Those that the device is found to have, as far as its context permits.
  case probed
  /// Not at all.
  case off
  /// Their twin in OpenCL C, which any device can run, so that checks can see that form.
  case twin(MatrixUnits)
}

/// How a product's fragments are multiplied.
struct MatrixMultiplier {
  let operand: MatrixOperand
  /// By the units, not by their twin.
  let isPTX: Bool
}

extension PlanBuilder {
  /// How a product of such operands uses matrix units; nil if it does not.
  ///
  /// - Parameter storage: The operands' type in OpenCL C.
  func matrixMultiplier(of storage: String) -> MatrixMultiplier? {
    guard family == .gpu, let operand = MatrixOperand(storage: storage) else { return nil }
    switch options.matrixUnits {
    case .off: return nil
    case .twin(let units):
      return units.permits(operand) ? MatrixMultiplier(operand: operand, isPTX: false) : nil
    case .probed:
      guard allowsMatrixUnits(MatMul.name), offersMatrixUnits(for: operand) else { return nil }
      return MatrixMultiplier(operand: operand, isPTX: true)
    }
  }
}
