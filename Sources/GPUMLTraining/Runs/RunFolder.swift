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
import GPUMLYAML

/// The folder that a training writes its files to.
public struct RunFolder: Sendable {
  /// The resolved configuration.
  public static let argumentsName = "args.yaml"
  /// The layers, where no preset names them.
  public static let layersName = "model.yaml"
  /// The best weights, with everything that inference needs.
  public static let modelName = "model.safetensors"
  /// One row an epoch.
  public static let resultsName = "results.csv"
  /// What came of the folds of a cross-validation.
  public static let foldsName = "folds.csv"
  /// What came of a fold, in the fold's folder, once it is done.
  static let foldName = "fold.json"
  /// The picture of a learning-rate range test.
  public static let learningRatesName = "learning-rates.svg"

  /// The state after the last steps, to go on from.
  public static let stateName = "last.safetensors"
  /// The state kept before that, for where the last is damaged.
  public static let previousStateName = "previous.safetensors"

  private static let foldPrefix = "fold-"

  private static let names = [
    argumentsName, layersName, modelName, resultsName, foldsName, foldName, learningRatesName,
    stateName, previousStateName,
    RunReport.factsName, RunReport.pageName,
  ]

  /// Whether a run writes a file of that name.
  private static func isOfRun(_ name: String) -> Bool {
    names.contains(name) || name.hasPrefix(EventFile.namePrefix)
  }

  /// The folder's path.
  public let path: String

  /// The path of the model's file.
  public var modelPath: String { path + "/" + RunFolder.modelName }

  /// The folders that were made for it, outermost first.
  private var made: [String] = []

  /// Keeps other trainings out.
  private var lock: FolderLock?

  private init(path: String) { self.path = path }

  /// A run's folder, to go on with it; what a killed process left half written is swept.
  ///
  /// - Throws: `FormatError.missing`, or `TrainingError.cannotCreate` if nothing can be written to it, as
  ///   while another training does.
  static func existing(_ path: String) throws -> RunFolder {
    var folder = RunFolder(path: path)
    let kind: FileBytes.Kind?
    do {
      kind = try FileBytes.kind(of: path)
    } catch {
      throw FormatError(error)
    }
    guard kind != nil else { throw FormatError.missing(file: path) }
    guard case .folder? = kind else {
      throw FormatError.malformed(file: path, reason: "it is not a run's folder")
    }
    guard case .file? = try FileBytes.kind(of: path + "/" + argumentsName) else {
      throw FormatError.malformed(
        file: path, reason: "it holds no run: \(argumentsName) is missing")
    }
    try folder.checkWritable()
    try folder.keepOthersOut()
    AtomicFile.sweep(folder: path)
    return folder
  }

  /// The folder of a fold of a cross-validation within this one, which keeps others out of both; made if
  /// it is not there.
  func fold(_ number: Int) throws -> RunFolder {
    var folder = RunFolder(path: "\(path)/\(RunFolder.foldPrefix)\(number)")
    let isNew = try folder.make()
    guard isNew || folder.isFolderItself else {
      throw TrainingError.cannotCreate(path: folder.path, reason: "something of that name exists")
    }
    try folder.checkWritable()
    try folder.keepOthersOut()
    AtomicFile.sweep(folder: folder.path)
    return folder
  }

  /// - Throws: `TrainingError.invalidState` if a folder is one of a fold.
  static func refuseFold(_ path: String) throws(TrainingError) {
    if RunFolder(path: path).isFold {
      throw .invalidState(
        reason: "'\(path)' is a fold of a cross-validation, which is resumed by its own folder")
    }
  }

  /// The folder of a fold; nil if it has not begun.
  static func pathOfFold(_ number: Int, in path: String) -> String? {
    let fold = RunFolder(path: "\(path)/\(foldPrefix)\(number)")
    return fold.isFold ? fold.path : nil
  }

