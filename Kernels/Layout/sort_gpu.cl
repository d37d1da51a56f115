// sort_gpu: lines along the middle axis of [outer, n, inner] in order, for a GPU
// in      x [outer, n, inner] REAL; for sort_merge keys TYPE and origins int, [outer*inner, n], in
//         order by runs of width
// out     y [outer, k, inner] REAL, the first k of each line in order; places [outer, k, inner] int,
//         where they stood. Equal elements keep their order; NaN comes last. With FINAL=0 instead
//         keys and origins, of which the first k of each run count
// launch  sort_blocks  runs of BLOCK by a bitonic network: local BLOCK/2,
//                      global outer*inner*ceil(n/BLOCK)*(BLOCK/2); FINAL=1 if n <= BLOCK
//         sort_merge   two runs to one, each element by its rank in the other: local BLOCK/2,
//                      global round_up(outer*inner*n, BLOCK/2); FINAL=1 if n <= 2*width
// options -D TYPE=float|int|uint|long, what elements are compared as (float)
//         -D REAL=float|half|bfloat16, or char|uchar|int|uint|long, elements in memory (float)
//         -D DESCENDING=1 puts the largest first (0)  -D BLOCK=64..2048, a power of two (512)
//         -D FINAL (1)
// local   BLOCK elements of TYPE and of int; exact
// test    GPUMLRuntimeTests/ConformanceTests.swift

#ifndef REAL
#define REAL float
#endif
#ifndef TYPE
#define TYPE float
#endif
#ifndef DESCENDING
#define DESCENDING 0
#endif
#ifndef BLOCK
#define BLOCK 512
#endif
#ifndef FINAL
#define FINAL 1
#endif

// Whether a comes before b; only a NaN differs from itself.
#if DESCENDING
#define AHEAD(a, b) ((a) > (b) || ((b) != (b) && (a) == (a)))
#else
#define AHEAD(a, b) ((a) < (b) || ((b) != (b) && (a) == (a)))
#endif
#if FINAL
#define RESULT_PARAM __global REAL *restrict y, __global int *restrict places,
#else
#define RESULT_PARAM __global TYPE *restrict y, __global int *restrict places,
#endif

// Element `to` of a line in order.
#if FINAL
#define PUT(key, origin, to)                                                       \
  {                                                                                \
    size_t target = ((size_t)block * k + (to)) * inner + column;                   \
    STORE_REAL(key, y, target);                                                    \
    places[target] = origin;                                                       \
  }
#else
#define PUT(key, origin, to)                                                       \
  {                                                                                \
    size_t target = (size_t)line * n + (to);                                       \
    y[target] = key;                                                               \
    places[target] = origin;                                                       \
  }
#endif

__kernel __attribute__((reqd_work_group_size(BLOCK / 2, 1, 1))) void KERNEL_NAME(sort_blocks)(
    const __global REAL *restrict x, RESULT_PARAM int outer, int n, int inner, int k) {
  __local TYPE keys[BLOCK];
  __local int origins[BLOCK];
  int blocks = CEIL_DIV(n, BLOCK), group = (int)get_group_id(0), item = (int)get_local_id(0);
  int line = group / blocks, start = REMAINDER(group, blocks, line) * BLOCK;
  int block = line / inner, column = REMAINDER(line, inner, block);
  const __global REAL *from = x + (size_t)block * n * inner + column;
  int count = min(BLOCK, n - start);
  for (int i = item; i < BLOCK; i += BLOCK / 2) {
    keys[i] = i < count ? (TYPE)LOAD_REAL(from, (size_t)(start + i) * inner) : (TYPE)0;
    origins[i] = i;
  }
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int size = 2; size <= BLOCK; size *= 2) {
    for (int distance = size / 2; distance > 0; distance /= 2) {
      int low = ((item & ~(distance - 1)) << 1) | (item & (distance - 1)), high = low + distance;
      TYPE a = keys[low], b = keys[high];
      int i = origins[low], j = origins[high];
      // What lies outside the line goes last; equal elements by their places.
      bool swaps = i < count && j < count ? AHEAD(b, a) || (!AHEAD(a, b) && j < i) : j < i;
      if (swaps == ((low & size) == 0)) {
        keys[low] = b;
        keys[high] = a;
        origins[low] = j;
        origins[high] = i;
      }
      barrier(CLK_LOCAL_MEM_FENCE);
    }
  }
  for (int i = item; i < min(count, k); i += BLOCK / 2)
    PUT(keys[i], start + origins[i], start + i)
}

__kernel __attribute__((reqd_work_group_size(BLOCK / 2, 1, 1))) void KERNEL_NAME(sort_merge)(
    const __global TYPE *restrict keys, const __global int *restrict origins,
    RESULT_PARAM int outer, int n, int inner, int k, int width) {
  uint id = (uint)get_global_id(0), quotient = id / (uint)n;
  if (id >= (uint)outer * (uint)inner * (uint)n) return;
  int line = (int)quotient, at = (int)REMAINDER(id, (uint)n, quotient);
  int block = line / inner, column = REMAINDER(line, inner, block);
  int run = at / width, rank = REMAINDER(at, width, run);
  if (rank >= k) return;
  // The run that this one is merged with, which may be empty.
  int other = (run ^ 1) * width, length = clamp(n - other, 0, min(width, k));
  const __global TYPE *others = keys + (size_t)line * n + other;
  TYPE key = keys[id];
  int low = 0, high = length;
  bool second = run & 1;
  while (low < high) {
    int middle = (low + high) / 2;
    // Equal elements of the first run stay before those of the second.
    bool ahead = second ? !AHEAD(key, others[middle]) : AHEAD(others[middle], key);
    if (ahead) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (rank + low < k) PUT(key, origins[id], (run & ~1) * width + rank + low)
}

#undef REAL
#undef TYPE
#undef DESCENDING
#undef BLOCK
#undef FINAL
#undef AHEAD
#undef RESULT_PARAM
#undef PUT
