// scan_cpu: running sums, products or recurrences along one axis of [outer, reduce, inner], for a CPU
// in      x [outer, reduce, inner] REAL; factors likewise, for recurrences; start, if asked for
// out     y [outer, reduce, inner] REAL_OUT, or totals, if asked for. A long axis takes three
//         launches: the totals of chunks; their exclusive scan; the scan of each chunk from there on.
//         chunk follows from the shape alone, so the result is the same on every device.
//         With reverse = 1 it goes from the end, and the first chunk is at the end
// launch  scan_rows     inner == 1: local 1, global ceil(outer*chunks/rows_per_item)
//         scan_columns  inner > 1:  local 1, global ceil(inner/VW)*outer*chunks
// options those of Reduce/scan_steps, whose text comes first; -D LANES, rows that go side by side so
//         that none waits for its last sum (8)
// local   none; accumulates in TYPE; tolerance reduce*2^-23*sum|x|
// test    GPUMLRuntimeTests/ConformanceTests.swift

#ifndef LANES
#define LANES 8
#endif

#if TOTALS
#define PUT(v, i) (void)(v)
#define PUT_V(v, i) (void)(v)
#else
#define PUT(v, i) STORE_OUT(v, y, i)
#define PUT_V(v, i) STOREV_OUT(v, y + (i))
#endif

__kernel void KERNEL_NAME(scan_rows)(
    const __global REAL *restrict x, FACTORS_PARAM START_PARAM RESULT_PARAM int outer, int reduce,
    int chunk, int rows_per_item, int reverse) {
  int chunks = CEIL_DIV(reduce, chunk);
  int first = (int)get_global_id(0) * rows_per_item;
  int last = min(first + rows_per_item, outer * chunks);
  long step = reverse ? -1 : 1;
  for (int row = first; row < last; row += LANES) {
    int width = min(LANES, last - row), common = width == LANES ? chunk : 0;
    long at[LANES];
    int count[LANES];
    TYPE state[LANES];
    FACTORS(TYPE product[LANES];)
    for (int lane = 0; lane < width; ++lane) {
      int line = (row + lane) / chunks;
      int begin = REMAINDER(row + lane, chunks, line) * chunk;
      at[lane] = (long)line * reduce + (reverse ? reduce - 1 - begin : begin);
      count[lane] = min(chunk, reduce - begin);
      state[lane] = START_AT(row + lane);
      FACTORS(product[lane] = 1;)
      common = min(common, count[lane]);
    }
    for (int i = 0; i < common; ++i) {
#pragma unroll
      for (int lane = 0; lane < LANES; ++lane) {
        long place = at[lane] + i * step;
        TYPE value = LOAD_IN(x, place), result;
        FACTORS(TYPE factor = LOAD_IN(factors, place); product[lane] *= factor;)
        STEP(state[lane], factor, value, result);
        PUT(result, place);
      }
    }
    for (int lane = 0; lane < width; ++lane) {
      for (int i = common; i < count[lane]; ++i) {
        long place = at[lane] + i * step;
        TYPE value = LOAD_IN(x, place), result;
        FACTORS(TYPE factor = LOAD_IN(factors, place); product[lane] *= factor;)
        STEP(state[lane], factor, value, result);
        PUT(result, place);
      }
#if TOTALS
      totals[row + lane] = state[lane];
      FACTORS(products[row + lane] = product[lane];)
#endif
    }
  }
}

__kernel void KERNEL_NAME(scan_columns)(
    const __global REAL *restrict x, FACTORS_PARAM START_PARAM RESULT_PARAM int outer, int reduce,
    int inner, int chunk, int reverse) {
  int chunks = CEIL_DIV(reduce, chunk), vectors = CEIL_DIV(inner, VW);
  int id = (int)get_global_id(0);
  int block = id / vectors, column = REMAINDER(id, vectors, block) * VW;
  int line = block / chunks;
  int begin = REMAINDER(block, chunks, line) * chunk;
  int count = min(chunk, reduce - begin);
  long at = ((long)line * reduce + (reverse ? reduce - 1 - begin : begin)) * inner + column;
  long step = reverse ? -(long)inner : (long)inner;
  size_t end = (size_t)block * inner + column;
  if (column + VW <= inner) {
    VTYPE state = START_V(end);
    FACTORS(VTYPE product = (VTYPE)(1);)
    for (int i = 0; i < count; ++i, at += step) {
      VTYPE value = LOADV_IN(x + at), result;
      FACTORS(VTYPE factor = LOADV_IN(factors + at); product *= factor;)
      STEP(state, factor, value, result);
      PUT_V(result, at);
    }
#if TOTALS
    VSTORE(state, totals + end);
    FACTORS(VSTORE(product, products + end);)
#endif
  } else {
    for (int lane = 0; lane < inner - column; ++lane) {
      TYPE state = START_AT(end + lane);
      FACTORS(TYPE product = 1;)
      for (int i = 0; i < count; ++i) {
        long place = at + lane + i * step;
        TYPE value = LOAD_IN(x, place), result;
        FACTORS(TYPE factor = LOAD_IN(factors, place); product *= factor;)
        STEP(state, factor, value, result);
        PUT(result, place);
      }
#if TOTALS
      totals[end + lane] = state;
      FACTORS(products[end + lane] = product;)
#endif
    }
  }
}

#undef REAL
#undef REAL_OUT
#undef TYPE
#undef TRUTH
#undef OP
#undef FORM
#undef TOTALS
#undef START
#undef VTYPE
#undef LOAD_IN
#undef LOADV_IN
#undef STORE_OUT
#undef STOREV_OUT
#undef FIRST
#undef NEXT
#undef JOIN
#undef FACTORS
#undef FACTORS_PARAM
#undef STEP
#undef RESULT_PARAM
#undef START_PARAM
#undef START_AT
#undef START_V
#undef LANES
#undef PUT
#undef PUT_V
