/// A tensor in the host's memory: what goes into a plan and what comes out.
///
/// Elements are in row-major order (the last axis varies fastest). Rank 0 is a scalar with one
/// element; any axis may be of size 0.
public struct HostTensor: Sendable, Equatable {
  /// The elements, in an array of their own type.
  public enum Storage: Sendable, Equatable {
    case float32([Float])
    case float16([Float16])
    case bfloat16([BFloat16])
    case int8([Int8])
    case uint8([UInt8])
    case int32([Int32])
    case uint32([UInt32])
    case int64([Int64])
    case bool([Bool])
  }

  /// The size of each axis.
  public let shape: [Int]
  /// The elements in row-major order.
  public let storage: Storage

  /// Wraps `values` in a shape.
  ///
  /// - Throws: `GraphError.invalidValue` if a size is negative, the product of the sizes overflows
  ///   or is not `values.count`.
  public init<Scalar: TensorScalar>(_ values: [Scalar], shape: [Int]) throws {
    guard let count = HostTensor.elementCount(of: shape), count == values.count else {
      throw GraphError.invalidValue(
        operation: "HostTensor",
        reason: "\(values.count) values do not fill the shape \(shape)")
    }
    self.shape = shape
    storage = Scalar.store(values)
  }

  /// A one-dimensional tensor.
  public init<Scalar: TensorScalar>(_ values: [Scalar]) {
    shape = [values.count]
    storage = Scalar.store(values)
  }

  /// A scalar: rank 0.
  public init<Scalar: TensorScalar>(scalar: Scalar) {
    shape = []
    storage = Scalar.store([scalar])
  }

  package init(shape: [Int], storage: Storage) {
    self.shape = shape
    self.storage = storage
  }

  /// The element type.
  public var dtype: DType {
    switch storage {
    case .float32: .float32
    case .float16: .float16
    case .bfloat16: .bfloat16
    case .int8: .int8
    case .uint8: .uint8
    case .int32: .int32
    case .uint32: .uint32
    case .int64: .int64
    case .bool: .bool
    }
  }

  /// The number of elements.
  public var count: Int { HostTensor.elementCount(of: shape) ?? 0 }

  /// The elements as an array of their own type.
  ///
  /// - Throws: `GraphError.invalidValue` if `Scalar` is not the tensor's own type; `converted(to:)`
  ///   changes the type.
  public func values<Scalar: TensorScalar>(as type: Scalar.Type = Scalar.self) throws -> [Scalar] {
    guard let values = Scalar.load(storage) else {
      throw GraphError.invalidValue(
        operation: "HostTensor.values", reason: "the tensor is \(dtype), not \(Scalar.dtype)")
    }
    return values
  }

  /// The product of the sizes, or nil if one is negative or the product overflows.
  ///
  /// It counts as overflowing without regard to sizes of 0, so that strides never overflow.
  public static func elementCount(of shape: [Int]) -> Int? {
    var product = 1
    for size in shape {
      guard size >= 0 else { return nil }
      let (value, overflow) = product.multipliedReportingOverflow(by: max(size, 1))
      if overflow { return nil }
      product = value
    }
    return shape.contains(0) ? 0 : product
  }
}

extension HostTensor.Storage {
  /// The number of elements in the array.
  package var count: Int {
    switch self {
    case .float32(let values): values.count
    case .float16(let values): values.count
    case .bfloat16(let values): values.count
    case .int8(let values): values.count
    case .uint8(let values): values.count
    case .int32(let values): values.count
    case .uint32(let values): values.count
    case .int64(let values): values.count
    case .bool(let values): values.count
    }
  }
}
