// numbers: arithmetic for which OpenCL C has no function of its own
// naming  the third text of every program, included once after Prelude/random; _v is of VW elements
// floor   quotients rounded down and what they leave, with the sign of the divisor; a whole number
//         divided by 0 gives 0: a CPU would stop
// power   whole numbers wrap around; a negative exponent truncates toward zero
// angles  PoCL 3 is wrong about vectors that hold a number below 2^-7 beside one beyond 1e4: small
//         ones take the first terms of the series, whose error is below 1e-8
// exp     of vectors, and what is made of it: a few instructions without a branch, off by less than
//         1e-6 of the value, where compilers' own take three to five times as long
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

// exp(x) = q * q with q = exp(x / 2) = 2^n * (1 + p(r)), r = x - 2n log 2: no n that matters leaves the
// exponents of float, and the square brings infinity and denormals by itself. The number that is added rounds
// to a whole n and leaves n + 127 in the lowest bits. x, if not NaN, lies between -170 and 170.
static VFLOAT exp_parts_v(VFLOAT x, VFLOAT *scale) {
  VFLOAT shifted = MULTIPLY_ADD(x, 0.72134752f, 12583039.0f), n = shifted - 12583039.0f;
  // float holds 2 log 2 to 4e-9: fused, one step is enough.
  VFLOAT r = MULTIPLY_ADD(n, -1.3862944f, x);
  VFLOAT p = MULTIPLY_ADD(r, 2.5976499e-4f, 2.6181596e-3f);
  p = MULTIPLY_ADD(p, r, 2.0833895e-2f);
  p = MULTIPLY_ADD(p, r, 0.12499807f);
  p = MULTIPLY_ADD(p, r, 0.5f);
  *scale = GPUML_PASTE(as_float, VW)(GPUML_PASTE(as_uint, VW)(shifted) << 23);
  return p * r;
}

static VFLOAT exp_within_v(VFLOAT x) {
  VFLOAT scale, p = exp_parts_v(x, &scale), q = MULTIPLY_ADD(p, scale, scale);
  return q * q;
}

// Of what is not above 0.
static VFLOAT exp_below_v(VFLOAT x) {
  return exp_within_v(select(x, (VFLOAT)(-120.0f), x < -120.0f));
}

static VFLOAT exp_v(VFLOAT x) { return exp_below_v(select(x, (VFLOAT)(100.0f), x > 100.0f)); }

// q * q - 1 = (q - 1) (q + 1), of which the first does not cancel: near 0 the scale is 1.
static VFLOAT expm1_v(VFLOAT x) {
  x = select(x, (VFLOAT)(100.0f), x > 100.0f);
  x = select(x, (VFLOAT)(-120.0f), x < -120.0f);
  VFLOAT scale, p = exp_parts_v(x, &scale), less = MULTIPLY_ADD(p, scale, scale - 1.0f);
  return less * (less + 2.0f);
}

// x P(x^2) / Q(x^2), fitted for the least relative error up to where float32 has nothing between tanh and 1.
static VFLOAT tanh_v(VFLOAT x) {
  x = select(x, (VFLOAT)(-9.02f), x < -9.02f);
  x = select(x, (VFLOAT)(9.02f), x > 9.02f);
  VFLOAT u = x * x;
  VFLOAT p = MULTIPLY_ADD(u, 1.3317144e-8f, 2.058216e-5f);
  p = MULTIPLY_ADD(p, u, 3.4939586e-3f);
  p = MULTIPLY_ADD(p, u, 0.13379656f);
  p = MULTIPLY_ADD(p, u, 1.0f);
  VFLOAT q = MULTIPLY_ADD(u, 7.7612486e-7f, 3.2829653e-4f);
  q = MULTIPLY_ADD(q, u, 2.5870791e-2f);
  q = MULTIPLY_ADD(q, u, 0.46712971f);
  q = MULTIPLY_ADD(q, u, 1.0f);
  VFLOAT y = x * p / q;
  y = select(y, (VFLOAT)(-1.0f), y < -1.0f);
  return select(y, (VFLOAT)(1.0f), y > 1.0f);
}

// Likewise.
static VFLOAT erf_v(VFLOAT x) {
  VFLOAT y = select(x, (VFLOAT)(-4.0f), x < -4.0f);
  y = select(y, (VFLOAT)(4.0f), y > 4.0f);
  VFLOAT u = y * y;
  VFLOAT p = MULTIPLY_ADD(u, -1.5016394e-6f, 2.6677924e-4f);
  p = MULTIPLY_ADD(p, u, 1.0664366e-2f);
  p = MULTIPLY_ADD(p, u, 7.4091010e-2f);
  p = MULTIPLY_ADD(p, u, 0.37529236f);
  p = MULTIPLY_ADD(p, u, 1.1283797f);
  VFLOAT q = MULTIPLY_ADD(u, 2.4970004e-3f, 2.9156497e-2f);
  q = MULTIPLY_ADD(q, u, 0.18765610f);
  q = MULTIPLY_ADD(q, u, 0.66592920f);
  q = MULTIPLY_ADD(q, u, 1.0f);
  y = y * p / q;
  y = select(y, (VFLOAT)(-1.0f), x < -3.9f);
  return select(y, (VFLOAT)(1.0f), x > 3.9f);
}

// The probability of a standard normal number below -a, a >= 0: exp(-a^2/2) times a polynomial in
// 1 / (1 + 0.3 a), fitted for the least relative error.
static VFLOAT normal_beyond_v(VFLOAT a) {
  a = select(a, (VFLOAT)(15.0f), a > 15.0f);
  VFLOAT t = 1.0f / MULTIPLY_ADD(a, 0.3f, 1.0f);
  VFLOAT p = MULTIPLY_ADD(t, 0.036036458f, -0.15871420f);
  p = MULTIPLY_ADD(p, t, 0.20896553f);
  p = MULTIPLY_ADD(p, t, -0.056096654f);
  p = MULTIPLY_ADD(p, t, 0.12984379f);
  p = MULTIPLY_ADD(p, t, 0.099522963f);
  p = MULTIPLY_ADD(p, t, 0.12081691f);
  p = MULTIPLY_ADD(p, t, 0.11962517f);
  return p * t * exp_within_v(a * a * -0.5f);
}

// The probability of a standard normal number below x.
static VFLOAT normal_below_v(VFLOAT x) {
  VFLOAT beyond = normal_beyond_v(fabs(x));
  return select(1.0f - beyond, beyond, x < 0.0f);
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
