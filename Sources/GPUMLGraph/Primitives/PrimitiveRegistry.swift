/// Every primitive by its name in saved graphs.
public enum PrimitiveRegistry {
  /// One line a primitive; the order is that of the documentation.
  package static let all: [any Primitive.Type] = [
    Input.self, Constant.self, ReadVariable.self, SizeOf.self,
    Add.self, Subtract.self, Multiply.self, Divide.self, Maximum.self,
    LessThan.self, LessOrEqual.self, EqualTo.self, Select.self, Cast.self,
    Exponential.self, Logarithm.self, SquareRoot.self, ErrorFunction.self,
    ReLU.self, GELU.self, HyperbolicTangent.self, Sigmoid.self,
    ReduceSum.self, ReduceMean.self, ReduceMax.self, ArgMax.self,
    Reshape.self, Transpose.self, Expand.self,
    MatMul.self,
    Softmax.self, SoftmaxCrossEntropy.self, SoftmaxCrossEntropyGradient.self,
    LayerNorm.self, RMSNorm.self, RowNormGradient.self, RowNormParameterGradient.self,
    RandomUniform.self, RandomNormal.self,
    SGDUpdate.self, AdamUpdate.self,
    RMSPropUpdate.self, AdagradUpdate.self, LionUpdate.self, LAMBUpdate.self, EMAUpdate.self,
    GradientNorm.self,
  ]

  private static let byName = Dictionary(
    all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

  /// The names of all primitives.
  public static var names: [String] { all.map { $0.name } }

  /// Restores a primitive from its name and attributes.
  ///
  /// - Throws: `GraphError.malformed` if the name is unknown or an attribute does not fit.
  package static func primitive(
    named name: String, _ attributes: Attributes
  ) throws -> any Primitive {
    guard let type = byName[name] else {
      throw GraphError.malformed(reason: "unknown primitive '\(name)'")
    }
    return try type.init(attributes)
  }
}
