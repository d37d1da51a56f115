// numbers: arithmetic for which OpenCL C has no function of its own
// naming  the third text of every program, included once after Prelude/random; _v is of VW elements
// floor   quotients rounded down and what they leave, with the sign of the divisor; a whole number
//         divided by 0 gives 0: a CPU would stop
// power   whole numbers wrap around; a negative exponent truncates toward zero
// angles  PoCL 3 is wrong about vectors that hold a number below 2^-7 beside one beyond 1e4: small
//         ones take the first terms of the series, whose error is below 1e-8
// test    GPUMLRuntimeTests/ElementwiseTests.swift

static VFLOAT sin_v(VFLOAT x) {
  return select(sin(x), x - x * x * x * (1.0f / 6.0f), fabs(x) < 0.015625f);
}

static VFLOAT cos_v(VFLOAT x) {
  return select(cos(x), 1.0f - x * x * 0.5f, fabs(x) < 0.015625f);
}

static VFLOAT tan_v(VFLOAT x) {
  return select(tan(x), x + x * x * x * (1.0f / 3.0f), fabs(x) < 0.015625f);
}

static float floor_remainder(float a, float b) {
  float rest = fmod(a, b);
  return rest != 0.0f && (rest < 0.0f) != (b < 0.0f) ? rest + b : rest;
}

static VFLOAT floor_remainder_v(VFLOAT a, VFLOAT b) {
  VFLOAT rest = fmod(a, b);
  return select(rest, rest + b, (rest != 0.0f) & ((rest < 0.0f) ^ (b < 0.0f)));
}

// a less the remainder, which is exact, is a multiple of b: its quotient only has to be rounded.
static float floor_quotient(float a, float b) {
  float rest = fmod(a, b);
  float quotient = rint((a - rest) / b);
  float result = rest != 0.0f && (rest < 0.0f) != (b < 0.0f) ? quotient - 1.0f : quotient;
  return b == 0.0f ? a / b : result;
}

static VFLOAT floor_quotient_v(VFLOAT a, VFLOAT b) {
  VFLOAT rest = fmod(a, b);
  VFLOAT quotient = rint((a - rest) / b);
  VFLOAT result =
      select(quotient, quotient - 1.0f, (rest != 0.0f) & ((rest < 0.0f) ^ (b < 0.0f)));
  return select(result, a / b, b == 0.0f);
}

// The least number by -1 would stop a CPU too.
#define FLOOR_OF_SIGNED(TYPE, UNSIGNED)                                      \
  static TYPE floor_quotient_##TYPE(TYPE a, TYPE b) {                        \
    if (b == 0) return 0;                                                    \
    if (b == -1) return (TYPE)((UNSIGNED)0 - (UNSIGNED)a);                   \
    TYPE quotient = a / b, rest = REMAINDER(a, b, quotient);                 \
    return rest != 0 && (rest < 0) != (b < 0) ? quotient - 1 : quotient;     \
  }                                                                          \
  static TYPE floor_remainder_##TYPE(TYPE a, TYPE b) {                       \
    if (b == 0 || b == -1) return 0;                                         \
    TYPE quotient = a / b, rest = REMAINDER(a, b, quotient);                 \
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;             \
  }

FLOOR_OF_SIGNED(int, uint)
FLOOR_OF_SIGNED(long, ulong)

static uint floor_quotient_uint(uint a, uint b) { return b == 0 ? 0 : a / b; }

static uint floor_remainder_uint(uint a, uint b) {
  if (b == 0) return 0;
  uint quotient = a / b;
  return REMAINDER(a, b, quotient);
}

static long whole_power(long base, long exponent) {
  if (exponent < 0) return base == 1 ? 1 : base == -1 ? ((exponent & 1) ? -1 : 1) : 0;
  ulong result = 1, factor = (ulong)base;
  for (ulong rest = (ulong)exponent; rest != 0; rest >>= 1) {
    if (rest & 1) result *= factor;
    factor *= factor;
  }
  return (long)result;
}
