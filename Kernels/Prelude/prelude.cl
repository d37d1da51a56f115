// prelude: what every kernel file may use; after builtins the first text of a program, included once
// naming  KERNEL_NAME(name) appends the instance's SUFFIX, so that a file may be included many times
// rule    restrict stands on kernel parameters only: on an inlined helper's it becomes an intrinsic
//         that Oclgrind does not know
// options -D VW=4|8|16, the program's vector width (4): the device's native float width
// storage REAL is float, half or bfloat16; values are computed as float, neither fp16 nor double
//         arithmetic is needed; LOAD_REAL(p, i), STORE_REAL(v, p, i) take element i, LOADV_REAL(p),
//         STOREV_REAL(v, p) take the VW elements at p, LOAD4_REAL(p) takes four; half and bfloat16
//         round to nearest even; where a file says so REAL may be char, uchar, int, uint or long
//         too, and values are of such a type
// random  Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3")
// test    GPUMLRuntimeTests/PrimitiveTests.swift

#ifndef VW
#define VW 4
#endif

#define GPUML_PASTE_(a, b) a##b
#define GPUML_PASTE(a, b) GPUML_PASTE_(a, b)
#define KERNEL_NAME(name) GPUML_PASTE(name, SUFFIX)

#define VFLOAT GPUML_PASTE(float, VW)
#define VINT GPUML_PASTE(int, VW)
#define VUINT GPUML_PASTE(uint, VW)
#define VUSHORT GPUML_PASTE(ushort, VW)
#define VLOAD(p) GPUML_PASTE(vload, VW)(0, p)
#define VSTORE(v, p) GPUML_PASTE(vstore, VW)(v, 0, p)
#define VZERO ((VFLOAT)(0.0f))

// One instruction by contraction where the device has one. Not mad(), which PoCL splits into halves of
// a wide vector, at half the rate, and not fma(), which is a library call where there is none.
#define MULTIPLY_ADD(a, b, c) ((a) * (b) + (c))

#define CEIL_DIV(a, b) (((a) + (b) - 1) / (b))
// What a / b = quotient leaves. Written with % beside /, the compiler makes a freeze instruction of it,
// which Oclgrind's check for uninitialised values does not know.
#define REMAINDER(a, b, quotient) ((a) - (quotient) * (b))

// The work-item's number in the third dimension. Threads that share a launch on a CPU begin to count at 1
// or later there, which makes an offset of all of them.
#define THIRD_ID (get_global_id(2) - (get_global_offset(2) != 0))

// Where an index points along an axis, counted from the end if it is negative; -1 if nowhere. Computed in
// the type of the index: 32 bits where that has them.
#define INDEXED_PLACE(index, size)              \
  ((index) < -(size) || (index) >= (size) ? -1 \
                                           : (int)((index) < 0 ? (index) + (size) : (index)))

// What a work-item takes of outer rows of inner elements cut into blocks of rows times run, runs of
// which make a row: first row, row after the last, first element, element after the last. No row is
// left for work-items beyond the last block. The host's part is RowBlocks.
static int4 rows_and_run(int inner, int outer, int rows, int run, int runs) {
  uint id = (uint)get_global_id(0);
  uint block = id / (uint)runs;
  int first = (int)REMAINDER(id, (uint)runs, block) * run;
  long first_row = min((long)block * rows, (long)outer);
  return (int4)((int)first_row, (int)min(first_row + rows, (long)outer), first,
                run < inner - first ? first + run : inner);
}

typedef ushort bfloat16;

static uint bfloat16_bits(float x) {
  uint bits = as_uint(x);
  uint rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
  return isnan(x) ? (bits >> 16) | 0x40u : rounded;
}

static VUSHORT bfloat16_bits_v(VFLOAT x) {
  VUINT bits = GPUML_PASTE(as_uint, VW)(x);
  VUINT rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
  VUINT quiet = (bits >> 16) | 0x40u;
  return GPUML_PASTE(convert_ushort, VW)(select(rounded, quiet, isnan(x)));
}

