import GPUMLData
import GPUMLDevice
import GPUMLFormats
import GPUMLGraph
import GPUMLInference
import GPUMLNN
import GPUMLSystem
import GPUMLTraining

/// A parser under test: it must take every input, or refuse it with a typed error of one line.
struct FuzzTarget: Sendable {
  /// The name by which it is chosen.
  let name: String
  /// Inputs that are taken, from which others are made.
  let seeds: @Sendable () throws -> [[UInt8]]
  /// Words of the format.
  let words: [String]
  /// Reads an input, and checks what comes of it.
  let read: @Sendable ([UInt8]) throws -> Void

  static let all = tables + arrays + texts + models

  /// The one that `GPUML_PARSER` names.
  static let chosen = environment("GPUML_PARSER").map { name in
    guard let target = all.first(where: { $0.name == name }) else {
      fatalError("there is no parser '\(name)'")
    }
    return target
  }

  /// Seeds that are texts.
  static func texts(_ texts: String...) -> @Sendable () -> [[UInt8]] {
    { texts.map { Array($0.utf8) } }
  }

  /// Reads one input; ends the process where the parser is at fault.
  func test(_ bytes: [UInt8]) {
    do {
      try read(bytes)
    } catch {
      check(error)
      return
    }
    SeededFault.chosen?.strike(bytes)
  }

  private func check(_ error: any Error) {
    switch error {
    case is DataError, is DeviceError, is FormatError, is GraphError, is InferenceError, is NNError,
      is StrictJSON.Failure, is SystemError, is TrainingError:
      break
    default: fatalError("an error of no type of gpuml's: \(type(of: error)) \(error)")
    }
    let text = "\(error)"
    let isOneLine = text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    guard isOneLine, text.utf8.count < 2000 else {
      fatalError("an error that is not a line: \(text.debugDescription)")
    }
  }

  /// Writes each seed as a file, and the words as libFuzzer's dictionaries have them.
  func writeSeeds(to folder: String) throws {
    for (place, seed) in try seeds().enumerated() {
      try AtomicFile.write(seed, to: "\(folder)/seed-\(place)")
    }
    let lines = words.map { word in
      let bytes = word.utf8.map { byte in
        let digits = String(byte, radix: 16)
        return "\\x" + (digits.count == 1 ? "0" : "") + digits
      }
      return "\"" + bytes.joined() + "\"\n"
    }
    try AtomicFile.write(Array(lines.joined().utf8), to: "\(folder)/dictionary")
  }
}

/// Ends the process, as a fault of the parser's, unless something holds.
func expect(_ isSo: Bool, _ reason: @autoclosure () -> String) {
  if !isSo { fatalError(reason()) }
}
