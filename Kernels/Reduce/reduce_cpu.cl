// reduce_cpu: sums, products or extremes along one axis of [outer, reduce, inner], for a CPU
// in      x [outer, reduce, inner] REAL; center [outer, inner] float, with the operations that take it
// out     y [outer, chunks, inner] REAL_OUT, chunks = ceil(reduce/chunk); chunk = reduce gives the
//         whole axis. A long axis takes two launches: chunks into partials of TYPE [outer, chunks,
//         inner], then those with reduce = chunk = chunks; the chunk follows from the shape alone,
//         so the result is the same on every device
// launch  reduce_rows         inner == 1: local 1, global ceil(outer*chunks/rows_per_item)
//         reduce_narrow_rows  inner == 1, short rows: local 1, global ceil(outer/rows_per_item);
//                             VW rows at a time, so that no lane is idle
//         reduce_columns      inner > 1:  local 1, global spans*outer*chunks; the last of the spans
//                             of a row has what the others leave
// options those of Reduce/operations, whose text comes first
// local   none; accumulates in TYPE; tolerance reduce*2^-23*sum|x|, extremes are exact
// test    GPUMLRuntimeTests/ConformanceTests.swift

#if CENTERED
#define CENTER_OF(line) center[line]
#else
#define CENTER_OF(line) 0.0f
#endif

// count elements joined.
static TYPE KERNEL_NAME(joined)(const __global REAL *from, int count, float c) {
  VTYPE acc[4];
  for (int j = 0; j < 4; ++j) acc[j] = (VTYPE)(FIRST);
  TYPE tail = FIRST;
  int i = 0;
  for (; i + 4 * VW <= count; i += 4 * VW) {
#pragma unroll
    for (int j = 0; j < 4; ++j) acc[j] = COMBINE_V(acc[j], MAP_V(LOADV_IN(from + i + j * VW), c));
  }
  for (; i + VW <= count; i += VW) acc[0] = COMBINE_V(acc[0], MAP_V(LOADV_IN(from + i), c));
  for (; i < count; ++i) tail = COMBINE(tail, MAP(LOAD_IN(from, i), c));
  VTYPE all = COMBINE_V(COMBINE_V(acc[0], acc[1]), COMBINE_V(acc[2], acc[3]));
  TYPE total;
  FOLD_LANES(TYPE, VTYPE, all, total, COMBINE, COMBINE_V);
  return COMBINE(total, tail);
}

__kernel void KERNEL_NAME(reduce_rows)(
    const __global REAL *restrict x, CENTER_PARAM __global REAL_OUT *restrict y, int outer, int reduce,
    int chunk, int rows_per_item, float scale) {
  int chunks = CEIL_DIV(reduce, chunk);
  int first = (int)get_global_id(0) * rows_per_item;
  int last = min(first + rows_per_item, outer * chunks);
  for (int row = first; row < last; ++row) {
    int line = row / chunks;
    int begin = REMAINDER(row, chunks, line) * chunk;
    TYPE total = KERNEL_NAME(joined)(
        x + (size_t)line * reduce + begin, min(chunk, reduce - begin), CENTER_OF(line));
    STORE_OUT(FINISH(total), y, row);
  }
}

__kernel void KERNEL_NAME(reduce_narrow_rows)(
    const __global REAL *restrict x, CENTER_PARAM __global REAL_OUT *restrict y, int outer, int reduce,
    int rows_per_item, float scale) {
  int row = (int)get_global_id(0) * rows_per_item, last = min(row + rows_per_item, outer);
  int whole = reduce / VW * VW, rest = reduce - whole;
  // A row's last vector reaches into the next rows: how far rows may go where that is still inside.
  int inside = rest ? (int)(((long)outer * reduce - VW - whole) / reduce) + 1 : outer;
  VMASK within = CONVERT_MASK(lane_numbers()) < (VMASK)(rest);
  for (; row + VW <= min(last, inside); row += VW) {
    VTYPE rows[VW];
    for (int r = 0; r < VW; ++r) {
      const __global REAL *from = x + (size_t)(row + r) * reduce;
      VTYPE acc = (VTYPE)(FIRST);
      for (int i = 0; i < whole; i += VW)
        acc = COMBINE_V(acc, MAP_V(LOADV_IN(from + i), CENTER_OF(row + r)));
      if (rest) {
        VTYPE end = MAP_V(LOADV_IN(from + whole), CENTER_OF(row + r));
        acc = COMBINE_V(acc, select((VTYPE)(FIRST), end, within));
      }
      rows[r] = acc;
    }
    FOLD_ROWS(VTYPE, rows, COMBINE_V);
    STOREV_OUT(FINISH(rows[0]), y + row);
  }
  for (; row < last; ++row) {
    TYPE total = KERNEL_NAME(joined)(x + (size_t)row * reduce, reduce, CENTER_OF(row));
    STORE_OUT(FINISH(total), y, row);
  }
}

