import Foundation
import Testing

@testable import GPUMLSystem

@Suite struct AtomicFileTests {
  struct Stop: Error {}

  func withFolder(_ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.path + "/gpuml-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }

  func names(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  @Test("a file is created, then replaced, and nothing else is left")
  func replaces() throws {
    try withFolder { folder in
      let path = folder + "/a"
      for bytes in [[1, 2, 3], [], [UInt8](repeating: 7, count: 300_000)] as [[UInt8]] {
        try AtomicFile.write(bytes, to: path)
        #expect(try FileBytes.read(path) == bytes)
        #expect(try names(folder) == ["a"])
      }
    }
  }

  @Test("a failure half way leaves the old file and no other")
  func failure() throws {
    try withFolder { folder in
      let path = folder + "/a"
      try AtomicFile.write([1], to: path)
      #expect(throws: Stop.self) {
        try AtomicFile.write(to: path) { append in
          try append([2, 3])
          #expect(try names(folder).count == 2)
          throw Stop()
        }
      }
      #expect(try FileBytes.read(path) == [1])
      #expect(try names(folder) == ["a"])
    }
  }

  @Test("a link keeps pointing at the file that is replaced, and the mode stays")
  func link() throws {
    try withFolder { folder in
      try AtomicFile.write([1], to: folder + "/a")
      chmod(folder + "/a", 0o640)
      symlink("a", folder + "/b")
      try AtomicFile.write([2], to: folder + "/b")
      #expect(try FileBytes.read(folder + "/a") == [2])
      let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/a")
      #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o640)
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder + "/b") == "a")
    }
  }

  @Test("a folder, a device and a path without a folder are refused")
  func refused() throws {
    try withFolder { folder in
      for path in [folder, "/dev/null", folder + "/no/a", "", "/proc/gpuml"] {
        let error = #expect(throws: SystemError.self) {
          try AtomicFile.write([1], to: path)
        }
        #expect(error?.exitCode == 73, "\(path)")
      }
      let left = try names(folder)
      #expect(left.isEmpty)
    }
  }

  @Test("leftovers are swept and other files stay")
  func sweep() throws {
    try withFolder { folder in
      let stay = ["a", ".gpuml-x.tmp", ".gpuml-0123456789abcdef", "0123456789abcdef.tmp"]
      for name in stay + [".gpuml-0123456789abcdef.tmp"] {
        try AtomicFile.write([], to: folder + "/" + name)
      }
      #expect(AtomicFile.sweep(folder: folder) == 1)
      #expect(try names(folder) == stay.sorted())
      #expect(AtomicFile.sweep(folder: folder + "/no") == 0)
    }
  }

  @Test("a writer's file appears at the end, its start written last; or not at all")
  func writer() throws {
    try withFolder { folder in
      let path = folder + "/a"
      var writer: AtomicFileWriter? = try AtomicFileWriter(path)
      try writer?.append([0, 0, 3])
      try writer?.append([4])
      #expect(try FileBytes.kind(of: path) == nil)
      try writer?.rewriteStart([1, 2])
      try writer?.finish()
      #expect(try FileBytes.read(path) == [1, 2, 3, 4])
      writer = try AtomicFileWriter(path)
      try writer?.append([9])
      #expect(try names(folder).count == 2)
      writer = nil
      #expect(try names(folder) == ["a"])
      #expect(try FileBytes.read(path) == [1, 2, 3, 4])
    }
  }
}
