// matmul_matrix_gpu: C = op(A) op(B) by the matrix units of NVIDIA's GPUs, or by their twin in OpenCL C
// in      A [M, K], or [K, M] if TRANS_A, row stride lda; B [K, N], or [N, K] if TRANS_B, row stride
//         ldb; all row-major REAL, of which float is rounded to tf32 first
// out     C [M, N] RESULT, row stride ldc, each element through the epilogue once
// batch   if BATCHED, as matmul_gpu
// launch  local (32*MWARPS*NWARPS,1,1), global (ceil(M/MWG)*ceil(N/NWG)*32*MWARPS*NWARPS, 1, batch)
// options -D TRANS_A=0|1 (0)  -D TRANS_B=0|1 (0)
//         -D MWG (64)  -D NWG (64), the tile of a work-group along M and N
//         -D MWARPS (2)  -D NWARPS (2), its warps of 32 work-items along M and N; MWG is a multiple of
//         16*MWARPS, NWG of 8*NWARPS
//         -D WORDS=8|16|32 (16), words of 32 bits that a turn takes of each line: K counts as many
//         floats, or twice as many halves or bfloat16
//         -D VA=1|2|4|8 (1)  -D VB (1), elements of A, B read at once: they divide the operand's lines and
//         steps in memory; PER*WORDS is a multiple  -D VC=1|2 (1), elements of C written at once
//         -D REAL, RESULT=float|half|bfloat16 (float)  -D BATCHED=0|1 (0)
//         -D PTX=0|1 (0), 1: multiplies by mma.sync of PTX (sm_80); 0: by the twin
//         EPILOGUE_PARAMS, EPILOGUE_S as in matmul_cpu
// fragment lane = 4*group + member of a warp, group 0...7, member 0...3. A lane holds of each 16x8 words of
//         A, 8x8 words of B (by columns) and 16x8 results
//           left[i]   row group + 8*(i%2), word member + 4*(i/2)
//           right[i]  column group, word member + 4*i
//           sum[i]    row group + 8*(i/2), column 2*member + i%2
//         which is the layout of mma.m16n8k8 for tf32, a word a term, and of mma.m16n8k16 for 16 bits,
//         the lower half of a word the even term (NVIDIA, PTX ISA, "Matrix Fragments for mma")
// local   2*4 bytes times MWG*(WORDS+4), or WORDS*(MWG+8) if TRANS_A, plus NWG*(WORDS+4), or WORDS*(NWG+8)
//         unless TRANS_B: with these paddings the 32 lanes' words lie in 32 banks both ways; the next
//         tile is stored while this one is used. The twin takes 768 bytes a warp more.
// note    accumulates in float; tolerance K*2^-23*sum|a*b|, and 2^-10*sum|a*b| more where float is rounded
// test    GPUMLRuntimeTests/MatrixUnitTests.swift

#ifndef TRANS_A
#define TRANS_A 0
#endif
#ifndef TRANS_B
#define TRANS_B 0
#endif
#ifndef MWG
#define MWG 64
#endif
#ifndef NWG
#define NWG 64
#endif
#ifndef MWARPS
#define MWARPS 2
#endif
#ifndef NWARPS
#define NWARPS 2
#endif
#ifndef WORDS
#define WORDS 16
#endif
#ifndef VA
#define VA 1
#endif
#ifndef VB
#define VB 1
#endif
#ifndef VC
#define VC 1
#endif
#ifndef REAL
#define REAL float
#endif
#ifndef RESULT
#define RESULT float
#endif
#ifndef BATCHED
#define BATCHED 0
#endif
#ifndef PTX
#define PTX 0
#endif
#ifndef EPILOGUE_PARAMS
#define EPILOGUE_PARAMS
#endif
#ifndef EPILOGUE_S
#define EPILOGUE_S(acc, row, col) (acc)
#endif
#if BATCHED
#define BATCH_PARAMS \
  , int first, int d1, int d2, int a0, int a1, int a2, int b0, int b1, int b2
#define RESULT_ROW(row) (z * rows + (row))
#else
#define BATCH_PARAMS
#define RESULT_ROW(row) (row)
#endif

// The twin has barriers in its loops, which a compiler for CPUs would copy with them.
#if PTX
#define EACH _Pragma("unroll") for
#else
#define EACH _Pragma("nounroll") for
#endif

#define STORE_RESULT(v, p, i) GPUML_PASTE(STORE_, RESULT)(v, p, i)
#define IS_(type) GPUML_PASTE(MATRIX_IS_, type)
#define MATRIX_IS_float 1
#define MATRIX_IS_half 2
#define MATRIX_IS_bfloat16 3
#define KIND IS_(REAL)
// The elements of a word.
#define PER (KIND == 1 ? 1 : 2)
#define THREADS (32 * MWARPS * NWARPS)
#define SIDE_M (MWG / MWARPS / 16)
#define SIDE_N (NWG / NWARPS / 8)

