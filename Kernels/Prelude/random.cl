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
