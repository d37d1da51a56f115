/// Which matrix products may use the matrix units of a GPU, where it has any that gpuml knows.
///
/// Sums are always accumulated in `float32`.
public enum MatrixUnits: String, Sendable, CaseIterable {
  /// None.
  case off
  /// Those of operands stored in 16 bits, `float16` or `bfloat16`, whose products are exact.
  case exact
  /// Those of `float32` as well: operands are rounded to TF32 first, which keeps 10 bits of their
  /// mantissa and adds up to 2⁻¹⁰ of each product to its error.
  case tf32

  /// What `GPUML_MATRIX_UNITS` asks for; `exact` where it is not set.
  ///
  /// - Throws: `DeviceError.invalidValue` if it is something else.
  package init(environment: [String: String]) throws {
    guard let name = environment["GPUML_MATRIX_UNITS"], !name.isEmpty else {
      self = .exact
      return
    }
    guard let units = MatrixUnits(rawValue: name) else {
      throw DeviceError.invalidValue(
        operation: "GPUML_MATRIX_UNITS", reason: "'\(name)' is none of off, exact and tf32")
    }
    self = units
  }
}