// How a tile lies in local memory: lines of words where lines run along K in memory, else words of lines.
#define ALONG_A (!TRANS_A)
#define ALONG_B TRANS_B
#define SIZE(ALONG, LINES) ((ALONG) ? (LINES) * (WORDS + 4) : WORDS * ((LINES) + 8))
#define PLACE(ALONG, LINES, line, word) \
  ((ALONG) ? (line) * (WORDS + 4) + (word) : (word) * ((LINES) + 8) + (line))
// What a work-item brings at a time: words of a line, or of neighbouring lines; how many of these make a
// line or a row of words, and how often it brings some.
#define GROUP(ALONG, V) ((ALONG) ? ((V) > PER ? (V) / PER : 1) : (V))
#define RUNS(ALONG, LINES, V) (((ALONG) ? WORDS : (LINES)) / GROUP(ALONG, V))
#define UNITS(ALONG, LINES, V) (RUNS(ALONG, LINES, V) * ((ALONG) ? (LINES) : WORDS))
#define SHARES(ALONG, LINES, V) CEIL_DIV(UNITS(ALONG, LINES, V), THREADS)
#define BROUGHT(ALONG, LINES, V) (SHARES(ALONG, LINES, V) * GROUP(ALONG, V))

// The bits of V neighbouring elements, each in a word of its own.
#define KEEP_2(p) got[0] = *(const __global uint *)(p)
#define KEEP_4(p) vstore2(*(const __global uint2 *)(p), 0, got)
#define KEEP_8(p) vstore4(*(const __global uint4 *)(p), 0, got)
#define KEEP(p, V) GPUML_PASTE(KEEP_, V)(p)
#if KIND == 1
// float: rounded to 10 bits of mantissa, ties away from zero. What has no number keeps none: the units
// do not look at the lower bits.
static uint KERNEL_NAME(tf32_bits)(float x) {
  uint bits;
#if PTX
  asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(bits) : "f"(x));
#else
  bits = as_uint(x);
  bits = isnan(x) ? bits | 0x400000u : (bits + 0x1000u) & 0xffffe000u;
#endif
  return bits;
}
#define ELEMENT_BITS(to, p, V) \
  do { \
    float lanes[V]; \
    PUT(READ(p, V), lanes, V); \
    _Pragma("unroll") for (int e = 0; e < V; ++e) (to)[e] = KERNEL_NAME(tf32_bits)(lanes[e]); \
  } while (0)
#else
#define KEEP_1(p) got[0] = *(const __global ushort *)(p)
#define ELEMENT_BITS(to, p, V) \
  do { \
    uint got[V > 1 ? V / 2 : 1]; \
    KEEP(p, V); \
    _Pragma("unroll") for (int e = 0; e < V; ++e) \
        (to)[e] = V == 1 ? got[0] : got[e / 2] >> 16 * (e % 2) & 0xffffu; \
  } while (0)
#endif

// Reads this work-item's share of a tile, whose first line is line0 and whose first term is k0; what lies
// beyond is 0. A vector is inside as a whole or not at all.
#define FETCH_WORDS(next, from, stride, line0, lines, k0, ALONG, LINES, V) \
  _Pragma("unroll") for (int s = 0; s < SHARES(ALONG, LINES, V); ++s) { \
    uint unit = item + (uint)s * THREADS, other = unit / RUNS(ALONG, LINES, V); \
    int run = (int)REMAINDER(unit, RUNS(ALONG, LINES, V), other) * GROUP(ALONG, V); \
    int line = (line0) + (ALONG ? (int)other : run), k = (k0) + (ALONG ? run : (int)other) * PER; \
    uint *words = (next) + s * GROUP(ALONG, V); \
    uint bits[PER * GROUP(ALONG, V)]; \
    _Pragma("unroll") for (int e = 0; e < PER * GROUP(ALONG, V); ++e) bits[e] = 0; \
    bool isMine = unit < UNITS(ALONG, LINES, V) && line < (lines); \
    _Pragma("unroll") for (int q = 0; q < PER * GROUP(ALONG, V) / V; ++q) { \
      int at = k + (ALONG ? q * V : q); \
      if (isMine && at < depth) { \
        ELEMENT_BITS( \
            bits + q * V, \
            (from) + (ALONG ? (size_t)line * (stride) + at : (size_t)at * (stride) + line), V); \
      } \
    } \
    _Pragma("unroll") for (int w = 0; w < GROUP(ALONG, V); ++w) \
        words[w] = PER == 1 ? bits[w] \
                 : ALONG ? bits[w * PER] | bits[w * PER + PER - 1] << 16 \
                         : bits[w] | bits[w + (PER - 1) * GROUP(ALONG, V)] << 16; \
  }
