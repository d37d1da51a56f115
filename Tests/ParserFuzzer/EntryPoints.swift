import Glibc

/// What libFuzzer calls before the first input: tells which parsers there are, or writes the seeds of
/// one, if that is all that is wanted.
///
/// `GPUML_PARSER` chooses the parser; without it, their names are printed. With `GPUML_SEEDS`, its
/// seeds and its dictionary go to that folder.
@_cdecl("LLVMFuzzerInitialize")
func initialize(
  _ count: UnsafeMutablePointer<CInt>?,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>?
) -> CInt {
  guard let target = FuzzTarget.chosen else {
    print(FuzzTarget.all.map(\.name).joined(separator: "\n"))
    exit(0)
  }
  if let folder = environment("GPUML_SEEDS") {
    do {
      try target.writeSeeds(to: folder)
    } catch {
      fatalError("the seeds of \(target.name) cannot be written: \(error)")
    }
    exit(0)
  }
  return 0
}

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // libFuzzer owns the bytes; the parsers get a copy.
  FuzzTarget.chosen?.test([UInt8](UnsafeBufferPointer(start: start, count: count)))
  return 0
}

/// A variable of the environment; nil if it is not set.
func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