// VW elements in memory, aligned like one of them. PoCL's vload and vstore go element by element, which its
// compiler joins again for floats but not for narrower types.
#define DEFINE_LOOSE(type, size) \
  typedef GPUML_PASTE(type, VW) __attribute__((aligned(size))) loose_##type;
DEFINE_LOOSE(uchar, 1)
DEFINE_LOOSE(ushort, 2)
DEFINE_LOOSE(uint, 4)
DEFINE_LOOSE(ulong, 8)
DEFINE_LOOSE(float, 4)
#define LOAD_LOOSE(type, p) (*(const __global loose_##type *)(p))
#define STORE_LOOSE(type, v, p) (*(__global loose_##type *)(p) = (v))

static VFLOAT bfloat16_values_v(VUSHORT bits) {
  return GPUML_PASTE(as_float, VW)(GPUML_PASTE(convert_uint, VW)(bits) << 16);
}

// PoCL takes the target of a vector store of halves for aligned to the whole vector and crashes where it
// is not, as in rows of odd length: the bits go there by way of a vector of their own.
static void store_half_v(VFLOAT x, __global half *p) {
  if (((size_t)p & (2 * VW - 1)) == 0) {
    GPUML_PASTE(GPUML_PASTE(vstore_half, VW), _rte)(x, 0, p);
  } else {
    VUSHORT bits;
    GPUML_PASTE(GPUML_PASTE(vstore_half, VW), _rte)(x, 0, (half *)&bits);
    STORE_LOOSE(ushort, bits, p);
  }
}

// A number as it would come back from memory.
static float rounded_half(float x) {
  ushort bits;
  vstore_half_rte(x, 0, (half *)&bits);
  return vload_half(0, (const half *)&bits);
}

static VFLOAT rounded_half_v(VFLOAT x) {
  VUSHORT bits;
  GPUML_PASTE(GPUML_PASTE(vstore_half, VW), _rte)(x, 0, (half *)&bits);
  return GPUML_PASTE(vload_half, VW)(0, (const half *)&bits);
}

static float rounded_bfloat16(float x) { return as_float(bfloat16_bits(x) << 16); }
static VFLOAT rounded_bfloat16_v(VFLOAT x) { return bfloat16_values_v(bfloat16_bits_v(x)); }

#define LOAD_float(p, i) ((p)[i])
#define LOAD_half(p, i) vload_half(i, p)
#define LOAD_bfloat16(p, i) as_float((uint)(p)[i] << 16)
#define STORE_float(v, p, i) ((p)[i] = (v))
#define STORE_half(v, p, i) vstore_half_rte(v, i, p)
#define STORE_bfloat16(v, p, i) ((p)[i] = (ushort)bfloat16_bits(v))
#define LOADV_float(p) LOAD_LOOSE(float, p)
#define LOADV_half(p) GPUML_PASTE(vload_half, VW)(0, p)
#define LOADV_bfloat16(p) bfloat16_values_v(LOAD_LOOSE(ushort, p))
#define STOREV_float(v, p) STORE_LOOSE(float, v, p)
#define STOREV_half(v, p) store_half_v(v, p)
#define STOREV_bfloat16(v, p) STORE_LOOSE(ushort, bfloat16_bits_v(v), p)
#define LOAD_char(p, i) ((p)[i])
#define STORE_char(v, p, i) ((p)[i] = (char)(v))
#define LOADV_char(p) VLOAD(p)
#define STOREV_char(v, p) VSTORE(GPUML_PASTE(convert_char, VW)(v), p)
#define LOAD_uchar(p, i) ((p)[i])
#define STORE_uchar(v, p, i) ((p)[i] = (uchar)(v))
#define LOADV_uchar(p) VLOAD(p)
#define STOREV_uchar(v, p) VSTORE(GPUML_PASTE(convert_uchar, VW)(v), p)
#define LOAD_int(p, i) ((p)[i])
#define STORE_int(v, p, i) ((p)[i] = (int)(v))
#define LOADV_int(p) VLOAD(p)
#define STOREV_int(v, p) VSTORE(GPUML_PASTE(convert_int, VW)(v), p)
#define LOAD_uint(p, i) ((p)[i])
#define STORE_uint(v, p, i) ((p)[i] = (uint)(v))
#define LOADV_uint(p) VLOAD(p)
#define STOREV_uint(v, p) VSTORE(GPUML_PASTE(convert_uint, VW)(v), p)
#define LOAD_long(p, i) ((p)[i])
#define STORE_long(v, p, i) ((p)[i] = (long)(v))
#define LOADV_long(p) VLOAD(p)
#define STOREV_long(v, p) VSTORE(GPUML_PASTE(convert_long, VW)(v), p)
#define LOAD_REAL(p, i) GPUML_PASTE(LOAD_, REAL)(p, i)
#define STORE_REAL(v, p, i) GPUML_PASTE(STORE_, REAL)(v, p, i)
#define LOADV_REAL(p) GPUML_PASTE(LOADV_, REAL)(p)
#define LOAD4_float(p) vload4(0, p)
#define LOAD4_half(p) vload_half4(0, p)
#define LOAD4_bfloat16(p) as_float4(convert_uint4(vload4(0, p)) << 16)
#define LOAD4_REAL(p) GPUML_PASTE(LOAD4_, REAL)(p)
#define STOREV_REAL(v, p) GPUML_PASTE(STOREV_, REAL)(v, p)

