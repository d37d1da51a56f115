import GPUMLSystem
import GPUMLYAML
import Testing

@Suite struct YAMLTests {
  @Test("maps nest by indentation, lists and scalars stand in a line")
  func document() {
    let document = YAML.map([
      ("model", .string("mlp:128,64")), ("lr", .double(0.002)), ("seed", .int(7)),
      ("inner", .map([("a", .bool(true)), ("b", .null)])),
      ("list", .list([.int(1), .string("x y")])), ("none", .map([])),
    ])
    #expect(
      document.text == """
        model: "mlp:128,64"
        lr: 0.002
        seed: 7
        inner:
          a: true
          b: null
        list: [1, "x y"]
        none: {}

        """)
  }

  @Test(
    "a text that could be taken for something else is quoted",
    arguments: [
      ("adamw", "adamw"), ("runs/a_b-c.csv", "runs/a_b-c.csv"), ("/tmp/x", "/tmp/x"),
      ("true", "\"true\""), ("No", "\"No\""), ("12", "\"12\""), ("", "\"\""), ("-", "\"-\""),
      ("a: b", "\"a: b\""), ("#x", "\"#x\""), ("a\"b\\c", "\"a\\\"b\\\\c\""),
      ("a\nb\u{1B}", "\"a\\nb\\x1b\""), ("é", "\"é\""), (".inf", "\".inf\""),
    ])
  func strings(text: String, expected: String) {
    #expect(YAML.string(text).text == expected)
  }

  @Test("numbers read back the same", arguments: [0.1, 1e-8, 1e300, -0.0, 3])
  func numbers(value: Double) {
    #expect(Double(YAML.double(value).text) == value)
    #expect(YAML.double(.infinity).text == ".inf")
  }

  @Test(
    "fixed point rounds and pads",
    arguments: [
      (0.0, 4, "0.0000"), (1.23456, 2, "1.23"), (-0.006, 2, "-0.01"), (-0.001, 2, "0.00"),
      (12.5, 0, "13"), (.nan, 2, "nan"), (.infinity, 2, "inf"), (1e300, 3, "1e+300"),
      (0.05, 3, "0.050"),
    ])
  func fixedPoint(value: Double, digits: Int, expected: String) {
    #expect(value.fixed(digits) == expected)
  }
}
