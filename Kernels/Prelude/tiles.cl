// tiles: vectors whose width is a macro, which tile a work-group computes, and how it brings one to local
//         memory
// naming  X is the operand, A or B; lane_X, other_X, LANES_X, ROWS_X, ALONG_X and ACROSS_X are those of
//         the kernel that uses FETCH and STAGE, as in matmul_gpu
// rule    widths are 1, 2, 4 or 8; READ, LOCAL_GET, LOCAL_PUT and WRITE want aligned places; those and
//         READ_PLACE read REAL, WRITE writes RESULT
// test    GPUMLRuntimeTests/MatMulTileTests.swift

// Vectors of a width that is a macro itself, 1 among them. Aligned: a plain load of a vector type is one
// instruction, where vload would have to expect any address.
#define FLOATS_1 float
#define FLOATS_2 float2
#define FLOATS_4 float4
#define FLOATS_8 float8
#define FLOATS(width) GPUML_PASTE(FLOATS_, width)
#define LOCAL_GET(p, width) (*(const __local FLOATS(width) *)(p))
#define LOCAL_PUT(v, p, width) (*(__local FLOATS(width) *)(p) = (v))
#define PUT_1(v, p) (*(p) = (v))
#define PUT_2(v, p) vstore2(v, 0, p)
#define PUT_4(v, p) vstore4(v, 0, p)
#define PUT_8(v, p) vstore8(v, 0, p)
#define PUT(v, p, width) GPUML_PASTE(PUT_, width)(v, p)
#define GET_1(p) (*(p))
#define GET_2(p) vload2(0, p)
#define GET_4(p) vload4(0, p)
#define GET_8(p) vload8(0, p)
#define GET(p, width) GPUML_PASTE(GET_, width)(p)
#define READ_float_1(p) (*(p))
#define READ_float_2(p) (*(const __global float2 *)(p))
#define READ_float_4(p) (*(const __global float4 *)(p))
// In halves, because inputs that the host lends are aligned to 16 bytes only.
#define READ_float_8(p) ((float8)(READ_float_4(p), READ_float_4((p) + 4)))
#define READ_half_1(p) vload_half(0, p)
#define READ_half_2(p) vload_half2(0, p)
#define READ_half_4(p) vload_half4(0, p)
#define READ_half_8(p) vload_half8(0, p)
#define READ_bfloat16_1(p) LOAD_bfloat16(p, 0)
#define READ_bfloat16_2(p) as_float2(convert_uint2(*(const __global ushort2 *)(p)) << 16)
#define READ_bfloat16_4(p) as_float4(convert_uint4(*(const __global ushort4 *)(p)) << 16)
#define READ_bfloat16_8(p) as_float8(convert_uint8(*(const __global ushort8 *)(p)) << 16)
#define READ_(type, width) READ_##type##_##width
#define READ_OF(type, width) READ_(type, width)
#define READ(p, width) READ_OF(REAL, width)(p)
#define WRITE_float(lanes, p, width) (*(__global FLOATS(width) *)(p) = GET(lanes, width))
#define WRITE_half(lanes, p, width) GPUML_PASTE(WRITE_half_, width)(lanes, p)
#define WRITE_half_1(lanes, p) vstore_half_rte(*(lanes), 0, p)
#define WRITE_half_2(lanes, p) vstore_half2_rte(vload2(0, lanes), 0, p)
#define WRITE_half_4(lanes, p) vstore_half4_rte(vload4(0, lanes), 0, p)
#define WRITE_half_8(lanes, p) vstore_half8_rte(vload8(0, lanes), 0, p)
#define WRITE_bfloat16(lanes, p, width) \
  do { \
    _Pragma("unroll") for (int w = 0; w < width; ++w) STORE_bfloat16((lanes)[w], p, w); \
  } while (0)
#define WRITE(lanes, p, width) GPUML_PASTE(WRITE_, RESULT)(lanes, p, width)

// Which of rows times columns tiles, at least one each way, this group computes, width work-items across:
// [row, column]. It is found by the global number: a launch may be one share of a larger one. All lie along
// dimension 0, because some devices take 65535 groups only along the others. Bands of eight rows are gone
// through column by column, so that groups that run side by side read the same lines.
static int2 tile_of_group(int rows, int columns, uint width) {
  uint id = (uint)get_global_id(0) / width, size = 8u * (uint)columns;
  uint band = id / size, within = REMAINDER(id, size, band), first = band * 8u;
  uint height = min(8u, (uint)rows - first), column = within / height;
  return (int2)((int)(first + REMAINDER(within, height, column)), (int)column);
}

// Reads this work-item's share of a tile, whose first element is [line0, at0] of the operand's lines in
// memory; what lies beyond lines or ends is 0. A vector is inside as a whole or not at all.
#define FETCH(next, from, stride, line0, lines, at0, end, X, V) \
  _Pragma("unroll") for (int l = 0; l < ACROSS_##X; ++l) { \
    int line = (line0) + (int)other_##X + l * ROWS_##X; \
    _Pragma("unroll") for (int q = 0; q < ALONG_##X; ++q) { \
      int at = (at0) + ((int)lane_##X + q * LANES_##X) * V; \
      FLOATS(V) got = (FLOATS(V))(0.0f); \
      if (line < (lines) && at < (end)) got = READ((from) + (size_t)line * (stride) + at, V); \
      PUT(got, (next) + (l * ALONG_##X + q) * V, V); \
    } \
  }
// Stores it as [k, line]: in vectors where lines run along M or N, else one by one.
#define STAGE(next, to, PITCH, runs_along_k, X, V) \
  _Pragma("unroll") for (int l = 0; l < ACROSS_##X; ++l) { \
    int line = (int)other_##X + l * ROWS_##X; \
    _Pragma("unroll") for (int q = 0; q < ALONG_##X; ++q) { \
      int at = ((int)lane_##X + q * LANES_##X) * V; \
      const float *got = (next) + (l * ALONG_##X + q) * V; \
      if (runs_along_k) { \
        _Pragma("unroll") for (int w = 0; w < V; ++w) (to)[(at + w) * PITCH + line] = got[w]; \
      } else { \
        LOCAL_PUT(GET(got, V), (to) + line * PITCH + at, V); \
      } \
    } \
  }

// Where no line is left, any value will do, and the first line's is there. VA and VB are the vectors'
// whole widths or 1 where an operand is not staged.
#define READ_PLACE(to, from, stride, at, end, runs_along_k, width, V) \
  if (V == width && !(runs_along_k)) { \
    PUT(READ((from) + (size_t)k * (stride) + ((at) < (end) ? (at) : 0), V), to, V); \
  } else { \
    _Pragma("unroll") for (int w = 0; w < width; ++w) { \
      int line = (at) + w < (end) ? (at) + w : 0; \
      (to)[w] = LOAD_REAL(from, (runs_along_k) ? (size_t)line * (stride) + k \
                                               : (size_t)k * (stride) + line); \
    } \
  }