// The larger operand; NaN if either is NaN (fmax and max drop it).
static float max_nan(float a, float b) { return (a > b || isnan(a)) ? a : b; }
static VFLOAT max_nan_v(VFLOAT a, VFLOAT b) { return select(b, a, (a > b) | (a != a)); }
// The larger operand, b if either is NaN: one instruction.
static VFLOAT max_loose_v(VFLOAT a, VFLOAT b) { return select(b, a, a > b); }
// Likewise the smaller one, NaN if either is NaN.
static float min_nan(float a, float b) { return (a < b || isnan(a)) ? a : b; }
static VFLOAT min_nan_v(VFLOAT a, VFLOAT b) { return select(b, a, (a < b) | (a != a)); }

// A vector with its lanes moved down by 8, 4, 2 or 1, cyclically, and two vectors' lower, or upper, halves
// dealt together. Written out: .even and .lo crash Oclgrind's check for uninitialised values.
#if VW == 16
#define DOWN_8(T, v) \
  ((T)((v).s8, (v).s9, (v).sa, (v).sb, (v).sc, (v).sd, (v).se, (v).sf, \
       (v).s0, (v).s1, (v).s2, (v).s3, (v).s4, (v).s5, (v).s6, (v).s7))
#define DOWN_4(T, v) \
  ((T)((v).s4, (v).s5, (v).s6, (v).s7, (v).s8, (v).s9, (v).sa, (v).sb, \
       (v).sc, (v).sd, (v).se, (v).sf, (v).s0, (v).s1, (v).s2, (v).s3))
#define DOWN_2(T, v) \
  ((T)((v).s2, (v).s3, (v).s4, (v).s5, (v).s6, (v).s7, (v).s8, (v).s9, \
       (v).sa, (v).sb, (v).sc, (v).sd, (v).se, (v).sf, (v).s0, (v).s1))
#define DOWN_1(T, v) \
  ((T)((v).s1, (v).s2, (v).s3, (v).s4, (v).s5, (v).s6, (v).s7, (v).s8, \
       (v).s9, (v).sa, (v).sb, (v).sc, (v).sd, (v).se, (v).sf, (v).s0))
#define DEAL_LOWER(T, a, b) \
  ((T)((a).s0, (b).s0, (a).s1, (b).s1, (a).s2, (b).s2, (a).s3, (b).s3, \
       (a).s4, (b).s4, (a).s5, (b).s5, (a).s6, (b).s6, (a).s7, (b).s7))
