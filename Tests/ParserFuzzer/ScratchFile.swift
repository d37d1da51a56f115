import GPUMLSystem
import Glibc

/// A file for parsers that read from a path, in the folder that `GPUML_SCRATCH` names.
enum ScratchFile {
  /// The path of a file of this name.
  static func path(_ name: String) -> String { (environment("GPUML_SCRATCH") ?? ".") + "/" + name }

  /// Writes a file of this name and gives its path.
  static func holding(_ bytes: [UInt8], name: String) -> String {
    let path = path(name)
    guard let file = fopen(path, "w") else { fatalError("\(path) cannot be made") }
    let count = fwrite(bytes, 1, bytes.count, file)
    expect(fclose(file) == 0 && count == bytes.count, "\(path) cannot be written")
    return path
  }

  /// The bytes of a file of this name.
  static func bytes(_ name: String) throws -> [UInt8] { try FileBytes.read(path(name)) }
}
