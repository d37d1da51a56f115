import Foundation
import GPUMLTraining
import Testing

/// A folder that is gone when the test ends.
func withTemporaryFolder<Result>(
  _ body: (String) async throws -> Result
) async throws -> Result {
  let path = FileManager.default.temporaryDirectory.path + "/gpuml-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: path) }
  return try await body(path)
}

func content(_ path: String) -> String {
  (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
}

@Suite struct RunFolderTests {
  @Test("folders are numbered from the second on")
  func numbered() async throws {
    try await withTemporaryFolder { path in
      let names = try (0..<3).map { _ in
        try RunFolder.createNumbered(in: path + "/runs").path.dropFirst(path.count)
      }
      #expect(names == ["/runs/train", "/runs/train2", "/runs/train3"])
    }
  }

  @Test("a named folder is made with its parents, and an empty one is taken")
  func named() async throws {
    try await withTemporaryFolder { path in
      _ = try RunFolder.create(at: path + "/a/b/c")
      let folder = try RunFolder.create(at: path + "/a/b/c/")
      #expect(folder.path == path + "/a/b/c/")
      try folder.write("x: 1\n", to: RunFolder.argumentsName)
      #expect(content(path + "/a/b/c/args.yaml") == "x: 1\n")
    }
  }

  @Test("a folder with content is refused, and with force only a run's files are removed")
  func force() async throws {
    try await withTemporaryFolder { path in
      do {
        let folder = try RunFolder.create(at: path + "/run")
        for name in ["args.yaml", "results.csv", "notes.txt"] { try folder.write("x", to: name) }
      }
      let leftover = path + "/run/.gpuml-0123456789abcdef.tmp"
      #expect(FileManager.default.createFile(atPath: leftover, contents: nil))
      let error = #expect(throws: TrainingError.self) { try RunFolder.create(at: path + "/run") }
      #expect(error?.exitCode == 73)
      // It may be another training's that is writing.
      #expect(FileManager.default.fileExists(atPath: leftover))
      #expect(String(describing: error).contains("--force"))
      #expect(content(path + "/run/args.yaml") == "x")
      _ = try RunFolder.create(at: path + "/run", force: true)
      #expect(try FileManager.default.contentsOfDirectory(atPath: path + "/run") == ["notes.txt"])
    }
  }

  @Test("a path that cannot be a folder is one clear line", arguments: ["/file", "/file/sub", ""])
  func impossible(name: String) async throws {
    try await withTemporaryFolder { path in
      #expect(FileManager.default.createFile(atPath: path + "/file", contents: nil))
      let path = name.isEmpty ? "" : path + name
      for force in [false, true] {
        let error = #expect(throws: TrainingError.self) {
          try RunFolder.create(at: path, force: force)
        }
        #expect(error?.exitCode == 73)
      }
    }
  }
}
