extension Attributes: Codable {
  /// Reads an object of values by name.
  public init(from decoder: any Decoder) throws {
    self.init(try decoder.singleValueContainer().decode([String: Value].self))
  }

  /// Writes an object of values by name.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(values)
  }
}

extension Attributes.Value: Codable {
  private enum Kind: String, CodingKey, CaseIterable {
    case int, double, string, bool, ints, dims, tensor
  }

  /// Reads an object with one member, whose name tells the kind.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Kind.self)
    guard container.allKeys.count == 1, let kind = container.allKeys.first else {
      let kinds = Kind.allCases.map(\.rawValue).joined(separator: ", ")
      throw GraphError.malformed(reason: "an attribute is not one of \(kinds)")
    }
    switch kind {
    case .int: self = .int(try container.decode(Int.self, forKey: kind))
    case .double: self = .double(try container.decode(SavedDouble.self, forKey: kind).value)
    case .string: self = .string(try container.decode(String.self, forKey: kind))
    case .bool: self = .bool(try container.decode(Bool.self, forKey: kind))
    case .ints: self = .ints(try container.decode([Int].self, forKey: kind))
    case .dims:
      let dims = try container.decode([Dim].self, forKey: kind)
      try SavedLimits.check(dims)
      self = .dims(dims)
    case .tensor: self = .tensor(try container.decode(SavedTensor.self, forKey: kind).value)
    }
  }

  /// Writes an object with one member, whose name tells the kind.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Kind.self)
    switch self {
    case .int(let value): try container.encode(value, forKey: .int)
    case .double(let value): try container.encode(SavedDouble(value: value), forKey: .double)
    case .string(let value): try container.encode(value, forKey: .string)
    case .bool(let value): try container.encode(value, forKey: .bool)
    case .ints(let value): try container.encode(value, forKey: .ints)
    case .dims(let value): try container.encode(value, forKey: .dims)
    case .tensor(let value): try container.encode(SavedTensor(value: value), forKey: .tensor)
    }
  }
}

/// A real number; JSON has no infinities and no NaN, so they are texts.
private struct SavedDouble: Codable {
  let value: Double

  init(value: Double) { self.value = value }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let text = try? container.decode(String.self) else {
      value = try container.decode(Double.self)
      return
    }
    switch text {
    case "inf": value = .infinity
    case "-inf": value = -.infinity
    case "nan": value = .nan
    default: throw GraphError.malformed(reason: "'\(text)' is no number")
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if value.isFinite { return try container.encode(value) }
    try container.encode(value.isNaN ? "nan" : value < 0 ? "-inf" : "inf")
  }
}

/// A tensor, element by element; every element type is exact.
private struct SavedTensor: Codable {
  private enum Key: String, CodingKey { case shape, dtype, values }

  let value: HostTensor

  init(value: HostTensor) { self.value = value }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let shape = try container.decode([Int].self, forKey: .shape)
    let name = try container.decode(String.self, forKey: .dtype)
    guard let dtype = DType(rawValue: name) else {
      throw GraphError.malformed(reason: "there is no element type '\(name)'")
    }
    func values<Scalar: Decodable>(_ type: Scalar.Type) throws -> [Scalar] {
      try container.decode([Scalar].self, forKey: .values)
    }
    let storage: HostTensor.Storage =
      switch dtype {
      case .float32, .float16, .bfloat16:
        HostTensor(doubles: try values(SavedDouble.self).map(\.value), shape: [], dtype: dtype)
          .storage
      case .int8: .int8(try values(Int8.self))
      case .uint8: .uint8(try values(UInt8.self))
      case .int32: .int32(try values(Int32.self))
      case .uint32: .uint32(try values(UInt32.self))
      case .int64: .int64(try values(Int64.self))
      case .bool: .bool(try values(Bool.self))
      }
    guard let count = HostTensor.elementCount(of: shape), count == storage.count else {
      throw GraphError.malformed(
        reason: "a tensor's \(storage.count) values do not fill its shape \(shape)")
    }
    value = HostTensor(shape: shape, storage: storage)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(value.shape, forKey: .shape)
    try container.encode(value.dtype.rawValue, forKey: .dtype)
    switch value.storage {
    case .float32, .float16, .bfloat16:
      try container.encode(value.doubles.map { SavedDouble(value: $0) }, forKey: .values)
    case .int8(let values): try container.encode(values, forKey: .values)
    case .uint8(let values): try container.encode(values, forKey: .values)
    case .int32(let values): try container.encode(values, forKey: .values)
    case .uint32(let values): try container.encode(values, forKey: .values)
    case .int64(let values): try container.encode(values, forKey: .values)
    case .bool(let values): try container.encode(values, forKey: .values)
    }
  }
}
