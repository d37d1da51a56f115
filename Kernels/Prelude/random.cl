// random: the elements of random tensors, the same on the host and on every device
// naming  the second text of every program, included once after the prelude
// state   the state block: [2][3] seed, [6][7] random counter
//         element index is word index % 4 of the Philox4x32-10 block with counter (index / 4, stream,
//         random counter) and the seed as key; a normal's second word is that of stream | 2^31
// test    GPUMLRuntimeTests/PrimitiveTests.swift

static uint random_bits(const __global uint *state, uint stream, uint index) {
  uint4 block = philox4x32_10(
      (uint4)(index >> 2, stream, state[6], state[7]), (uint2)(state[2], state[3]));
  uint2 pair = index & 2 ? block.zw : block.xy;
  return index & 1 ? pair.y : pair.x;
}

// The same for VW neighbours: each lane runs its own block, which beats a loop over blocks.
static VUINT random_bits_v(const __global uint *state, uint stream, uint index) {
  uint lanes[VW];
  for (int lane = 0; lane < VW; ++lane) lanes[lane] = lane;
  VUINT place = VLOAD(lanes) + index;
  VUINT x = place >> 2, y = (VUINT)(stream), z = (VUINT)(state[6]), w = (VUINT)(state[7]);
  uint key0 = state[2], key1 = state[3];
  for (int round = 0; round < 10; ++round) {
    VUINT high0 = mul_hi((VUINT)(0xD2511F53u), x), low0 = 0xD2511F53u * x;
    VUINT high1 = mul_hi((VUINT)(0xCD9E8D57u), z), low1 = 0xCD9E8D57u * z;
    x = high1 ^ y ^ key0;
    y = low1;
    z = high0 ^ w ^ key1;
    w = low0;
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
  VINT odd = GPUML_PASTE(convert_int, VW)(place & 1u) != 0;
  VINT upper = GPUML_PASTE(convert_int, VW)(place & 2u) != 0;
  return select(select(x, y, odd), select(z, w, odd), upper);
}

static float random_uniform(const __global uint *state, uint stream, uint index) {
  return uniform_from_bits(random_bits(state, stream, index));
}

static VFLOAT random_uniform_v(const __global uint *state, uint stream, uint index) {
  return GPUML_PASTE(convert_float, VW)(random_bits_v(state, stream, index) >> 8) * 0x1p-24f;
}

// Box and Muller; 1 - u lies in (0, 1], so that the logarithm is finite.
static float random_normal(const __global uint *state, uint stream, uint index) {
  float radius = sqrt(-2.0f * log(1.0f - random_uniform(state, stream, index)));
  return radius * cospi(2.0f * random_uniform(state, stream | 0x80000000u, index));
}

static VFLOAT random_normal_v(const __global uint *state, uint stream, uint index) {
  VFLOAT radius = sqrt(-2.0f * log(1.0f - random_uniform_v(state, stream, index)));
  return radius * cospi(2.0f * random_uniform_v(state, stream | 0x80000000u, index));
}

// In (0, 1), both excluded: the middle of one of 2^23 steps, which float32 holds exactly.
static float random_open(const __global uint *state, uint stream, uint index) {
  return ((float)(random_bits(state, stream, index) >> 9) + 0.5f) * 0x1p-23f;
}

static VFLOAT random_open_v(const __global uint *state, uint stream, uint index) {
  VUINT bits = random_bits_v(state, stream, index) >> 9;
  return (GPUML_PASTE(convert_float, VW)(bits) + 0.5f) * 0x1p-23f;
}

static float random_exponential(const __global uint *state, uint stream, uint index) {
  return -log(random_open(state, stream, index));
}

static VFLOAT random_exponential_v(const __global uint *state, uint stream, uint index) {
  return -log(random_open_v(state, stream, index));
}

// Below it the standard normal distribution has the probability p, 0 < p <= 1/2: Wichura 1988, algorithm
// AS 241, PPND7. Each branch is finite where another is chosen.
#define DEFINE_NORMAL_TAIL(name, T)                                                               \
  static T name(T p) {                                                                            \
    T q = p - 0.5f, r = 0.180625f - q * q;                                                        \
    T center = q * (((59.10937472f * r + 159.29113202f) * r + 50.434271938f) * r + 3.3871327179f) \
        / (((67.187563600f * r + 78.757757664f) * r + 17.895169469f) * r + 1.0f);                 \
    T s = sqrt(-log(p)), t = s - 1.6f, v = s - 5.0f;                                              \
    T middle = -(((0.17023821103f * t + 1.3067284816f) * t + 2.7568153900f) * t + 1.4234372777f)  \
        / ((0.12021132975f * t + 0.73700164250f) * t + 1.0f);                                     \
    T far = -(((0.017337203997f * v + 0.42868294337f) * v + 3.0812263860f) * v + 6.6579051150f)   \
        / ((0.012258202635f * v + 0.24197894225f) * v + 1.0f);                                    \
    return select(select(far, middle, s <= 5.0f), center, q >= -0.425f);                          \
  }
DEFINE_NORMAL_TAIL(normal_tail, float)
DEFINE_NORMAL_TAIL(normal_tail_v, VFLOAT)

// Normal numbers between bounds: below, inside and above are the probabilities around them. The nearer
// tail tells the number, so that neither side cancels.
#define DEFINE_TRUNCATED_NORMAL(name, T, OPEN, TAIL)                                              \
  static T name(                                                                                  \
      const __global uint *state, uint stream, uint index, float below, float inside, float above, \
      float mean, float deviation, float low, float high) {                                       \
    T share = OPEN(state, stream, index);                                                         \
    T left = share * inside + below, right = (1.0f - share) * inside + above;                     \
    T tail = TAIL(min(left, right));                                                              \
    return clamp(select(-tail, tail, left < right) * deviation + mean, (T)(low), (T)(high));      \
  }
DEFINE_TRUNCATED_NORMAL(random_truncated_normal, float, random_open, normal_tail)
DEFINE_TRUNCATED_NORMAL(random_truncated_normal_v, VFLOAT, random_open_v, normal_tail_v)
