import GPUMLData
import GPUMLGraph
import GPUMLSystem
import TestSupport

extension FuzzTarget {
  static let arrays = [
    FuzzTarget(
      name: "npy",
      seeds: {
        let tensors = [
          try HostTensor([Float(1), -2.5, .infinity, 4, 5, 6], shape: [3, 2]),
          try HostTensor([UInt8(1), 2], shape: [2]), HostTensor(scalar: Int64(7)),
          try HostTensor([Bool](), shape: [0, 4]),
        ]
        return try tensors.map { try NPYFile.encode($0) } + [
          npy("{'descr': '>f8', 'fortran_order': True, 'shape': (2, 1, 2), }", data: 32),
          npy("{\"shape\":(1,),'descr':'|b1','fortran_order':False}", data: 1),
        ]
      },
      words: [
        "'descr'", "'<f4'", "'>i2'", "'=u4'", "'|b1'", "'|O'", "'fortran_order'", "True", "False",
        "'shape'", "(2,)", "()", "(0, 9223372036854775807)", "4294967296",
      ],
      read: { bytes in
        try readArray(bytes, name: "array.npy")
        let tensor = try NPYFile.parse(bytes, file: "array.npy")
        let written = try NPYFile.encode(tensor)
        let again = try NPYFile.encode(NPYFile.parse(written, file: "array.npy"))
        expect(again == written, "an array is not what was written")
      }),
    FuzzTarget(
      name: "idx",
      seeds: {
        let images: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 1, 1, 2, 3, 4]
        let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 3, 0, 1, 2]
        let floats: [UInt8] = [0, 0, 0x0E, 1, 0, 0, 0, 1, 0x3F, 0xF0, 0, 0, 0, 0, 0, 0]
        return [images, labels, floats, try gzip(images), try gzip(labels) + gzip(labels)]
      },
      words: [], read: { try readArray($0, name: "array.idx") }),
    FuzzTarget(
      name: "gzip",
      seeds: {
        let long = [UInt8](repeating: 0x61, count: 3000)
        return [[0], [1] + Array("a,b\n1,2\n".utf8), [200] + long, [255] + long]
          + (try [[0x1F, 0x8B] + Array("gzip".utf8), long].map { try gzip($0) })
      },
      words: [], read: readGzip),
  ]

  private static func npy(_ header: String, data: Int) -> [UInt8] {
    [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
      + [UInt8](repeating: 0, count: data)
  }

  /// Reads a file as examples, its labels in the same file.
  private static func readArray(_ bytes: [UInt8], name: String) throws {
    let path = ScratchFile.holding(bytes, name: name)
    let data = try Dataset.load(path)
    _ = try data.preprocessing()
    _ = try? Dataset.load(path, options: LoadOptions(task: .classification, labelsFile: path))
    _ = try Dataset.load(path, options: LoadOptions(labelsFile: path))
  }

  /// Expands the input if it begins like a gzip file; else compresses it, as the first byte wants in
  /// two members, damaged or cut short.
  private static func readGzip(_ bytes: [UInt8]) throws {
    guard let choice = bytes.first, !Gzip.isCompressed(bytes) else { return try expand(bytes) }
    let plain = Array(bytes.dropFirst())
    var packed = try gzip(plain)
    if choice % 2 == 1 { packed += packed + [0, 0] }
    switch choice {
    case 0..<128: try expand(packed, to: choice % 2 == 1 ? plain + plain : plain)
    case 128..<192:
      let place = Int(choice) * packed.count / 256
      packed[place] ^= 1 << (choice % 8)
      try expand(packed)
    default: try expand(Array(packed[..<(Int(choice - 192) * packed.count / 64)]))
    }
  }

  private static func expand(_ bytes: [UInt8], to plain: [UInt8]? = nil) throws {
    let limit = 1 << 16
    let start = try Gzip.prefix(bytes, name: "a.gz", count: 100)
    let all = try Gzip.inflate(bytes, name: "a.gz", limit: limit)
    expect(all.count <= limit && all.prefix(100) == start[...], "a prefix that is none")
    if let plain { expect(all == plain, "other bytes than were compressed") }
  }
}
