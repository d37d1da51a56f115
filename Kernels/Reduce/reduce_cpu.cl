// reduce_cpu: sums or maxima along one axis of [outer, reduce, inner], for a CPU
// in      x [outer, reduce, inner] REAL
// out     y [outer, chunks, inner] REAL_OUT, chunks = ceil(reduce/chunk); chunk = reduce gives the
//         whole axis. A long axis takes two launches: chunks into float partials [outer, chunks,
//         inner] (scale 1), then those with reduce = chunk = chunks; the chunk follows from the
//         shape alone, so the result is the same on every device. Sums are multiplied by scale
// launch  reduce_rows     inner == 1: local 1, global ceil(outer*chunks/rows_per_item)
//         reduce_columns  inner > 1:  local 1, global ceil(inner/VW)*outer*chunks
// options -D REAL=float|half|bfloat16 (float)  -D REAL_OUT=float|half|bfloat16 (float)
//         -D OP=0 sum|1 max, which keeps NaN (0)
// local   none; accumulates in float; tolerance reduce*2^-23*sum|x|, a maximum is exact
// test    GPUMLRuntimeTests/PrimitiveTests.swift

#ifndef REAL
#define REAL float
#endif
#ifndef REAL_OUT
#define REAL_OUT float
#endif
#ifndef OP
#define OP 0
#endif
#define STORE_OUT(v, p, i) GPUML_PASTE(STORE_, REAL_OUT)(v, p, i)
#define STOREV_OUT(v, p) GPUML_PASTE(STOREV_, REAL_OUT)(v, p)
#if OP == 0
#define FIRST 0.0f
#define COMBINE(a, b) ((a) + (b))
#define COMBINE_V(a, b) ((a) + (b))
#define FOLD_LANES(v) sum_lanes(v)
#define FINISH(v) ((v) * scale)
#else
#define FIRST -INFINITY
#define COMBINE(a, b) max_nan(a, b)
#define COMBINE_V(a, b) max_nan_v(a, b)
#define FOLD_LANES(v) max_lanes(v)
#define FINISH(v) (v)
#endif

__kernel void KERNEL_NAME(reduce_rows)(
    const __global REAL *restrict x, __global REAL_OUT *restrict y, int outer, int reduce,
    int chunk, int rows_per_item, float scale) {
  int chunks = CEIL_DIV(reduce, chunk);
  int first = (int)get_global_id(0) * rows_per_item;
  int last = min(first + rows_per_item, outer * chunks);
  for (int row = first; row < last; ++row) {
    int line = row / chunks;
    int begin = REMAINDER(row, chunks, line) * chunk;
    int count = min(chunk, reduce - begin);
    const __global REAL *from = x + (size_t)line * reduce + begin;
    VFLOAT acc[4];
    for (int j = 0; j < 4; ++j) acc[j] = (VFLOAT)(FIRST);
    float tail = FIRST;
    int i = 0;
    for (; i + 4 * VW <= count; i += 4 * VW) {
#pragma unroll
      for (int j = 0; j < 4; ++j) acc[j] = COMBINE_V(acc[j], LOADV_REAL(from + i + j * VW));
    }
    for (; i + VW <= count; i += VW) acc[0] = COMBINE_V(acc[0], LOADV_REAL(from + i));
    for (; i < count; ++i) tail = COMBINE(tail, LOAD_REAL(from, i));
    VFLOAT all = COMBINE_V(COMBINE_V(acc[0], acc[1]), COMBINE_V(acc[2], acc[3]));
    float total = COMBINE(FOLD_LANES(all), tail);
    STORE_OUT(FINISH(total), y, row);
  }
}

__kernel void KERNEL_NAME(reduce_columns)(
    const __global REAL *restrict x, __global REAL_OUT *restrict y, int outer, int reduce,
    int inner, int chunk, float scale) {
  int chunks = CEIL_DIV(reduce, chunk), vectors = CEIL_DIV(inner, VW);
  int id = (int)get_global_id(0);
  int block = id / vectors, column = REMAINDER(id, vectors, block) * VW;
  int line = block / chunks;
  int begin = REMAINDER(block, chunks, line) * chunk;
  int count = min(chunk, reduce - begin);
  const __global REAL *from = x + ((size_t)line * reduce + begin) * inner + column;
  __global REAL_OUT *to = y + (size_t)block * inner + column;
  if (column + VW <= inner) {
    VFLOAT acc[4];
    for (int j = 0; j < 4; ++j) acc[j] = (VFLOAT)(FIRST);
    int i = 0;
    for (; i + 4 <= count; i += 4) {
#pragma unroll
      for (int j = 0; j < 4; ++j)
        acc[j] = COMBINE_V(acc[j], LOADV_REAL(from + (size_t)(i + j) * inner));
    }
    for (; i < count; ++i) acc[0] = COMBINE_V(acc[0], LOADV_REAL(from + (size_t)i * inner));
    VFLOAT total = COMBINE_V(COMBINE_V(acc[0], acc[1]), COMBINE_V(acc[2], acc[3]));
    STOREV_OUT(FINISH(total), to);
  } else {
    float acc[VW];
    int width = inner - column;
    for (int c = 0; c < width; ++c) acc[c] = FIRST;
    for (int i = 0; i < count; ++i)
      for (int c = 0; c < width; ++c)
        acc[c] = COMBINE(acc[c], LOAD_REAL(from + (size_t)i * inner, c));
    for (int c = 0; c < width; ++c) STORE_OUT(FINISH(acc[c]), to, c);
  }
}

#undef REAL
#undef REAL_OUT
#undef OP
#undef STORE_OUT
#undef STOREV_OUT
#undef FIRST
#undef COMBINE
#undef COMBINE_V
#undef FOLD_LANES
#undef FINISH
