import Foundation
import GPUMLSystem
import Testing

@Test("an atomic file replaces the old one whole, and leaves nothing else")
func atomicReplace() throws {
  try withTemporaryFolder { folder in
    let path = folder + "/weights"
    try AtomicFile.write([1, 2, 3], to: path)
    let file = try AtomicFile(at: path)
    try file.write([9])
    #expect(try Data(contentsOf: URL(filePath: path)) == Data([1, 2, 3]))
    try file.write([8])
    try file.commit()
    #expect(try Data(contentsOf: URL(filePath: path)) == Data([9, 8]))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["weights"])
  }
}

@Test("an atomic file that is given up removes its temporary")
func atomicAbandoned() throws {
  try withTemporaryFolder { folder in
    do {
      let file = try AtomicFile(at: folder + "/weights")
      try file.write([1])
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(names.count == 1 && names[0].hasSuffix(AtomicFile.temporarySuffix))
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
  }
}

@Test("an atomic file that cannot be written names the path, the step and the reason")
func atomicFailure() throws {
  let missing = #expect(throws: AtomicFileError.self) {
    try AtomicFile.write([1], to: "/proc/none/weights")
  }
  #expect(missing?.step == "create" && missing?.description.hasPrefix("/proc/none/weights") == true)
  try withTemporaryFolder { folder in
    let path = folder + "/folder"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    let error = #expect(throws: AtomicFileError.self) { try AtomicFile.write([1], to: path) }
    #expect(error?.step == "rename")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["folder"])
  }
}

@Test("an atomic file takes the longest name a folder allows")
func atomicLongName() throws {
  try withTemporaryFolder { folder in
    let path = folder + "/" + String(repeating: "ä", count: 127)
    try AtomicFile.write([5], to: path)
    #expect(try Data(contentsOf: URL(filePath: path)) == Data([5]))
  }
}
