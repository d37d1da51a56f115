import FoundationEssentials
import Testing

@testable import GPUMLRuntime

@Suite("Kernel files")
struct KernelFileTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Kernels")

  @Test("every file of the kernel folder is in the binary, as it stands there")
  func embedded() throws {
    var found: [String: String] = [:]
    for topic in try FileManager.default.contentsOfDirectory(atPath: KernelFileTests.folder.path) {
      let path = KernelFileTests.folder.appending(path: topic).path
      for file in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
      where file.hasSuffix(".cl") {
        let text = try String(contentsOfFile: "\(path)/\(file)", encoding: .utf8)
        found["\(topic)/\(file.dropLast(3))"] = text
      }
    }
    #expect(found.keys.sorted() == KernelFiles.names)
    for (name, text) in found { #expect(try KernelFiles.text(name) == text, "\(name)") }
  }

  @Test("kernels whose launches a team shares count the third dimension and groups as it does")
  func offsets() throws {
    for name in KernelFiles.names where !name.hasSuffix("_gpu") && !name.hasPrefix("Prelude/") {
      let text = try KernelFiles.text(name)
      #expect(!text.contains("get_global_id(2)"), "\(name): THIRD_ID")
      #expect(!text.contains("get_group_id"), "\(name): get_global_id by the group's size")
    }
  }

  @Test("every file begins with its contract, and names a test that exists")
  func contracts() throws {
    for name in KernelFiles.names {
      let head = try KernelFiles.text(name).prefix { $0 != "#" }
      let isPrelude = name.hasPrefix("Prelude/")
      #expect(isPrelude || head.contains("// launch"), "\(name)")
      let line = try #require(
        head.split(separator: "\n").first { $0.hasPrefix("// test ") }, "\(name)")
      let path = KernelFileTests.folder.deletingLastPathComponent()
        .appending(path: "Tests/" + line.dropFirst(8).drop { $0 == " " }).path
      #expect(FileManager.default.fileExists(atPath: path), "\(name): \(path)")
    }
  }
}
