// argmax_cpu: where the largest or smallest of [outer, reduce, inner] stands along the middle axis, for
//         a CPU
// in      x [outer, reduce, inner] REAL
// out     y [outer, inner] int, 0 to reduce - 1: the first of equals; the first NaN before all
// launch  argmax_rows     inner == 1: local 1, global ceil(outer/rows_per_item); lanes are elements
//                         of one row
//         argmax_columns  inner > 1: local 1, global ceil(inner/span)*outer, span at most 64*VW; a
//                         lane is a line
// options -D TYPE=float|int|uint|long, what elements are compared as (float)
//         -D REAL=float|half|bfloat16, or char|uchar|int|uint|long, elements in memory (float)
//         -D LEAST=1 for the smallest (0)
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

#if LEAST
#define NOT_BETTER(a, b) ((a) >= (b))
#else
#define NOT_BETTER(a, b) ((a) <= (b))
#endif
// A NaN, which alone differs from itself, is better than all others: neither as good nor worse, it is
// not NOT_BETTER.
#define BEATS(a, b) (!NOT_BETTER(a, b) & ((b) == (b)))
#define SAME(a, b) (((a) == (b)) | (((a) != (a)) & ((b) != (b))))

#define INDEX_float int
#define INDEX_int int
#define INDEX_uint int
#define INDEX_long long
// Integers of the width of TYPE: indices and truth values of vectors.
#define INDEX GPUML_PASTE(INDEX_, TYPE)
#define VINDEX GPUML_PASTE(INDEX, VW)
#define VTYPE GPUML_PASTE(TYPE, VW)
#define VALUES(p) GPUML_PASTE(convert_, VTYPE)(LOADV_REAL(p))

// Takes the element a at index i in where it comes before the best so far.
#define TAKE(a, i, best, index)             \
  do {                                      \
    VINDEX beats = BEATS(a, best);          \
    best = select(best, a, beats);          \
    index = select(index, i, beats);        \
  } while (0)

__kernel void KERNEL_NAME(argmax_rows)(
    const __global REAL *restrict x, __global int *restrict y, int outer, int reduce,
    int rows_per_item) {
  int first = (int)get_global_id(0) * rows_per_item, last = min(first + rows_per_item, outer);
  VINDEX lanes = GPUML_PASTE(convert_, VINDEX)(lane_numbers());
  for (int row = first; row < last; ++row) {
    const __global REAL *from = x + (size_t)row * reduce;
    TYPE best = (TYPE)LOAD_REAL(from, 0);
    INDEX index = 0;
    int i = 0;
    if (reduce >= VW) {
      // Two halves by turns, each with what it has seen first of the best.
      VTYPE best0 = VALUES(from), best1 = best0;
      VINDEX index0 = lanes, index1 = lanes, at = lanes + VW;
      for (i = VW; i + 2 * VW <= reduce; i += 2 * VW, at += 2 * VW) {
        VTYPE some = VALUES(from + i), others = VALUES(from + i + VW);
        VINDEX next = at + VW;
        TAKE(some, at, best0, index0);
        TAKE(others, next, best1, index1);
      }
      for (; i + VW <= reduce; i += VW, at += VW) {
        VTYPE some = VALUES(from + i);
        TAKE(some, at, best0, index0);
      }
      TYPE bests[VW];
      INDEX indices[VW];
      VINDEX beats = BEATS(best1, best0) | (SAME(best1, best0) & (index1 < index0));
      VSTORE(select(best0, best1, beats), bests);
      VSTORE(select(index0, index1, beats), indices);
      best = bests[0];
      index = indices[0];
      for (int lane = 1; lane < VW; ++lane) {
        TYPE v = bests[lane];
        bool wins = BEATS(v, best) | (SAME(v, best) & (indices[lane] < index));
        best = wins ? v : best;
        index = wins ? indices[lane] : index;
      }
    }
    for (; i < reduce; ++i) {
      TYPE v = (TYPE)LOAD_REAL(from, i);
      bool wins = BEATS(v, best);
      best = wins ? v : best;
      index = wins ? i : index;
    }
    y[row] = (int)index;
  }
}

// The most vectors of a work-item, and the rows that are compared before their best is put away.
#define MOST_VECTORS 64
#define ROWS 8

__kernel void KERNEL_NAME(argmax_columns)(
    const __global REAL *restrict x, __global int *restrict y, int outer, int reduce, int inner,
    int span) {
  int spans = CEIL_DIV(inner, span);
  int id = (int)get_global_id(0), line = id / spans;
  int column = REMAINDER(id, spans, line) * span;
  int columns = min(span, inner - column), vectors = columns / VW;
  const __global REAL *from = x + (size_t)line * reduce * inner + column;
  __global int *to = y + (size_t)line * inner + column;
  VTYPE best[MOST_VECTORS];
  VINDEX index[MOST_VECTORS], at = (VINDEX)(1);
  for (int v = 0; v < vectors; ++v) {
    best[v] = VALUES(from + v * VW);
    index[v] = (VINDEX)(0);
  }
  int i = 1;
  for (; i + ROWS <= reduce; i += ROWS, at += ROWS) {
    const __global REAL *rows = from + (size_t)i * inner;
    for (int v = 0; v < vectors; ++v) {
      VTYPE first = best[v];
      VINDEX place = index[v];
#pragma unroll
      for (int r = 0; r < ROWS; ++r) {
        VTYPE some = VALUES(rows + (size_t)r * inner + v * VW);
        TAKE(some, at + r, first, place);
      }
      best[v] = first;
      index[v] = place;
    }
  }
  for (; i < reduce; ++i, at += 1)
    for (int v = 0; v < vectors; ++v) {
      VTYPE some = VALUES(from + (size_t)i * inner + v * VW);
      TAKE(some, at, best[v], index[v]);
    }
  for (int v = 0; v < vectors; ++v)
    VSTORE(GPUML_PASTE(convert_, VINT)(index[v]), to + v * VW);
  for (int end = vectors * VW; end < columns; ++end) {
    TYPE value = (TYPE)LOAD_REAL(from, end);
    int place = 0;
    for (i = 1; i < reduce; ++i) {
      TYPE v = (TYPE)LOAD_REAL(from, (size_t)i * inner + end);
      if (BEATS(v, value)) {
        value = v;
        place = i;
      }
    }
    to[end] = place;
  }
}

#undef MOST_VECTORS
#undef ROWS
#undef REAL
#undef TYPE
#undef LEAST
#undef NOT_BETTER
#undef BEATS
#undef SAME
#undef INDEX
#undef VINDEX
#undef VTYPE
#undef VALUES
#undef TAKE