#define DEAL_UPPER(T, a, b) \
  ((T)((a).s8, (b).s8, (a).s9, (b).s9, (a).sa, (b).sa, (a).sb, (b).sb, \
       (a).sc, (b).sc, (a).sd, (b).sd, (a).se, (b).se, (a).sf, (b).sf))
#elif VW == 8
#define DOWN_4(T, v) \
  ((T)((v).s4, (v).s5, (v).s6, (v).s7, (v).s0, (v).s1, (v).s2, (v).s3))
#define DOWN_2(T, v) \
  ((T)((v).s2, (v).s3, (v).s4, (v).s5, (v).s6, (v).s7, (v).s0, (v).s1))
#define DOWN_1(T, v) \
  ((T)((v).s1, (v).s2, (v).s3, (v).s4, (v).s5, (v).s6, (v).s7, (v).s0))
#define DEAL_LOWER(T, a, b) \
  ((T)((a).s0, (b).s0, (a).s1, (b).s1, (a).s2, (b).s2, (a).s3, (b).s3))
#define DEAL_UPPER(T, a, b) \
  ((T)((a).s4, (b).s4, (a).s5, (b).s5, (a).s6, (b).s6, (a).s7, (b).s7))
#else
#define DEAL_LOWER(T, a, b) ((T)((a).s0, (b).s0, (a).s1, (b).s1))
#define DEAL_UPPER(T, a, b) ((T)((a).s2, (b).s2, (a).s3, (b).s3))
#endif

// Joins the lanes of v, of type T with lanes of type S, to total by halves, with COMBINE for scalars and
// COMBINE_V for vectors: the same order on every device of one VW. Four lanes go through memory: of
// shuffles the compiler drops the lanes that do not count, and Oclgrind's check for uninitialised values
// crashes where one is dropped.
#if VW == 16
#define FOLD_8(T, v, COMBINE_V) v = COMBINE_V(v, DOWN_8(T, v))
#else
#define FOLD_8(T, v, COMBINE_V)
#endif
#if VW == 4
#define FOLD_LANES(S, T, v, total, COMBINE, COMBINE_V)                              \
  do {                                                                              \
    S lanes[VW];                                                                    \
    VSTORE(v, lanes);                                                               \
    for (int size = VW / 2; size > 0; size /= 2)                                    \
      for (int i = 0; i < size; ++i) lanes[i] = COMBINE(lanes[i], lanes[i + size]); \
    total = lanes[0];                                                               \
  } while (0)
#else
#define FOLD_LANES(S, T, v, total, COMBINE, COMBINE_V) \
  do {                                                 \
    FOLD_8(T, v, COMBINE_V);                           \
    v = COMBINE_V(v, DOWN_4(T, v));                    \
    v = COMBINE_V(v, DOWN_2(T, v));                    \
    v = COMBINE_V(v, DOWN_1(T, v));                    \
    total = (v).s0;                                    \
  } while (0)
#endif

// Joins the lanes of each of VW vectors by halves; lane k of rows[0] ends with the result of rows[k].
// Each step deals two vectors' halves together, so that no lane is idle.
#define FOLD_ROWS(T, rows, COMBINE)                                                       \
  _Pragma("unroll") for (int pairs = VW / 2; pairs > 0; pairs /= 2) {                     \
    _Pragma("unroll") for (int pair = 0; pair < pairs; ++pair) {                          \
      T lower = DEAL_LOWER(T, rows[pair], rows[pair + pairs]);                            \
      T upper = DEAL_UPPER(T, rows[pair], rows[pair + pairs]);                            \
      rows[pair] = COMBINE(lower, upper);                                                 \
    }                                                                                     \
  }

#define SUM_OF(a, b) ((a) + (b))

static float sum_lanes(VFLOAT v) {
  float total;
  FOLD_LANES(float, VFLOAT, v, total, SUM_OF, SUM_OF);
  return total;
}