// Stores it.
#define STAGE_WORDS(next, to, ALONG, LINES, V) \
  _Pragma("unroll") for (int s = 0; s < SHARES(ALONG, LINES, V); ++s) { \
    uint unit = item + (uint)s * THREADS, other = unit / RUNS(ALONG, LINES, V); \
    int run = (int)REMAINDER(unit, RUNS(ALONG, LINES, V), other) * GROUP(ALONG, V); \
    if (unit < UNITS(ALONG, LINES, V)) { \
      __local uint *place = \
          (to) + (ALONG ? PLACE(1, LINES, (int)other, run) : PLACE(0, LINES, run, (int)other)); \
      const uint *words = (next) + s * GROUP(ALONG, V); \
      if (GROUP(ALONG, V) == 1) place[0] = words[0]; \
      if (GROUP(ALONG, V) == 2) *(__local uint2 *)place = vload2(0, words); \
      if (GROUP(ALONG, V) >= 4) *(__local uint4 *)place = vload4(0, words); \
      if (GROUP(ALONG, V) == 8) *(__local uint4 *)(place + 4) = vload4(1, words); \
    } \
  }

// A warp's product of 16x8 words by 8x8 words, added to 16x8 sums: the one place where PTX and twin differ.
// In the twin the lanes put their words where all of the warp can read them.
static void KERNEL_NAME(multiply_fragments)(
    float *sum, const uint *left, const uint *right, __local uint *warp, uint lane) {
#if PTX && KIND == 1
  asm volatile(
      "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 "
      "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
      : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3])
      : "r"(left[0]), "r"(left[1]), "r"(left[2]), "r"(left[3]), "r"(right[0]), "r"(right[1]));
#elif PTX && KIND == 2
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 "
      "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
      : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3])
      : "r"(left[0]), "r"(left[1]), "r"(left[2]), "r"(left[3]), "r"(right[0]), "r"(right[1]));
#elif PTX
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 "
      "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
      : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3])
      : "r"(left[0]), "r"(left[1]), "r"(left[2]), "r"(left[3]), "r"(right[0]), "r"(right[1]));
#else
  for (int i = 0; i < 4; ++i) warp[lane * 6 + i] = left[i];
  for (int i = 0; i < 2; ++i) warp[lane * 6 + 4 + i] = right[i];
  barrier(CLK_LOCAL_MEM_FENCE);
  for (uint i = 0; i < 4; ++i) {
    uint row = lane / 4 + i / 2 * 8, column = lane % 4 * 2 + i % 2;
    for (uint word = 0; word < 8; ++word) {
      uint a = warp[(row % 8 * 4 + word % 4) * 6 + row / 8 + word / 4 * 2];
      uint b = warp[(column * 4 + word % 4) * 6 + 4 + word / 4];
#if KIND == 1
      sum[i] = MULTIPLY_ADD(as_float(a), as_float(b), sum[i]);
#elif KIND == 2
      float x[2], y[2];
      vstore2(vload_half2(0, (const half *)&a), 0, x);
      vstore2(vload_half2(0, (const half *)&b), 0, y);
      for (int e = 0; e < 2; ++e) sum[i] = MULTIPLY_ADD(x[e], y[e], sum[i]);
#else
      sum[i] = MULTIPLY_ADD(as_float(a << 16), as_float(b << 16), sum[i]);
      sum[i] = MULTIPLY_ADD(as_float(a & 0xffff0000u), as_float(b & 0xffff0000u), sum[i]);
#endif
    }
  }
  barrier(CLK_LOCAL_MEM_FENCE);
#endif
}

