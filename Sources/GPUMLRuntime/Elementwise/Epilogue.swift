import GPUMLGraph

/// An elementwise group as the last step of a matrix product's kernel.
///
/// The product's files call `EPILOGUE_V` and `EPILOGUE_S` on each final sum before they store it.
package struct Epilogue {
  /// The macros and functions that go before the kernel file.
  package let source: String
  /// The values of `EPILOGUE_PARAMS`.
  package let arguments: [Launch.Argument]
  /// The tensor that the kernel writes in place of the product.
  package let result: Tensor
  package let label: String

  /// - Parameters:
  ///   - group: A vectorizable group whose shape is that of the product, `[..., columns]`; its
  ///     rows are counted through all the axes before the last.
  ///   - product: The operand of the group that the kernel computes.
  package init(
    _ group: ElementwiseGroup, root: Node, product: Tensor, in builder: PlanBuilder
  ) throws {
    var parameters: [String] = []
    var arguments: [Launch.Argument] = []
    var loads: [Tensor: (scalar: String, vector: String)] = [
      product: ("acc", "acc")
    ]
    let leading = Array(try builder.shape(product).dropLast())
    let columns = try builder.shape(product).last ?? 1
    for (place, operand) in group.operands.enumerated() where operand != product {
      let name = "e\(place)"
      switch try ElementwiseGroup.source(of: operand, in: builder) {
      case .literal(let value):
        loads[operand] = (
          ElementCode.literal(value, operand.dtype, .scalar),
          ElementCode.literal(value, operand.dtype, .vector)
        )
      case .scalar(let value):
        parameters.append("\(value.numberType) \(name)")
        arguments.append(value)
        loads[operand] = (name, "(VFLOAT)(\(name))")
      case .tensor:
        let type = ElementCode.storageType(operand.dtype)
        parameters.append("const __global \(type) *restrict \(name)")
        arguments.append(.reads(try builder.reading(operand)))
        let shape = try builder.shape(operand)
        let repeatsColumn = shape.isEmpty || shape[shape.count - 1] == 1 && columns != 1
        let view = RowView(name, of: shape, leading: leading)
        parameters += view.sizes.map { "int \($0.name)" }
        arguments += try view.sizes.map { try builder.int($0.value) }
        let row = view.pointer
        loads[operand] =
          repeatsColumn
          ? ("LOAD_\(type)(\(row), 0)", "(VFLOAT)(LOAD_\(type)(\(row), 0))")
          : ("LOAD_\(type)(\(row), column)", "LOADV_\(type)(\(row) + column)")
      }
    }
    if group.usesRandomness {
      parameters += ["const __global uint *restrict state", "int columns_"]
      arguments += [.reads(builder.state()), try builder.int(columns)]
    }
    let index = "(uint)row * columns_ + column"
    func statements(_ form: ElementCode.Form) throws -> (code: String, result: String) {
      try group.statements(form) {
        ElementCode.randomBits(at: index, of: $0, form)
      } load: {
        (form == .vector ? loads[$0]?.vector : loads[$0]?.scalar) ?? ""
      }
    }
    let (vector, scalar) = (try statements(.vector), try statements(.scalar))
    let list = parameters.map { ", \($0)" }.joined()
    // Only a kernel's own parameters are restrict; on helpers it confuses some tools.
    let plainList = list.replacing("*restrict", with: "*")
    let names = parameters.map { ", \($0.split(separator: " ").last ?? "")" }.joined()
    source = """
      #define EPILOGUE_PARAMS \(list)
      #define EPILOGUE_V(acc, row, column) KERNEL_NAME(epilogue_v)(acc, row, column\(names))
      #define EPILOGUE_S(acc, row, column) KERNEL_NAME(epilogue_s)(acc, row, column\(names))
      static VFLOAT KERNEL_NAME(epilogue_v)(VFLOAT acc, int row, int column\(plainList)) {
        \(vector.code)return \(vector.result);
      }
      static float KERNEL_NAME(epilogue_s)(float acc, int row, int column\(plainList)) {
        \(scalar.code)return \(scalar.result);
      }

      """
    self.arguments = arguments
    result = root.output()
    label = group.members.map(\.primitive.name).joined(separator: " ")
  }
}

/// How the code finds the row of an operand from the row of the result.
private struct RowView {
  /// Arguments that the expression needs.
  private(set) var sizes: [(name: String, value: Int)] = []
  /// An expression over `row` and the arguments.
  private(set) var pointer: String

  /// - Parameters:
  ///   - shape: The shape of the operand, which stretches to the result's.
  ///   - leading: The result's axes before the last, through which `row` counts.
  init(_ name: String, of shape: [Int], leading: [Int]) {
    pointer = name
    let space = IndexSpace(leading, operands: [Array(shape.dropLast())])
    let columns = shape.last ?? 1
    let steps = space.strides[0].map { $0 * columns }
    if steps.allSatisfy({ $0 == 0 }) { return }
    if steps.count == 1 {
      sizes.append(("\(name)_row", steps[0]))
      pointer = "(\(name) + (size_t)row * \(name)_row)"
      return
    }
    var index = "row"
    var terms: [String] = []
    for (axis, step) in steps.enumerated().reversed() {
      var place = index
      if axis > 0 {
        let size = "\(name)_d\(axis)"
        sizes.append((size, space.sizes[axis]))
        let quotient = "(\(index) / \(size))"
        // No remainder: beside a division some compilers join both into what others cannot run.
        place = "(\(index) - \(quotient) * \(size))"
        index = quotient
      }
      if step == 0 { continue }
      sizes.append(("\(name)_s\(axis)", step))
      terms.append("(size_t)\(place) * \(name)_s\(axis)")
    }
    pointer = "(\(name) + \(terms.joined(separator: " + ")))"
  }
}
