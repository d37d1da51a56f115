/// The type of a tensor's elements.
///
/// `float16` and `bfloat16` are storage types: kernels compute in `float32` and round to nearest
/// even when they store.
public enum DType: String, Sendable, Hashable, CaseIterable, Codable {
  case float32, float16, bfloat16, int8, uint8, int32, uint32, int64, bool

  /// The bytes one element takes.
  public var byteCount: Int {
    switch self {
    case .int8, .uint8, .bool: 1
    case .float16, .bfloat16: 2
    case .float32, .int32, .uint32: 4
    case .int64: 8
    }
  }

  /// Whether gradients flow through tensors of this type.
  public var isFloating: Bool {
    switch self {
    case .float32, .float16, .bfloat16: true
    default: false
    }
  }

  /// Whether elements are whole numbers; `bool` is not counted among them.
  public var isInteger: Bool { !isFloating && self != .bool }

  /// The floating-point types.
  public static let floating: [DType] = [.float32, .float16, .bfloat16]
  /// The whole numbers.
  public static let integers: [DType] = [.int8, .uint8, .int32, .uint32, .int64]
  /// All that can be added and multiplied: every type but `bool`.
  public static let numeric: [DType] = floating + integers
}
