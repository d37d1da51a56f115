import GPUMLGraph

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension ExponentialMinusOne: ReferenceUnary {
  /// eˣ − 1.
  package func real(_ x: Double) -> Double { expm1(x) }
}

extension LogarithmOnePlus: ReferenceUnary {
  /// ln(1 + x); NaN below −1.
  package func real(_ x: Double) -> Double { log1p(x) }
}

extension Reciprocal: ReferenceUnary {
  /// 1/x.
  package func real(_ x: Double) -> Double { 1 / x }
}

extension ReciprocalSquareRoot: ReferenceUnary {
  /// 1/√x; NaN below 0.
  package func real(_ x: Double) -> Double { 1 / x.squareRoot() }
}

extension Sine: ReferenceUnary {
  /// sin x.
  package func real(_ x: Double) -> Double { sin(x) }
}

extension Cosine: ReferenceUnary {
  /// cos x.
  package func real(_ x: Double) -> Double { cos(x) }
}

extension Tangent: ReferenceUnary {
  /// tan x.
  package func real(_ x: Double) -> Double { tan(x) }
}

extension ArcSine: ReferenceUnary {
  /// The angle with this sine.
  package func real(_ x: Double) -> Double { asin(x) }
}

extension ArcCosine: ReferenceUnary {
  /// The angle with this cosine.
  package func real(_ x: Double) -> Double { acos(x) }
}

extension ArcTangent: ReferenceUnary {
  /// The angle with this tangent.
  package func real(_ x: Double) -> Double { atan(x) }
}

extension HyperbolicSine: ReferenceUnary {
  /// sinh x.
  package func real(_ x: Double) -> Double { sinh(x) }
}

extension HyperbolicCosine: ReferenceUnary {
  /// cosh x.
  package func real(_ x: Double) -> Double { cosh(x) }
}

extension Floor: ReferenceUnary {
  /// Rounded down.
  package func real(_ x: Double) -> Double { x.rounded(.down) }
}

extension Ceiling: ReferenceUnary {
  /// Rounded up.
  package func real(_ x: Double) -> Double { x.rounded(.up) }
}

extension Round: ReferenceUnary {
  /// Rounded to the nearest, halves to even.
  package func real(_ x: Double) -> Double { x.rounded(.toNearestOrEven) }
}

extension Negate: ReferenceUnary {
  /// The negative.
  package func real(_ x: Double) -> Double { -x }
  /// The negative.
  package func integer(_ x: Int64) -> Int64? { 0 &- x }
}

extension AbsoluteValue: ReferenceUnary {
  /// The absolute value.
  package func real(_ x: Double) -> Double { abs(x) }
  /// The absolute value.
  package func integer(_ x: Int64) -> Int64? { x < 0 ? 0 &- x : x }
}

extension Sign: ReferenceUnary {
  /// The sign; NaN stays NaN.
  package func real(_ x: Double) -> Double { x > 0 ? 1 : x < 0 ? -1 : x }
}

extension Clamp: ReferenceUnary {
  /// Between the bounds; NaN stays NaN.
  package func real(_ x: Double) -> Double { x < low ? low : x > high ? high : x }
}

extension IsNaN: ReferenceUnary {
  /// Whether it is NaN.
  package func real(_ x: Double) -> Double { x.isNaN ? 1 : 0 }
}

extension IsInfinite: ReferenceUnary {
  /// Whether it is infinite.
  package func real(_ x: Double) -> Double { x.isInfinite ? 1 : 0 }
}

extension IsFinite: ReferenceUnary {
  /// Whether it is finite.
  package func real(_ x: Double) -> Double { x.isFinite ? 1 : 0 }
}
