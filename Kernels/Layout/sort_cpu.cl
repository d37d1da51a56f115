// sort_cpu: lines along the middle axis of [outer, n, inner] in order, by merging, for a CPU
// in      x [outer, n, inner] REAL
// out     y [outer, k, inner] REAL, the first k of each line in order; places [outer, k, inner] int,
//         where they stood. Equal elements keep their order; NaN comes last
// scratch a, b TYPE and int, each [outer*inner, n]; only the first k of a run are merged
// launch  local 1, global ceil(outer*inner/lines_per_item)
// options -D TYPE=float|int|uint|long, what elements are compared as (float)
//         -D REAL=float|half|bfloat16, or char|uchar|int|uint|long, elements in memory (float)
//         -D DESCENDING=1 puts the largest first (0)  -D RUN, sorted by insertion before merging (16)
// local   none; exact
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
#ifndef RUN
#define RUN 16
#endif

// Whether a comes before b; only a NaN differs from itself.
#if DESCENDING
#define AHEAD(a, b) ((a) > (b) || ((b) != (b) && (a) == (a)))
#else
#define AHEAD(a, b) ((a) < (b) || ((b) != (b) && (a) == (a)))
#endif

__kernel void KERNEL_NAME(sort_lines)(
    const __global REAL *restrict x, __global REAL *restrict y, __global int *restrict places,
    __global TYPE *restrict a_keys, __global int *restrict a_places, __global TYPE *restrict b_keys,
    __global int *restrict b_places, int outer, int n, int inner, int k, int lines_per_item) {
  int first = (int)get_global_id(0) * lines_per_item;
  int last = min(first + lines_per_item, outer * inner);
  for (int line = first; line < last; ++line) {
    int block = line / inner, column = REMAINDER(line, inner, block);
    const __global REAL *from = x + (size_t)block * n * inner + column;
    __global TYPE *keys = a_keys + (size_t)line * n, *other_keys = b_keys + (size_t)line * n;
    __global int *origins = a_places + (size_t)line * n, *other_origins = b_places + (size_t)line * n;
    for (int i = 0; i < n; ++i) {
      TYPE key = (TYPE)LOAD_REAL(from, (size_t)i * inner);
      int to = i, floor = i & ~(RUN - 1);
      for (; to > floor && AHEAD(key, keys[to - 1]); --to) {
        keys[to] = keys[to - 1];
        origins[to] = origins[to - 1];
      }
      keys[to] = key;
      origins[to] = i;
    }
    // Unsigned, for the last width and start may lie beyond 2^31.
    uint end = (uint)n, most = (uint)k;
    for (uint width = RUN; width < end; width *= 2) {
      for (uint start = 0; start < end; start += 2 * width) {
        uint i = start, i_end = start + min(min(width, most), end - start);
        uint j = min(start + width, end), j_end = j + min(min(width, most), end - j);
        uint to_end = start + min(i_end - i + (j_end - j), most);
        for (uint to = start; to < to_end; ++to) {
          bool second = i == i_end || (j < j_end && AHEAD(keys[j], keys[i]));
          uint at = second ? j++ : i++;
          other_keys[to] = keys[at];
          other_origins[to] = origins[at];
        }
      }
      __global TYPE *swapped_keys = keys;
      keys = other_keys;
      other_keys = swapped_keys;
      __global int *swapped_origins = origins;
      origins = other_origins;
      other_origins = swapped_origins;
    }
    size_t to = (size_t)block * k * inner + column;
    for (int i = 0; i < k; ++i) {
      STORE_REAL(keys[i], y, to + (size_t)i * inner);
      places[to + (size_t)i * inner] = origins[i];
    }
  }
}

#undef REAL
#undef TYPE
#undef DESCENDING
#undef RUN
#undef AHEAD
