import GPUMLGraph
import Testing

private func document(_ nodes: String, outputs: String = "[]", version: String = "1") -> String {
  #"{"version":\#(version),"nodes":\#(nodes),"outputs":\#(outputs)}"#
}

private func input(_ shape: String, label: String = "x") -> String {
  #"{"op":"input","attributes":{"label":{"string":"\#(label)"},"shape":{"dims":\#(shape)},"#
    + #""dtype":{"string":"float32"}}}"#
}

private func reshape(_ shape: String) -> String {
  #"{"op":"reshape","attributes":{"shape":{"dims":\#(shape)}},"inputs":[[0,0]]}"#
}

private func constant(_ tensor: String) -> String {
  document(#"[{"op":"constant","attributes":{"value":{"tensor":\#(tensor)}}}]"#)
}

private func term(_ coefficient: String, _ factors: String) -> String {
  #"{"terms":[{"coefficient":\#(coefficient),"factors":\#(factors)}]}"#
}

private let hostile: [(String, String)] = {
  let x = input("[2]")
  var wide = term("1", #"["a"]"#)
  for level in 0..<40 {
    // (… + s) squared, over and over.
    wide = term("1", #"[{"quotient":[\#(wide),"s\#(level)"]}]"#)
  }
  let sums = (0..<12).map {
    #"{"terms":[{"coefficient":1,"factors":["a\#($0)"]},{"coefficient":1,"factors":["b\#($0)"]}]}"#
  }.joined(separator: ",")
  return [
    ("empty text", ""), ("no object", "3"), ("no version", #"{"nodes":[],"outputs":[]}"#),
    ("version 0", document("[]", version: "0")), ("version 2", document("[]", version: "2")),
    ("version of another kind", document("[]", version: #""1""#)),
    ("version too large", document("[]", version: "99999999999999999999")),
    ("nodes of another kind", document("{}")), ("nodes null", document("null")),
    ("deep nesting", String(repeating: "[", count: 100_000)),
    ("unknown primitive", document(#"[{"op":"nope"}]"#)),
    ("missing attributes", document(#"[{"op":"input"}]"#)),
    ("control characters in a name", document(#"[{"op":"a\nb\u001b[0m"}]"#)),
    ("forward reference", document(#"[{"op":"exp","inputs":[[1,0]]},\#(x)]"#)),
    ("self reference", document(#"[{"op":"exp","inputs":[[0,0]]}]"#)),
    ("negative node", document(#"[\#(x),{"op":"exp","inputs":[[-1,0]]}]"#)),
    ("node too large", document(#"[\#(x),{"op":"exp","inputs":[[9223372036854775807,0]]}]"#)),
    ("negative output", document(#"[\#(x),{"op":"exp","inputs":[[0,-1]]}]"#)),
    ("output too large", document(#"[\#(x),{"op":"exp","inputs":[[0,1]]}]"#)),
    ("half a reference", document(#"[\#(x),{"op":"exp","inputs":[[0]]}]"#)),
    ("three in a reference", document(#"[\#(x),{"op":"exp","inputs":[[0,0,0]]}]"#)),
    ("too few operands", document(#"[\#(x),{"op":"add","inputs":[[0,0]]}]"#)),
    ("too many operands", document(#"[\#(x),{"op":"exp","inputs":[[0,0],[0,0]]}]"#)),
    (
      "operands of a source",
      document(
        #"[\#(x),{"op":"random_uniform","attributes":{"shape":{"ints":[1]},"stream":{"int":0}},"inputs":[[0,0]]}]"#
      )
    ),
    ("result of no node", document("[]", outputs: #"[{"name":"y","node":0,"output":0}]"#)),
    (
      "two results of one name",
      document(
        "[\(x)]", outputs: #"[{"name":"y","node":0,"output":0},{"name":"y","node":0,"output":0}]"#)
    ),
    (
      "two inputs of one name",
      document(
        "[\(x),\(x)]",
        outputs: #"[{"name":"y","node":0,"output":0},{"name":"z","node":1,"output":0}]"#)
    ),
    ("attribute of no kind", document(#"[{"op":"argmax","attributes":{"axis":{"size":3}}}]"#)),
    (
      "attribute of two kinds",
      document(#"[{"op":"argmax","attributes":{"axis":{"int":3,"bool":true}}}]"#)
    ),
    (
      "attribute of the wrong kind",
      document(#"[\#(x),{"op":"argmax","attributes":{"axis":{"double":0}},"inputs":[[0,0]]}]"#)
    ),
    ("attribute null", document(#"[{"op":"argmax","attributes":{"axis":null}}]"#)),
    (
      "axis out of range",
      document(
        #"[\#(x),{"op":"argmax","attributes":{"axis":{"int":-9223372036854775808}},"inputs":[[0,0]]}]"#
      )
    ),
    (
      "fraction for a whole number",
      document(#"[{"op":"argmax","attributes":{"axis":{"int":0.5}}}]"#)
    ),
    ("huge dimension", document("[\(input("[1e30]"))]")),
    ("dimension of another kind", document("[\(input("[true]"))]")),
    ("dimension without factors", document("[\(input(#"[{"terms":[{"coefficient":2}]}]"#))]")),
    ("quotient of one", document("[\(input("[" + term("1", #"[{"quotient":["a"]}]"#) + "]"))]")),
    ("nested quotients", document("[\(input("[\(wide)]"))]")),
    ("product of sums", document("[\(x),\(reshape("[\(sums)]"))]")),
    ("product of sums in one", document("[\(input("[\(sums)]"))]")),
    (
      "many factors",
      document(
        "[\(input("[" + term("1", "[" + [String](repeating: #""a""#, count: 5000).joined(separator: ",") + "]") + "]"))]"
      )
    ),
    (
      "10,000 axes",
      document(
        "[\(input("[" + [String](repeating: "1", count: 10_000).joined(separator: ",") + "]"))]")
    ),
    ("reshape of another size", document("[\(x),\(reshape("[3]"))]")),
    (
      "reshape to a product that overflows",
      document("[\(x),\(reshape("[9223372036854775807,9223372036854775807]"))]")
    ),
    (
      "values that do not fill the shape",
      constant(#"{"shape":[3],"dtype":"float32","values":[1]}"#)
    ),
    (
      "shape that overflows",
      constant(#"{"shape":[9223372036854775807,2],"dtype":"float32","values":[]}"#)
    ),
    ("negative shape", constant(#"{"shape":[-1],"dtype":"float32","values":[]}"#)),
    ("zero and negative", constant(#"{"shape":[0,-1],"dtype":"float32","values":[]}"#)),
    ("unknown type", constant(#"{"shape":[1],"dtype":"float64","values":[1]}"#)),
    ("value out of range", constant(#"{"shape":[1],"dtype":"int8","values":[200]}"#)),
    ("no number", constant(#"{"shape":[1],"dtype":"float32","values":["one"]}"#)),
    ("no truth value", constant(#"{"shape":[1],"dtype":"bool","values":[2]}"#)),
    (
      "variable without a name",
      document(
        #"[{"op":"variable","attributes":{"shape":{"ints":[1]},"dtype":{"string":"float32"},"role":{"string":"parameter"}}}]"#
      )
    ),
    (
      "variable of an unknown role",
      document(
        #"[{"op":"variable","name":"w","attributes":{"shape":{"ints":[1]},"dtype":{"string":"float32"},"role":{"string":"king"}}}]"#
      )
    ),
    (
      "variable too large",
      document(
        #"[{"op":"variable","name":"w","attributes":{"shape":{"ints":[4611686018427387904,4,0]},"dtype":{"string":"float32"},"role":{"string":"parameter"}}}]"#
      )
    ),
    (
      "name on another node",
      document(
        #"[{"op":"input","name":"w","attributes":{"label":{"string":"x"},"shape":{"dims":[]},"dtype":{"string":"float32"}}}]"#
      )
    ),
  ]
}()

@Suite("Hostile saved graphs")
struct HostileGraphTests {
  @Test(
    "are refused in one line, and do not hang", .timeLimit(.minutes(10)),
    arguments: hostile.indices)
  func refused(index: Int) throws {
    let (name, text) = hostile[index]
    #expect("\(name)") {
      try Graph.decodeJSON(text)
    } throws: { error in
      let message = "\(error)"
      return error is GraphError && message.count < 600
        && !message.unicodeScalars.contains { $0.value < 32 }
    }
  }

  @Test("the frame of the cases is sound: without the fault they are read")
  func sound() throws {
    let x = input("[2]")
    for text in [
      document("[]"), document("[\(x)]"), document("[\(x),\(reshape("[1,2]"))]"),
      document(#"[\#(x),{"op":"exp","inputs":[[0,0]]}]"#),
      constant(#"{"shape":[1],"dtype":"int8","values":[100]}"#),
      document("[\(input("[" + term("2", #"["a",{"quotient":["b",2]}]"#) + "]"))]"),
    ] { #expect(throws: Never.self, "\(text)") { try Graph.decodeJSON(text) } }
  }

  @Test("a newer version is named")
  func newer() {
    #expect {
      try Graph.decodeJSON(#"{"version":7,"graph":"something else"}"#)
    } throws: {
      "\($0)" == "saved graph: version 7 is newer than 1, the newest known"
    }
  }

  @Test("every truncation of a graph is an error")
  func truncated() throws {
    let text = document(
      "[\(input("[\"n\",2]")),\(reshape("[2,\"n\"]"))]",
      outputs: #"[{"name":"y","node":1,"output":0}]"#)
    _ = try Graph.decodeJSON(text)
    for length in 0..<text.count {
      #expect(throws: GraphError.self) { try Graph.decodeJSON(String(text.prefix(length))) }
    }
  }
}
