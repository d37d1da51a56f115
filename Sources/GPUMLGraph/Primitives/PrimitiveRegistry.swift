/// Every primitive by its name in saved graphs.
public enum PrimitiveRegistry {
  /// One line a primitive; the order is that of the documentation.
  package static let all: [any Primitive.Type] = [
    Input.self, Constant.self, ReadVariable.self, SizeOf.self,
    Add.self, Subtract.self, Multiply.self, Divide.self, Maximum.self,
    LessThan.self, LessOrEqual.self, EqualTo.self, Select.self, Cast.self,
    Exponential.self, Logarithm.self, SquareRoot.self, ErrorFunction.self,
    ReLU.self, GELU.self, HyperbolicTangent.self, Sigmoid.self,
    Minimum.self, FloorDivide.self, Remainder.self, Power.self, ArcTangent2.self,
    NotEqual.self, BitwiseAnd.self, BitwiseOr.self, BitwiseXor.self, BitwiseNot.self,
    ShiftLeft.self, ShiftRight.self, Negate.self, AbsoluteValue.self, Sign.self,
    ExponentialMinusOne.self, LogarithmOnePlus.self, Reciprocal.self, ReciprocalSquareRoot.self,
    Sine.self, Cosine.self, Tangent.self, ArcSine.self, ArcCosine.self, ArcTangent.self,
    HyperbolicSine.self, HyperbolicCosine.self, Floor.self, Ceiling.self, Round.self,
    Clamp.self, IsNaN.self, IsInfinite.self, IsFinite.self,
    ReLU6.self, LeakyReLU.self, PReLU.self, ELU.self, SELU.self, CELU.self, SiLU.self,
    Mish.self, Softplus.self, Softsign.self, HardSigmoid.self, HardSwish.self,
    ReduceSum.self, ReduceMean.self, ReduceMax.self, ArgMax.self,
    ReduceMin.self, ArgMin.self, ReduceProduct.self, L1Norm.self, L2Norm.self, SumOfSquares.self,
    LogSumExp.self, Variance.self, StandardDeviation.self, ReduceAny.self, ReduceAll.self,
    CumulativeSum.self, CumulativeProduct.self, LinearRecurrence.self,
    Sort.self, TopK.self, SortGradient.self,
    Reshape.self, Transpose.self, Expand.self,
    StridedSlice.self, StridedPlacement.self, Concatenate.self, Pad.self, PadGradient.self,
    Triangle.self, NumberRange.self,
    MatMul.self,
    Softmax.self, SoftmaxCrossEntropy.self, SoftmaxCrossEntropyGradient.self,
    LogSoftmax.self, CrossEntropy.self, CrossEntropyGradient.self,
    CrossEntropyWeightGradient.self,
    Gather.self, TakeAlongAxis.self, ScatterSum.self, ScatterSumAlongAxis.self, LastPlaces.self,
    NonZero.self, CountNonZero.self, KeyOrder.self,
    LayerNorm.self, RMSNorm.self, RowNormGradient.self, RowNormParameterGradient.self,
    RandomUniform.self, RandomNormal.self,
    RandomBits.self, RandomInteger.self, RandomExponential.self, RandomTruncatedNormal.self,
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