// As many columns as are joined in one go.
#define BLOCK_VECTORS 64
// The bytes of rows that are joined one by one where they come from memory, because the processor does not
// read ahead along several rows of one page. Of still shorter ones eight are one run.
#define LEAST_ROW 512
#define SHORT_ROW 4096
#define LARGE (1 << 20)

__kernel void KERNEL_NAME(reduce_columns)(
    const __global REAL *restrict x, CENTER_PARAM __global REAL_OUT *restrict y, int outer, int reduce,
    int inner, int chunk, int span, int spans, float scale) {
  int chunks = CEIL_DIV(reduce, chunk);
  int id = (int)get_global_id(0);
  int block = id / spans, place = REMAINDER(id, spans, block), line = block / chunks;
  int begin = REMAINDER(block, chunks, line) * chunk;
  int count = min(chunk, reduce - begin);
  int column = place * span, last = place == spans - 1 ? inner : column + span;
  bool is_single = inner * sizeof(REAL) >= LEAST_ROW && inner * sizeof(REAL) < SHORT_ROW &&
                   (size_t)outer * reduce * inner * sizeof(REAL) > LARGE;
  // Rows that are joined eight at a time.
  int together = is_single ? 0 : count;
  const __global REAL *rows = x + ((size_t)line * reduce + begin) * inner;
  __global REAL_OUT *to = y + (size_t)block * inner;
#if CENTERED
  const __global float *centers = center + (size_t)line * inner;
#define CENTERS(v) VLOAD(centers + column + (v) * VW)
#else
#define CENTERS(v) 0.0f
#endif
#define AT(row, v) MAP_V(LOADV_IN(from + (size_t)(row) * inner + (v) * VW), CENTERS(v))
  if (last - column < VW) {
    for (; column < last; ++column) {
      TYPE acc = FIRST;
      for (int i = 0; i < count; ++i)
        acc = COMBINE(acc, MAP(LOAD_IN(rows + column, (size_t)i * inner), centers[column]));
      STORE_OUT(FINISH(acc), to, column);
    }
    return;
  }
  while (column < last) {
    // What is less than a vector in the end is joined once more with its neighbours.
    if (column + VW > last) column = last - VW;
    int vectors = min(BLOCK_VECTORS, (last - column) / VW);
    const __global REAL *from = rows + column;
    VTYPE acc[BLOCK_VECTORS];
    for (int v = 0; v < vectors; ++v) acc[v] = (VTYPE)(FIRST);
    int i = 0;
    for (; i + 8 <= together; i += 8, from += (size_t)8 * inner)
      for (int v = 0; v < vectors; ++v) {
        VTYPE some = COMBINE_V(COMBINE_V(AT(0, v), AT(1, v)), COMBINE_V(AT(2, v), AT(3, v)));
        VTYPE others = COMBINE_V(COMBINE_V(AT(4, v), AT(5, v)), COMBINE_V(AT(6, v), AT(7, v)));
        acc[v] = COMBINE_V(acc[v], COMBINE_V(some, others));
      }
    for (; i < count; ++i, from += inner)
      for (int v = 0; v < vectors; ++v) acc[v] = COMBINE_V(acc[v], AT(0, v));
    for (int v = 0; v < vectors; ++v) STOREV_OUT(FINISH(acc[v]), to + column + v * VW);
    column += vectors * VW;
  }
}

#undef CENTER_OF
#undef CENTERS
#undef AT
#undef BLOCK_VECTORS
#undef LEAST_ROW
#undef SHORT_ROW
#undef LARGE
#undef REAL
#undef REAL_OUT
#undef TYPE
#undef TRUTH
#undef OP
#undef END
#undef VTYPE
#undef VMASK
#undef CONVERT_MASK
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