__kernel __attribute__((reqd_work_group_size(THREADS, 1, 1))) void KERNEL_NAME(matmul_matrix)(
    const __global REAL *restrict a, const __global REAL *restrict b, __global RESULT *restrict c,
    int rows, int columns, int depth, int lda, int ldb, int ldc BATCH_PARAMS EPILOGUE_PARAMS) {
#if BATCHED
  int z = first + (int)get_global_id(2);
  a += batch_offset(z, d1, d2, a0, a1, a2);
  b += batch_offset(z, d1, d2, b0, b1, b2);
  c += (size_t)z * rows * ldc;
#endif
  __local uint tile_a[2][SIZE(ALONG_A, MWG)] __attribute__((aligned(16)));
  __local uint tile_b[2][SIZE(ALONG_B, NWG)] __attribute__((aligned(16)));
  uint item = (uint)get_local_id(0), lane = item % 32, place = item / 32;
#if PTX
  __local uint *warp = 0;
#else
  __local uint exchanged[THREADS * 6];
  __local uint *warp = exchanged + place * 32 * 6;
#endif
  int2 tile = tile_of_group(CEIL_DIV(rows, MWG), CEIL_DIV(columns, NWG), THREADS);
  int row0 = tile.x * MWG, column0 = tile.y * NWG;
  int group = (int)lane / 4, member = (int)lane % 4;
  // The first line of each operand of which the lane holds a word.
  int line_a = (int)(place / NWARPS) * (SIDE_M * 16) + group;
  int line_b = (int)(place % NWARPS) * (SIDE_N * 8) + group;
  uint next_a[BROUGHT(ALONG_A, MWG, VA)], next_b[BROUGHT(ALONG_B, NWG, VB)];
  float sum[SIDE_M][SIDE_N][4];
#pragma unroll
  for (int i = 0; i < SIDE_M; ++i)
#pragma unroll
    for (int j = 0; j < SIDE_N; ++j)
#pragma unroll
      for (int e = 0; e < 4; ++e) sum[i][j][e] = 0.0f;
  int turns = CEIL_DIV(depth, WORDS * PER);
  for (int t = 0; t <= turns; ++t) {
    // Tile t comes from memory while tile t - 1 is multiplied.
    if (t < turns) {
      FETCH_WORDS(next_a, a, lda, row0, rows, t * (WORDS * PER), ALONG_A, MWG, VA)
      FETCH_WORDS(next_b, b, ldb, column0, columns, t * (WORDS * PER), ALONG_B, NWG, VB)
    }
    if (t > 0) {
      const __local uint *from_a = tile_a[(t - 1) & 1], *from_b = tile_b[(t - 1) & 1];
      EACH (int step = 0; step < WORDS; step += 8) {
        uint left[SIDE_M][4];
#pragma unroll
        for (int i = 0; i < SIDE_M; ++i)
#pragma unroll
          for (int e = 0; e < 4; ++e)
            left[i][e] = from_a[PLACE(
                ALONG_A, MWG, line_a + i * 16 + e % 2 * 8, step + member + e / 2 * 4)];
        EACH (int j = 0; j < SIDE_N; ++j) {
          uint right[2];
#pragma unroll
          for (int e = 0; e < 2; ++e)
            right[e] = from_b[PLACE(ALONG_B, NWG, line_b + j * 8, step + member + e * 4)];
          EACH (int i = 0; i < SIDE_M; ++i)
            KERNEL_NAME(multiply_fragments)(sum[i][j], left[i], right, warp, lane);
        }
      }
    }
    if (t < turns) {
      STAGE_WORDS(next_a, tile_a[t & 1], ALONG_A, MWG, VA)
      STAGE_WORDS(next_b, tile_b[t & 1], ALONG_B, NWG, VB)
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }
#pragma unroll
  for (int i = 0; i < SIDE_M; ++i)
#pragma unroll
    for (int h = 0; h < 2; ++h) {
      int row = row0 + line_a + i * 16 + h * 8;
      if (row >= rows) continue;
#pragma unroll
      for (int j = 0; j < SIDE_N; ++j) {
        int column = column0 + line_b - group + j * 8 + member * 2;
        size_t at = (size_t)row * ldc + column;
#if VC == 2
        if (column < columns) {
          float lanes[2];
#pragma unroll
          for (int e = 0; e < 2; ++e) {
            float acc = sum[i][j][h * 2 + e];
            lanes[e] = EPILOGUE_S(acc, RESULT_ROW(row), column + e);
          }
          WRITE(lanes, c + at, 2);
        }
#else
#pragma unroll
        for (int e = 0; e < 2; ++e)
          if (column + e < columns) {
            float acc = sum[i][j][h * 2 + e];
            STORE_RESULT(EPILOGUE_S(acc, RESULT_ROW(row), column + e), c, at + e);
          }
#endif
      }
    }
}

#undef TRANS_A
#undef TRANS_B
#undef MWG
#undef NWG
#undef MWARPS
#undef NWARPS
#undef WORDS
#undef VA
#undef VB
#undef VC
#undef REAL
#undef RESULT
#undef BATCHED
#undef PTX
#undef EPILOGUE_PARAMS
#undef EPILOGUE_S
#undef BATCH_PARAMS
#undef RESULT_ROW
#undef EACH
#undef STORE_RESULT
#undef IS_
#undef MATRIX_IS_float
#undef MATRIX_IS_half
#undef MATRIX_IS_bfloat16
#undef KIND
#undef PER
#undef THREADS
#undef SIDE_M
#undef SIDE_N
#undef ALONG_A
#undef ALONG_B
#undef SIZE
#undef PLACE
#undef GROUP
#undef RUNS
#undef UNITS
#undef SHARES
#undef BROUGHT
#undef KEEP_1
#undef KEEP_2
#undef KEEP_4
#undef KEEP_8
#undef KEEP
#undef ELEMENT_BITS
#undef FETCH_WORDS
#undef STAGE_WORDS
