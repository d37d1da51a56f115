// reduce_gpu: sums, products or extremes along one axis of [outer, reduce, inner], for a GPU
// in      x [outer, reduce, inner] REAL; center [outer, inner] float, with the operations that take it
// out     y [outer, chunks, inner] REAL_OUT, chunks = ceil(reduce/chunk); chunk = reduce gives the
//         whole axis. A long axis takes two launches: chunks into partials of TYPE [outer, chunks,
//         inner], then those with reduce = chunk = chunks; the chunk follows from the shape alone,
//         so the result is the same on every device
// launch  reduce_rows     inner == 1, LANES work-items a row: local WG,
//                         global ceil(outer*chunks/(WG/LANES))*WG
//         reduce_columns  inner > 1, a group LANES columns, each by WG/LANES work-items: local WG,
//                         global ceil(inner/LANES)*WG*outer*chunks
// options those of Reduce/operations, whose text comes first; -D WG=1..1024 (128)  -D LANES=1..WG (WG),
//         both powers of two
// local   WG elements of TYPE; accumulates in TYPE; tolerance reduce*2^-23*sum|x|, extremes are exact
// test    GPUMLRuntimeTests/ConformanceTests.swift

#ifndef WG
#define WG 128
#endif
#ifndef LANES
#define LANES WG
#endif

__kernel __attribute__((reqd_work_group_size(WG, 1, 1))) void KERNEL_NAME(reduce_rows)(
    const __global REAL *restrict x, CENTER_PARAM __global REAL_OUT *restrict y, int outer, int reduce,
    int chunk, float scale) {
  __local TYPE tree[WG];
  int chunks = CEIL_DIV(reduce, chunk);
  int item = (int)get_local_id(0), lane = item & (LANES - 1);
  int row = (int)get_group_id(0) * (WG / LANES) + item / LANES;
  bool inside = row < outer * chunks;
  TYPE acc[4] = {FIRST, FIRST, FIRST, FIRST};
  if (inside) {
    int line = row / chunks;
    int begin = REMAINDER(row, chunks, line) * chunk;
    int count = min(chunk, reduce - begin);
    const __global REAL *from = x + (size_t)line * reduce + begin;
#if CENTERED
    float c = center[line];
#endif
    int i = lane;
    for (; i + 3 * LANES < count; i += 4 * LANES) {
#pragma unroll
      for (int j = 0; j < 4; ++j)
        acc[j] = COMBINE(acc[j], MAP(LOAD_IN(from, i + j * LANES), c));
    }
    for (; i < count; i += LANES) acc[0] = COMBINE(acc[0], MAP(LOAD_IN(from, i), c));
  }
  tree[item] = COMBINE(COMBINE(acc[0], acc[1]), COMBINE(acc[2], acc[3]));
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int half_size = LANES / 2; half_size > 0; half_size /= 2) {
    if (lane < half_size) tree[item] = COMBINE(tree[item], tree[item + half_size]);
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  if (lane == 0 && inside) STORE_OUT(FINISH(tree[item]), y, row);
}

__kernel __attribute__((reqd_work_group_size(WG, 1, 1))) void KERNEL_NAME(reduce_columns)(
    const __global REAL *restrict x, CENTER_PARAM __global REAL_OUT *restrict y, int outer, int reduce,
    int inner, int chunk, float scale) {
  int chunks = CEIL_DIV(reduce, chunk), groups = CEIL_DIV(inner, LANES);
  int group = (int)get_group_id(0), item = (int)get_local_id(0), slot = item / LANES;
  int block = group / groups;
  int column = REMAINDER(group, groups, block) * LANES + (item & (LANES - 1));
  bool inside = column < inner;
  // Reads of the last column take the place of those beyond it.
  column = min(column, inner - 1);
  int line = block / chunks;
  int begin = REMAINDER(block, chunks, line) * chunk;
  int count = min(chunk, reduce - begin);
  const __global REAL *from = x + ((size_t)line * reduce + begin) * inner + column;
#if CENTERED
  float c = center[(size_t)line * inner + column];
#endif
  TYPE acc[4] = {FIRST, FIRST, FIRST, FIRST};
  int i = slot;
  for (; i + 3 * (WG / LANES) < count; i += 4 * (WG / LANES)) {
#pragma unroll
    for (int j = 0; j < 4; ++j)
      acc[j] = COMBINE(acc[j], MAP(LOAD_IN(from, (size_t)(i + j * (WG / LANES)) * inner), c));
  }
  for (; i < count; i += WG / LANES)
    acc[0] = COMBINE(acc[0], MAP(LOAD_IN(from, (size_t)i * inner), c));
  TYPE total = COMBINE(COMBINE(acc[0], acc[1]), COMBINE(acc[2], acc[3]));
#if WG > LANES
  __local TYPE tree[WG];
  tree[item] = total;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int half_size = WG / 2; half_size >= LANES; half_size /= 2) {
    if (item < half_size) tree[item] = COMBINE(tree[item], tree[item + half_size]);
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  total = tree[item];
#endif
  if (slot == 0 && inside) STORE_OUT(FINISH(total), y, (size_t)block * inner + column);
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
#undef EACH_V
#undef MAP
#undef MAP_V
#undef CENTERED
#undef CENTER_PARAM
#undef FINISH
#undef WG
#undef LANES
