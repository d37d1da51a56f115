import GPUMLGraph
import GPUMLSystem

/// What can be wrong with a layer or a model.
public enum NNError: Error, Sendable, Equatable {
  /// A layer cannot be made with these settings.
  case invalidLayer(kind: String, reason: String)
  /// A layer of a model does not take what it is given.
  case inLayer(path: String, reason: GraphError)
  /// There is no preset of this name.
  case unknownPreset(name: String, nearest: String?, known: [String])
  /// A preset's settings cannot be read.
  case invalidPreset(text: String, reason: String)
  /// A file with layers is not what it should be.
  case invalidFile(path: String, line: Int?, reason: String)
  /// Two variables of a model have the same name.
  case duplicateName(String)
}

extension NNError: CustomStringConvertible {
  /// One line that names the layer or the setting, control characters escaped.
  public var description: String { text.escapingControlCharacters() }

  private var text: String {
    switch self {
    case .invalidLayer(let kind, let reason): return "\(kind): \(reason)"
    case .inLayer(let path, let reason): return "layer \(path): \(reason)"
    case .unknownPreset(let name, let nearest, let known):
      let hint =
        nearest.map { "did you mean '\($0)'?" } ?? "known: " + known.joined(separator: ", ")
      return "unknown model '\(name.excerpt(limit: 80))': \(hint)"
    case .invalidPreset(let text, let reason):
      return "model '\(text.excerpt(limit: 80))': \(reason)"
    case .invalidFile(let path, let line, let reason):
      return path + (line.map { ":\($0)" } ?? "") + ": \(reason)"
    case .duplicateName(let name): return "two variables of the model are called '\(name)'"
    }
  }
}
