// argmax_gpu: where the largest or smallest of [outer, reduce, inner] stands along the middle axis, for
//         a GPU
// in      x [outer, reduce, inner] REAL
// out     y [outer, inner] int, 0 to reduce - 1: the first of equals; the first NaN before all
// launch  local WG, global round_up(outer*inner, WG)
// options -D TYPE=float|int|uint|long, what elements are compared as (float)
//         -D REAL=float|half|bfloat16, or char|uchar|int|uint|long, elements in memory (float)
//         -D LEAST=1 for the smallest (0)  -D WG, work-group (64)
// local   none; exact
// test    GPUMLRuntimeTests/ConformanceTests.swift

#ifndef REAL
#define REAL float
#endif
#ifndef TYPE
#define TYPE float
#endif
#ifndef LEAST
#define LEAST 0
#endif
#ifndef WG
#define WG 64
#endif

#if LEAST
#define BETTER(a, b) ((a) < (b))
#else
#define BETTER(a, b) ((a) > (b))
#endif

__kernel __attribute__((reqd_work_group_size(WG, 1, 1))) void KERNEL_NAME(argmax)(
    const __global REAL *restrict x, __global int *restrict y, int outer, int reduce, int inner) {
  int line = (int)get_global_id(0);
  if (line >= outer * inner) return;
  int block = line / inner;
  const __global REAL *from = x + (size_t)block * reduce * inner + REMAINDER(line, inner, block);
  TYPE best = (TYPE)LOAD_REAL(from, 0);
  int index = 0;
  for (int i = 1; i < reduce; ++i) {
    TYPE v = (TYPE)LOAD_REAL(from, (size_t)i * inner);
    // Only a NaN differs from itself.
    if (BETTER(v, best) || (v != v && best == best)) {
      best = v;
      index = i;
    }
  }
  y[line] = index;
}

#undef REAL
#undef TYPE
#undef LEAST
#undef BETTER
#undef WG