  /// Whether the path is a folder's, and no link to one.
  private var isFolderItself: Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether the folder is one of a run's folds, as its `args.yaml` says.
  private var isFold: Bool {
    guard isFolderItself, let bytes = try? FileBytes.read("\(path)/\(RunFolder.argumentsName)"),
      let pairs = try? YAMLDocument.pairs(String(decoding: bytes, as: UTF8.self))
    else { return false }
    return pairs.contains { $0.key == ArgumentFacts.fold }
  }

  /// Removes what an earlier run has written, the folders of its folds as well.
  private func removeRun(_ content: [String]) throws(TrainingError) {
    let isRun = content.contains(RunFolder.argumentsName)
    // Folds first: what tells them apart from other runs lies in them.
    for name in content where isRun && name.hasPrefix(RunFolder.foldPrefix) {
      var fold = RunFolder(path: path + "/" + name)
      guard fold.isFold else { continue }
      try fold.keepOthersOut()
      AtomicFile.sweep(folder: fold.path)
      try fold.removeFiles()
      // What is not the run's stays, and its folder with it.
      rmdir(fold.path)
    }
    try removeFiles()
  }

  /// Removes the files of a run; a list of layers without a run may be the user's own.
  private func removeFiles() throws(TrainingError) {
    let content = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    let isRun = content.contains(RunFolder.argumentsName)
    for name in content where RunFolder.isOfRun(name) && (isRun || name != RunFolder.layersName) {
      if remove(path + "/" + name) != 0 {
        throw .cannotCreate(path: path + "/" + name, reason: FileBytes.reason(of: errno))
      }
    }
  }

  /// Whether a file lies in a folder, whatever they are called.
  static func isFolder(_ path: String, holding file: String) -> Bool {
    resolved(file).hasPrefix(resolved(path) + "/")
  }

  /// The path by which a place is told from others, whatever it is called.
  package static func resolved(_ path: String) -> String {
    URL(filePath: path).resolvingSymlinksInPath().standardizedFileURL.path
  }

  private mutating func keepOthersOut() throws(TrainingError) {
    do {
      lock = try FolderLock(path)
    } catch {
      throw TrainingError(error)
    }
  }

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
    if folder.lock == nil { try folder.keepOthersOut() }
    return folder
  }

  /// Makes the first of `train`, `train2`, … that does not exist.
  package static func createNumbered(in parent: String) throws -> RunFolder {
    for number in 1...1_000_000 {
      var folder = RunFolder(path: "\(parent)/train" + (number == 1 ? "" : String(number)))
      if number == 1 { try folder.makeParents() }
      if try folder.make() {
        try folder.keepOthersOut()
        return folder
      }
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
  private mutating func take(force: Bool) throws(TrainingError) {
    if access(path, W_OK | X_OK) == 0 { try keepOthersOut() }
    let content = ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [])
      .filter { !AtomicFile.isTemporary($0) }
    guard content.isEmpty || force else {
      throw .cannotCreate(
        path: path,
        reason: "it exists and is not empty; --force overwrites it, --resume goes on with a run")
    }
    if lock == nil { return }
    AtomicFile.sweep(folder: path)
    try removeRun(content)
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

  /// Keeps a state, and the one before it under another name.
  ///
  /// - Parameter isDamaged: Whether the last state is not worth keeping.
  /// - Throws: `FormatError.cannotCreate` or `writeFailed`; the old states stay then.
  func keep(_ state: TrainingState, isDamaged: Bool) throws {
    let (newest, previous) = (
      path + "/" + RunFolder.stateName, path + "/" + RunFolder.previousStateName
    )
    do {
      if !isDamaged { try AtomicFile.link(newest, to: previous) }
    } catch {
      throw FormatError(error)
    }
    try state.save(to: newest)
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

extension RunFolder: Hashable {
  /// Whether both are at the same path.
  public static func == (left: RunFolder, right: RunFolder) -> Bool { left.path == right.path }

  /// Hashes the path.
  public func hash(into hasher: inout Hasher) { hasher.combine(path) }
}
