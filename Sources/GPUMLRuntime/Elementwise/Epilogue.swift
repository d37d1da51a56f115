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
  ///   - group: A vectorizable group whose shape is that of the product, `[rows, columns]`.
  ///   - product: The operand of the group that the kernel computes.
  package init(
    _ group: ElementwiseGroup, root: Node, product: Tensor, in builder: PlanBuilder
  ) throws {
    var parameters: [String] = []
    var arguments: [Launch.Argument] = []
    var loads: [Tensor: (scalar: String, vector: String)] = [
      product: ("acc", "acc")
    ]
    let columns = try builder.shape(product)[1]
    for (place, operand) in group.operands.enumerated() where operand != product {
      let name = "e\(place)"
      switch try ElementwiseGroup.source(of: operand, in: builder) {
      case .literal(let value):
        loads[operand] = (
          ElementCode.literal(value, operand.dtype, .scalar),
          ElementCode.literal(value, operand.dtype, .vector)
        )
      case .scalar(let value):
        parameters.append("float \(name)")
        arguments.append(.float(Float(value)))
        loads[operand] = (name, "(VFLOAT)(\(name))")
      case .tensor:
        let type = ElementCode.storageType(operand.dtype)
        parameters.append("const __global \(type) *restrict \(name)")
        arguments.append(.reads(try builder.reading(operand)))
        let shape = try builder.shape(operand)
        let repeatsRow = shape.count < 2 || shape[0] == 1
        let repeatsColumn = shape.isEmpty || shape[shape.count - 1] == 1 && columns != 1
        var row = name
        if !repeatsRow {
          parameters.append("int \(name)_row")
          arguments.append(try builder.int(shape[1]))
          row = "(\(name) + (size_t)row * \(name)_row)"
        }
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
    let vector = try group.statements(.vector, index: index) { loads[$0]?.vector ?? "" }
    let scalar = try group.statements(.scalar, index: index) { loads[$0]?.scalar ?? "" }
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
