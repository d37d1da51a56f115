#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif
import GPUMLFormats
import GPUMLReport
import GPUMLSystem

/// The folder that a training writes its files to.
public struct RunFolder: Sendable, Hashable {
  /// The resolved configuration.
  public static let argumentsName = "args.yaml"
  /// The best weights, with everything that inference needs.
  public static let modelName = "model.safetensors"
  /// One row an epoch.
  public static let resultsName = "results.csv"

  private static let names = [
    argumentsName, modelName, resultsName, "last.safetensors", RunReport.factsName,
    RunReport.pageName,
  ]

  /// The folder's path.
  public let path: String

  /// The path of the model's file.
  public var modelPath: String { path + "/" + RunFolder.modelName }

  /// The folders that were made for it, outermost first.
  private var made: [String] = []

  private init(path: String) { self.path = path }

  /// Makes a folder.
  ///
  /// - Parameters:
  ///   - path: Where; nil for the first of `runs/train`, `runs/train2`, … that does not exist.
  ///   - force: Takes a folder that is not empty and removes an earlier run's files from it.
  /// - Throws: `TrainingError.cannotCreate` if the system refuses, or if something is there and
  ///   `force` is not given.
  public static func create(at path: String? = nil, force: Bool = false) throws -> RunFolder {
    guard let path else { return try createNumbered(in: "runs") }
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw TrainingError.cannotCreate(path: path, reason: "not a folder's name")
    }
    let kind: FileBytes.Kind?
    do {
      kind = try FileBytes.kind(of: path)
    } catch {
      throw TrainingError.cannotCreate(path: path, reason: error.reason)
    }
    var folder = RunFolder(path: path)
    switch kind {
    case nil:
      try folder.makeParents()
      guard try folder.make() else {
        throw TrainingError.cannotCreate(path: path, reason: "something of that name exists")
      }
    case .folder?: try folder.take(force: force)
    case .file?: throw TrainingError.cannotCreate(path: path, reason: "a file has that name")
    case .special(let words)?:
      throw TrainingError.cannotCreate(path: path, reason: "it is \(words)")
    }
    try folder.checkWritable()
    return folder
  }

  /// Makes the first of `train`, `train2`, … that does not exist.
  package static func createNumbered(in parent: String) throws -> RunFolder {
    for number in 1...1_000_000 {
      var folder = RunFolder(path: "\(parent)/train" + (number == 1 ? "" : String(number)))
      if number == 1 { try folder.makeParents() }
      if try folder.make() { return folder }
    }
    throw TrainingError.cannotCreate(path: parent, reason: "there are a million runs in it")
  }

  /// Makes the folder itself; false if something of that name exists.
  private mutating func make() throws(TrainingError) -> Bool {
    if mkdir(path, 0o777) == 0 {
      made.append(path)
      return true
    }
    let code = errno
    if code == EEXIST { return false }
    throw .cannotCreate(path: path, reason: FileBytes.reason(of: code))
  }

  private mutating func makeParents() throws(TrainingError) {
    var place = path.startIndex
    while let slash = path[place...].firstIndex(of: "/") {
      place = path.index(after: slash)
      let parent = path[..<slash]
      if parent.isEmpty { continue }
      var folder = RunFolder(path: String(parent))
      if try folder.make() { made += folder.made }
    }
  }

  /// Uses a folder that exists.
  private func take(force: Bool) throws(TrainingError) {
    // A temporary file may be another training's, which is just writing: it is left alone.
    let content = ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [])
      .filter { !AtomicFile.isTemporary($0) }
    if content.isEmpty { return }
    guard force else {
      throw .cannotCreate(path: path, reason: "it exists and is not empty; --force overwrites it")
    }
    AtomicFile.sweep(folder: path)
    for name in RunFolder.names where content.contains(name) {
      if remove(path + "/" + name) != 0 {
        throw .cannotCreate(path: path + "/" + name, reason: FileBytes.reason(of: errno))
      }
    }
  }

  /// Finds out before the training what would else end it.
  private func checkWritable() throws(TrainingError) {
    if access(path, W_OK | X_OK) != 0 {
      throw .cannotCreate(path: path, reason: FileBytes.reason(of: errno))
    }
  }

  /// Removes what was made for the run as far as nothing has been written to it.
  func removeIfEmpty() {
    for folder in made.reversed() where rmdir(folder) != 0 { return }
  }

  /// Writes one of the folder's files, whole or not at all.
  ///
  /// - Throws: `TrainingError.cannotCreate` or `writeFailed`.
  package func write(_ text: String, to name: String) throws {
    do {
      try AtomicFile.write(Array(text.utf8), to: path + "/" + name)
    } catch let error as SystemError {
      throw TrainingError(error)
    }
  }
}
