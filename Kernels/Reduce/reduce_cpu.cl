// reduce_cpu: sums, products or extremes along one axis of [outer, reduce, inner], for a CPU
// in      x [outer, reduce, inner] REAL; center [outer, inner] float, with the operations that take it
// out     y [outer, chunks, inner] REAL_OUT, chunks = ceil(reduce/chunk); chunk = reduce gives the
//         whole axis. A long axis takes two launches: chunks into partials of TYPE [outer, chunks,
//         inner], then those with reduce = chunk = chunks; the chunk follows from the shape alone,
//         so the result is the same on every device
// launch  reduce_rows     inner == 1: local 1, global ceil(outer*chunks/rows_per_item)
//         reduce_columns  inner > 1:  local 1, global ceil(inner/VW)*outer*chunks
// options those of Reduce/operations, whose text comes first
// local   none; accumulates in TYPE; tolerance reduce*2^-23*sum|x|, extremes are exact
// test    GPUMLRuntimeTests/ConformanceTests.swift

__kernel void KERNEL_NAME(reduce_rows)(
    const __global REAL *restrict x, CENTER_PARAM __global REAL_OUT *restrict y, int outer, int reduce,
    int chunk, int rows_per_item, float scale) {
  int chunks = CEIL_DIV(reduce, chunk);
  int first = (int)get_global_id(0) * rows_per_item;
  int last = min(first + rows_per_item, outer * chunks);
  for (int row = first; row < last; ++row) {
    int line = row / chunks;
    int begin = REMAINDER(row, chunks, line) * chunk;
    int count = min(chunk, reduce - begin);
    const __global REAL *from = x + (size_t)line * reduce + begin;
#if CENTERED
    float c = center[line];
#endif
    VTYPE acc[4];
    for (int j = 0; j < 4; ++j) acc[j] = (VTYPE)(FIRST);
    TYPE tail = FIRST;
    int i = 0;
    for (; i + 4 * VW <= count; i += 4 * VW) {
#pragma unroll
      for (int j = 0; j < 4; ++j)
        acc[j] = COMBINE_V(acc[j], MAP_V(LOADV_IN(from + i + j * VW), c));
    }
    for (; i + VW <= count; i += VW) acc[0] = COMBINE_V(acc[0], MAP_V(LOADV_IN(from + i), c));
    for (; i < count; ++i) tail = COMBINE(tail, MAP(LOAD_IN(from, i), c));
    // The lanes are folded by halves: the same order on every device of one VW.
    TYPE lanes[VW];
    VSTORE(COMBINE_V(COMBINE_V(acc[0], acc[1]), COMBINE_V(acc[2], acc[3])), lanes);
    for (int size = VW / 2; size > 0; size /= 2)
      for (int lane = 0; lane < size; ++lane)
        lanes[lane] = COMBINE(lanes[lane], lanes[lane + size]);
    TYPE total = COMBINE(lanes[0], tail);
    STORE_OUT(FINISH(total), y, row);
  }
}

__kernel void KERNEL_NAME(reduce_columns)(
    const __global REAL *restrict x, CENTER_PARAM __global REAL_OUT *restrict y, int outer, int reduce,
    int inner, int chunk, float scale) {
  int chunks = CEIL_DIV(reduce, chunk), vectors = CEIL_DIV(inner, VW);
  int id = (int)get_global_id(0);
  int block = id / vectors, column = REMAINDER(id, vectors, block) * VW;
  int line = block / chunks;
  int begin = REMAINDER(block, chunks, line) * chunk;
  int count = min(chunk, reduce - begin);
  const __global REAL *from = x + ((size_t)line * reduce + begin) * inner + column;
  __global REAL_OUT *to = y + (size_t)block * inner + column;
#if CENTERED
  const __global float *centers = center + (size_t)line * inner + column;
#endif
  if (column + VW <= inner) {
#if CENTERED
    VFLOAT c = VLOAD(centers);
#endif
    VTYPE acc[4];
    for (int j = 0; j < 4; ++j) acc[j] = (VTYPE)(FIRST);
    int i = 0;
    for (; i + 4 <= count; i += 4) {
#pragma unroll
      for (int j = 0; j < 4; ++j)
        acc[j] = COMBINE_V(acc[j], MAP_V(LOADV_IN(from + (size_t)(i + j) * inner), c));
    }
    for (; i < count; ++i)
      acc[0] = COMBINE_V(acc[0], MAP_V(LOADV_IN(from + (size_t)i * inner), c));
    VTYPE total = COMBINE_V(COMBINE_V(acc[0], acc[1]), COMBINE_V(acc[2], acc[3]));
    STOREV_OUT(FINISH(total), to);
  } else {
    TYPE acc[VW];
    int width = inner - column;
    for (int lane = 0; lane < width; ++lane) acc[lane] = FIRST;
    for (int i = 0; i < count; ++i)
      for (int lane = 0; lane < width; ++lane)
        acc[lane] = COMBINE(
            acc[lane], MAP(LOAD_IN(from + (size_t)i * inner, lane), centers[lane]));
    for (int lane = 0; lane < width; ++lane) STORE_OUT(FINISH(acc[lane]), to, lane);
  }
}

#undef REAL
#undef REAL_OUT
#undef TYPE
#undef TRUTH
#undef OP
#undef END
#undef VTYPE
#undef LOAD_IN
#undef LOADV_IN
#undef STORE_OUT
#undef STOREV_OUT
#undef FIRST
#undef COMBINE
#undef COMBINE_V
#undef EACH
#undef MAP
#undef MAP_V
#undef CENTERED
#undef CENTER_PARAM
#undef FINISH
