// reduce_gpu: sums or maxima along one axis of [outer, reduce, inner], for a GPU
// in      x [outer, reduce, inner] REAL
// out     y [outer, chunks, inner] REAL_OUT, chunks = ceil(reduce/chunk); chunk = reduce gives the
//         whole axis. A long axis takes two launches: chunks into float partials [outer, chunks,
//         inner] (scale 1), then those with reduce = chunk = chunks; the chunk follows from the
//         shape alone, so the result is the same on every device. Sums are multiplied by scale
// launch  reduce_rows     inner == 1, a work-group a row: local WG, global outer*chunks*WG
//         reduce_columns  inner > 1, a work-item a column: local WG,
//                         global ceil(inner/WG)*WG*outer*chunks
// options -D REAL=float|half|bfloat16 (float)  -D REAL_OUT=float|half|bfloat16 (float)
//         -D OP=0 sum|1 max, which keeps NaN (0)  -D WG=32..1024, a power of two (128)
// local   WG*4 bytes; accumulates in float; tolerance reduce*2^-23*sum|x|, a maximum is exact
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
#ifndef WG
#define WG 128
#endif
#define STORE_OUT(v, p, i) GPUML_PASTE(STORE_, REAL_OUT)(v, p, i)
#if OP == 0
#define FIRST 0.0f
#define COMBINE(a, b) ((a) + (b))
#define FINISH(v) ((v) * scale)
#else
#define FIRST -INFINITY
#define COMBINE(a, b) max_nan(a, b)
#define FINISH(v) (v)
#endif

__kernel __attribute__((reqd_work_group_size(WG, 1, 1))) void KERNEL_NAME(reduce_rows)(
    const __global REAL *restrict x, __global REAL_OUT *restrict y, int outer, int reduce,
    int chunk, float scale) {
  __local float tree[WG];
  int chunks = CEIL_DIV(reduce, chunk);
  int row = (int)get_group_id(0), item = (int)get_local_id(0);
  int line = row / chunks;
  int begin = REMAINDER(row, chunks, line) * chunk;
  int count = min(chunk, reduce - begin);
  const __global REAL *from = x + (size_t)line * reduce + begin;
  float even = FIRST, odd = FIRST;
  int i = item;
  for (; i + WG < count; i += 2 * WG) {
    even = COMBINE(even, LOAD_REAL(from, i));
    odd = COMBINE(odd, LOAD_REAL(from, i + WG));
  }
  if (i < count) even = COMBINE(even, LOAD_REAL(from, i));
  tree[item] = COMBINE(even, odd);
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int half_size = WG / 2; half_size > 0; half_size /= 2) {
    if (item < half_size) tree[item] = COMBINE(tree[item], tree[item + half_size]);
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  if (item == 0) STORE_OUT(FINISH(tree[0]), y, row);
}

__kernel __attribute__((reqd_work_group_size(WG, 1, 1))) void KERNEL_NAME(reduce_columns)(
    const __global REAL *restrict x, __global REAL_OUT *restrict y, int outer, int reduce,
    int inner, int chunk, float scale) {
  int chunks = CEIL_DIV(reduce, chunk), groups = CEIL_DIV(inner, WG);
  int group = (int)get_group_id(0);
  int block = group / groups;
  int column = REMAINDER(group, groups, block) * WG + (int)get_local_id(0);
  if (column >= inner) return;
  int line = block / chunks;
  int begin = REMAINDER(block, chunks, line) * chunk;
  int count = min(chunk, reduce - begin);
  const __global REAL *from = x + ((size_t)line * reduce + begin) * inner + column;
  float acc[4] = {FIRST, FIRST, FIRST, FIRST};
  int i = 0;
  for (; i + 4 <= count; i += 4) {
#pragma unroll
    for (int j = 0; j < 4; ++j)
      acc[j] = COMBINE(acc[j], LOAD_REAL(from, (size_t)(i + j) * inner));
  }
  for (; i < count; ++i) acc[0] = COMBINE(acc[0], LOAD_REAL(from, (size_t)i * inner));
  float total = COMBINE(COMBINE(acc[0], acc[1]), COMBINE(acc[2], acc[3]));
  STORE_OUT(FINISH(total), y, (size_t)block * inner + column);
}

#undef REAL
#undef REAL_OUT
#undef OP
#undef WG
#undef STORE_OUT
#undef FIRST
#undef COMBINE
#undef FINISH
