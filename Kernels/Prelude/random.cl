// random: the elements of random tensors, the same on the host and on every device
// naming  the second text of every program, included once after the prelude
// state   the state block: [2][3] seed, [6][7] random counter
//         each 64 elements of a stream take the words of 16 Philox4x32-10 blocks with the counters
//         (number of the 64 * 16 + 0 to 15, stream, random counter) and the seed as key: the 16 first
//         words, then the second, third and fourth, so that wide vectors waste none; a normal's second
//         word is that of stream | 2^31
// test    GPUMLRuntimeTests/PrimitiveTests.swift

static uint random_bits(const __global uint *state, uint stream, uint index) {
  uint4 block = philox4x32_10(
      (uint4)((index >> 6) << 4 | (index & 15), stream, state[6], state[7]),
      (uint2)(state[2], state[3]));
  uint2 pair = index & 32 ? block.zw : block.xy;
  return index & 16 ? pair.y : pair.x;
}

#define VULONG GPUML_PASTE(ulong, VW)
#define LOW_WORDS(v) ((v) & 0xFFFFFFFFul)
#define WORDS(v) GPUML_PASTE(convert_uint, VW)(LOW_WORDS(v))

// A block a lane. Words lie in the lower halves of 64 bits, whose product has both words of the next round;
// what stands in the upper halves is of no account.
#define PHILOX_ROUNDS_V(x, y, z, w, key0, key1)                                      \
  for (int round = 0; round < 10; ++round) {                                         \
    VULONG first = LOW_WORDS(x) * 0xD2511F53ul, second = LOW_WORDS(z) * 0xCD9E8D57ul; \
    x = (second >> 32) ^ y ^ (ulong)key0;                                            \
    y = second;                                                                      \
    z = (first >> 32) ^ w ^ (ulong)key1;                                             \
    w = first;                                                                       \
    key0 += 0x9E3779B9u;                                                             \
    key1 += 0xBB67AE85u;                                                             \
  }

// The words of the 64 elements of a group.
static void draw_words(const __global uint *state, uint stream, uint group, uint *words) {
  for (int first = 0; first < 16; first += VW) {
    VULONG x = GPUML_PASTE(convert_ulong, VW)(lane_numbers() + (group * 16 + first)),
           y = (VULONG)(stream), z = (VULONG)(state[6]), w = (VULONG)(state[7]);
    uint key0 = state[2], key1 = state[3];
    PHILOX_ROUNDS_V(x, y, z, w, key0, key1)
    VSTORE(WORDS(x), words + first);
    VSTORE(WORDS(y), words + first + 16);
    VSTORE(WORDS(z), words + first + 32);
    VSTORE(WORDS(w), words + first + 48);
  }
}

// The words of VW neighbours from any element on: each lane runs its own block.
static VUINT random_bits_v(const __global uint *state, uint stream, uint index) {
  VUINT place = lane_numbers() + index;
  VULONG x = GPUML_PASTE(convert_ulong, VW)((place >> 6) << 4 | (place & 15u)),
         y = (VULONG)(stream), z = (VULONG)(state[6]), w = (VULONG)(state[7]);
  uint key0 = state[2], key1 = state[3];
  PHILOX_ROUNDS_V(x, y, z, w, key0, key1)
  VINT odd = GPUML_PASTE(convert_int, VW)(place & 16u) != 0;
  VINT upper = GPUML_PASTE(convert_int, VW)(place & 32u) != 0;
  return select(select(WORDS(x), WORDS(y), odd), select(WORDS(z), WORDS(w), odd), upper);
}

static float random_uniform(uint bits) { return uniform_from_bits(bits); }

static VFLOAT random_uniform_v(VUINT bits) {
  return GPUML_PASTE(convert_float, VW)(bits >> 8) * 0x1p-24f;
}

// Box and Muller; 1 - u lies in (0, 1], so that the logarithm is finite.
static float random_normal(uint bits, uint other) {
  return sqrt(-2.0f * log(1.0f - random_uniform(bits))) * cospi(2.0f * random_uniform(other));
}

static VFLOAT random_normal_v(VUINT bits, VUINT other) {
  return sqrt(-2.0f * log(1.0f - random_uniform_v(bits))) * cospi(2.0f * random_uniform_v(other));
}

// In (0, 1), both excluded: the middle of one of 2^23 steps, which float32 holds exactly.
static float random_open(uint bits) { return ((float)(bits >> 9) + 0.5f) * 0x1p-23f; }

static VFLOAT random_open_v(VUINT bits) {
  return (GPUML_PASTE(convert_float, VW)(bits >> 9) + 0.5f) * 0x1p-23f;
}

static float random_exponential(uint bits) { return -log(random_open(bits)); }

static VFLOAT random_exponential_v(VUINT bits) { return -log(random_open_v(bits)); }

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
#define DEFINE_TRUNCATED_NORMAL(name, T, BITS, OPEN, TAIL)                                        \
  static T name(                                                                                  \
      BITS bits, float below, float inside, float above, float mean, float deviation, float low,  \
      float high) {                                                                               \
    T share = OPEN(bits);                                                                         \
    T left = share * inside + below, right = (1.0f - share) * inside + above;                     \
    T tail = TAIL(min(left, right));                                                              \
    return clamp(select(-tail, tail, left < right) * deviation + mean, (T)(low), (T)(high));      \
  }
DEFINE_TRUNCATED_NORMAL(random_truncated_normal, float, uint, random_open, normal_tail)
DEFINE_TRUNCATED_NORMAL(random_truncated_normal_v, VFLOAT, VUINT, random_open_v, normal_tail_v)