static float max_lanes(VFLOAT v) {
  float total;
  FOLD_LANES(float, VFLOAT, v, total, max_nan, max_nan_v);
  return total;
}

// The numbers 0 to VW - 1.
static VUINT lane_numbers(void) {
  uint lanes[VW];
  for (int lane = 0; lane < VW; ++lane) lanes[lane] = lane;
  return VLOAD(lanes);
}

// The first count (0 to VW) elements at p; the other lanes hold fill, and nothing past p + count is read or
// written.
#define DEFINE_PARTIAL(type)                                                                     \
  static VFLOAT load_partial_##type(const __global type *p, int count, float fill) {             \
    float lanes[VW];                                                                             \
    VSTORE((VFLOAT)(fill), lanes);                                                               \
    for (int i = 0; i < count; ++i) lanes[i] = LOAD_##type(p, i);                                \
    return VLOAD(lanes);                                                                         \
  }                                                                                              \
  static void store_partial_##type(VFLOAT v, __global type *p, int count) {                      \
    float lanes[VW];                                                                             \
    VSTORE(v, lanes);                                                                            \
    for (int i = 0; i < count; ++i) STORE_##type(lanes[i], p, i);                                \
  }
DEFINE_PARTIAL(float)
DEFINE_PARTIAL(half)
DEFINE_PARTIAL(bfloat16)
#define LOAD_PARTIAL_REAL(p, count, fill) GPUML_PASTE(load_partial_, REAL)(p, count, fill)
#define STORE_PARTIAL_REAL(v, p, count) GPUML_PASTE(store_partial_, REAL)(v, p, count)

// VW vectors of type T as a square matrix, transposed: log2(VW) rounds of dealing the rows' two halves
// together.
#define TRANSPOSE_LANES(T, rows)                                                          \
  _Pragma("unroll") for (int round = 1; round < VW; round *= 2) {                         \
    T dealt[VW];                                                                          \
    _Pragma("unroll") for (int i = 0; i < VW / 2; ++i) {                                  \
      dealt[2 * i] = DEAL_LOWER(T, rows[i], rows[i + VW / 2]);                            \
      dealt[2 * i + 1] = DEAL_UPPER(T, rows[i], rows[i + VW / 2]);                        \
    }                                                                                     \
    _Pragma("unroll") for (int i = 0; i < VW; ++i) rows[i] = dealt[i];                    \
  }

static void transpose_lanes(VFLOAT *rows) { TRANSPOSE_LANES(VFLOAT, rows) }

// Where matrix z of a batch begins. The batch's axes are joined to three, of which the last two have d1
// and d2 entries; along each an operand steps by s0, s1, s2 elements, or by 0 where it repeats.
static size_t batch_offset(int z, int d1, int d2, int s0, int s1, int s2) {
  int rest = z / d2, i2 = REMAINDER(z, d2, rest);
  int i0 = rest / d1, i1 = REMAINDER(rest, d1, i0);
  return (size_t)i0 * s0 + (size_t)i1 * s1 + (size_t)i2 * s2;
}

// Philox4x32-10: four random words from a counter and a key, the same on host and device.
static uint4 philox4x32_10(uint4 counter, uint2 key) {
  for (int round = 0; round < 10; ++round) {
    uint high0 = mul_hi(0xD2511F53u, counter.x), low0 = 0xD2511F53u * counter.x;
    uint high1 = mul_hi(0xCD9E8D57u, counter.z), low1 = 0xCD9E8D57u * counter.z;
    counter = (uint4)(high1 ^ counter.y ^ key.x, low1, high0 ^ counter.w ^ key.y, low0);
    key += (uint2)(0x9E3779B9u, 0xBB67AE85u);
  }
  return counter;
}

// Uniform in [0, 1): the upper 24 bits, so that every value is exact and 1 never comes.
static float uniform_from_bits(uint bits) { return (float)(bits >> 8) * 0x1p-24f; }
