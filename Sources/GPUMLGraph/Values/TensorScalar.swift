/// A Swift type that can be an element of a `HostTensor`.
public protocol TensorScalar: Sendable, BitwiseCopyable, Equatable {
  /// The element type it stands for.
  static var dtype: DType { get }
  /// Wraps an array of elements.
  static func store(_ values: [Self]) -> HostTensor.Storage
  /// Unwraps an array of elements; nil if they are of another type.
  static func load(_ storage: HostTensor.Storage) -> [Self]?
}

extension Float: TensorScalar {
  /// The element type `float32`.
  public static var dtype: DType { .float32 }
  /// Wraps an array of elements.
  public static func store(_ values: [Self]) -> HostTensor.Storage { .float32(values) }
  /// Unwraps an array of elements; nil if they are of another type.
  public static func load(_ storage: HostTensor.Storage) -> [Self]? {
    if case .float32(let values) = storage { values } else { nil }
  }
}

extension Float16: TensorScalar {
  /// The element type `float16`.
  public static var dtype: DType { .float16 }
  /// Wraps an array of elements.
  public static func store(_ values: [Self]) -> HostTensor.Storage { .float16(values) }
  /// Unwraps an array of elements; nil if they are of another type.
  public static func load(_ storage: HostTensor.Storage) -> [Self]? {
    if case .float16(let values) = storage { values } else { nil }
  }
}

extension BFloat16: TensorScalar {
  /// The element type `bfloat16`.
  public static var dtype: DType { .bfloat16 }
  /// Wraps an array of elements.
  public static func store(_ values: [Self]) -> HostTensor.Storage { .bfloat16(values) }
  /// Unwraps an array of elements; nil if they are of another type.
  public static func load(_ storage: HostTensor.Storage) -> [Self]? {
    if case .bfloat16(let values) = storage { values } else { nil }
  }
}

extension Int8: TensorScalar {
  /// The element type `int8`.
  public static var dtype: DType { .int8 }
  /// Wraps an array of elements.
  public static func store(_ values: [Self]) -> HostTensor.Storage { .int8(values) }
  /// Unwraps an array of elements; nil if they are of another type.
  public static func load(_ storage: HostTensor.Storage) -> [Self]? {
    if case .int8(let values) = storage { values } else { nil }
  }
}

extension UInt8: TensorScalar {
  /// The element type `uint8`.
  public static var dtype: DType { .uint8 }
  /// Wraps an array of elements.
  public static func store(_ values: [Self]) -> HostTensor.Storage { .uint8(values) }
  /// Unwraps an array of elements; nil if they are of another type.
  public static func load(_ storage: HostTensor.Storage) -> [Self]? {
    if case .uint8(let values) = storage { values } else { nil }
  }
}

extension Int32: TensorScalar {
  /// The element type `int32`.
  public static var dtype: DType { .int32 }
  /// Wraps an array of elements.
  public static func store(_ values: [Self]) -> HostTensor.Storage { .int32(values) }
  /// Unwraps an array of elements; nil if they are of another type.
  public static func load(_ storage: HostTensor.Storage) -> [Self]? {
    if case .int32(let values) = storage { values } else { nil }
  }
}

extension UInt32: TensorScalar {
  /// The element type `uint32`.
  public static var dtype: DType { .uint32 }
  /// Wraps an array of elements.
  public static func store(_ values: [Self]) -> HostTensor.Storage { .uint32(values) }
  /// Unwraps an array of elements; nil if they are of another type.
  public static func load(_ storage: HostTensor.Storage) -> [Self]? {
    if case .uint32(let values) = storage { values } else { nil }
  }
}

extension Int64: TensorScalar {
  /// The element type `int64`.
  public static var dtype: DType { .int64 }
  /// Wraps an array of elements.
  public static func store(_ values: [Self]) -> HostTensor.Storage { .int64(values) }
  /// Unwraps an array of elements; nil if they are of another type.
  public static func load(_ storage: HostTensor.Storage) -> [Self]? {
    if case .int64(let values) = storage { values } else { nil }
  }
}

extension Bool: TensorScalar {
  /// The element type `bool`.
  public static var dtype: DType { .bool }
  /// Wraps an array of elements.
  public static func store(_ values: [Self]) -> HostTensor.Storage { .bool(values) }
  /// Unwraps an array of elements; nil if they are of another type.
  public static func load(_ storage: HostTensor.Storage) -> [Self]? {
    if case .bool(let values) = storage { values } else { nil }
  }
}
