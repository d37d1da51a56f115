import GPUMLSystem
import Glibc

/// Compiled programs on disk, a file a key; a cache that may fail and never throws.
///
/// A file is the magic, a version, the key, the length and the hash of what follows, all numbers
/// little-endian. What does not fit that is removed.
struct BinaryStore: Sendable {
  private static let magic = Array("GPUMLBIN".utf8)
  private static let version: UInt32 = 1
  private static let headerSize = 8 + 4 + 16 + 8 + 16
  /// No compiled program is larger; a file that is did not come from here.
  private static let maxSize = 1 << 28

  let folder: String

  /// The folder for an environment: `GPUML_CACHE`, or else the user's cache folder.
  ///
  /// - Returns: `nil` where `GPUML_CACHE` is empty or the user has no home.
  static func defaultFolder(environment: [String: String]) -> String? {
    if let folder = environment["GPUML_CACHE"] { return folder.isEmpty ? nil : folder }
    // The specification wants relative paths in XDG_CACHE_HOME ignored.
    if let cache = environment["XDG_CACHE_HOME"], cache.hasPrefix("/") {
      return cache + "/gpuml/kernels"
    }
    guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
    return home + "/.cache/gpuml/kernels"
  }

  func path(of key: UInt128) -> String {
    let digits = String(key, radix: 16)
    return "\(folder)/\(String(repeating: "0", count: 32 - digits.count))\(digits).bin"
  }

  /// The program stored under a key; a file that is damaged is removed.
  func load(_ key: UInt128) -> [UInt8]? {
    guard let file = read(path(of: key)) else { return nil }
    guard let payload = BinaryStore.payload(of: file, key: key) else {
      remove(key)
      return nil
    }
    return payload
  }

  func save(_ payload: [UInt8], under key: UInt128) {
    guard !payload.isEmpty, payload.count <= BinaryStore.maxSize - BinaryStore.headerSize,
      BinaryStore.make(folder: folder)
    else { return }
    var file = BinaryStore.magic
    file.reserveCapacity(BinaryStore.headerSize + payload.count)
    file.append(littleEndian: BinaryStore.version)
    file.append(littleEndian: key)
    file.append(littleEndian: UInt64(payload.count))
    file.append(littleEndian: StableHash.of(payload[...]))
    file += payload
    // Without a place to write there is no cache, and the program works all the same.
    try? AtomicFile.write(file, to: path(of: key))
  }

  func remove(_ key: UInt128) { unlink(path(of: key)) }

  private static func payload(of file: [UInt8], key: UInt128) -> [UInt8]? {
    guard file.count > headerSize, Array(file[..<8]) == magic else { return nil }
    let (versionOfFile, keyOfFile): (UInt32, UInt128) = (file.number(at: 8), file.number(at: 12))
    let (length, hash): (UInt64, UInt128) = (file.number(at: 28), file.number(at: 36))
    let payload = file[headerSize...]
    guard versionOfFile == version, keyOfFile == key, length == UInt64(payload.count),
      hash == StableHash.of(payload)
    else { return nil }
    return Array(payload)
  }

  /// A regular file's bytes; `nil` for anything else.
  private func read(_ path: String) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      let size = Int(exactly: status.st_size), size <= BinaryStore.maxSize
    else { return nil }
    return [UInt8](unsafeUninitializedCapacity: size) { storage, count in
      while count < size, let base = storage.baseAddress {
        let got = Glibc.read(file, base + count, size - count)
        if got < 0 && errno == EINTR { continue }
        if got <= 0 { break }
        count += got
      }
    }
  }

  /// Makes a folder and those above it, readable by this user only.
  static func make(folder: String) -> Bool {
    var path = ""
    for (index, part) in folder.split(separator: "/").enumerated() {
      path += (index == 0 && !folder.hasPrefix("/") ? "" : "/") + part
      if mkdir(path, 0o700) != 0 && errno != EEXIST && errno != EROFS && errno != EACCES {
        return false
      }
    }
    var status = stat()
    return stat(folder, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}

extension [UInt8] {
  fileprivate mutating func append<T: FixedWidthInteger & BitwiseCopyable>(littleEndian number: T) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }

  fileprivate func number<T: FixedWidthInteger & BitwiseCopyable>(at offset: Int) -> T {
    T(littleEndian: withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: T.self) })
  }
}
