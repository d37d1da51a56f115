// scan_gpu: running sums, products or recurrences along one axis of [outer, reduce, inner], for a GPU
// in      x [outer, reduce, inner] REAL; factors likewise, for recurrences; start, if asked for
// out     y [outer, reduce, inner] REAL_OUT, or totals, if asked for. A long axis takes three
//         launches: the totals of chunks; their exclusive scan; the scan of each chunk from there on.
//         chunk follows from the shape alone, so the result is the same on every device.
//         With reverse = 1 it goes from the end, and the first chunk is at the end
// launch  scan_rows     inner == 1, a work-group a chunk: local WG, global outer*chunks*WG
//         scan_columns  inner > 1, a work-item a column: local WG,
//                       global ceil(inner/WG)*outer*chunks*WG
// options those of Reduce/scan_steps, whose text comes first; -D WG=32..1024, a power of two (128);
//         -D ITEMS, neighbours that a work-item of scan_rows joins by itself (4)
// local   WG*(ITEMS + 1) elements of TYPE, twice for recurrences; accumulates in TYPE; tolerance
//         reduce*2^-23*sum|x|
// test    GPUMLRuntimeTests/ConformanceTests.swift

#ifndef WG
#define WG 128
#endif
#ifndef ITEMS
#define ITEMS 4
#endif

#if TOTALS
#define PUT(v, i) (void)(v)
#else
#define PUT(v, i) STORE_OUT(v, y, i)
#endif

__kernel __attribute__((reqd_work_group_size(WG, 1, 1))) void KERNEL_NAME(scan_rows)(
    const __global REAL *restrict x, FACTORS_PARAM START_PARAM RESULT_PARAM int outer, int reduce,
    int chunk, int reverse) {
  __local TYPE values[WG * ITEMS], ends[WG];
  FACTORS(__local TYPE multipliers[WG * ITEMS]; __local TYPE spans[WG];)
  int chunks = CEIL_DIV(reduce, chunk);
  int row = (int)get_group_id(0), item = (int)get_local_id(0);
  int line = row / chunks;
  int begin = REMAINDER(row, chunks, line) * chunk;
  int count = min(chunk, reduce - begin);
  long at = (long)line * reduce + (reverse ? reduce - 1 - begin : begin);
  long step = reverse ? -1 : 1;
  TYPE carry = START_AT(row);
  FACTORS(TYPE product = 1;)
  for (int tile = 0; tile < count; tile += WG * ITEMS) {
    for (int i = item; i < WG * ITEMS; i += WG) {
      bool inside = tile + i < count;
      // What lies outside changes no state.
      values[i] = inside ? LOAD_IN(x, at + (tile + i) * step) : (TYPE)FIRST;
      FACTORS(multipliers[i] = inside ? LOAD_IN(factors, at + (tile + i) * step) : (TYPE)1;)
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    TYPE end = FIRST, result;
    FACTORS(TYPE span = 1;)
    for (int i = item * ITEMS; i < (item + 1) * ITEMS; ++i) {
      FACTORS(span *= multipliers[i];)
      STEP(end, multipliers[i], values[i], result);
    }
    ends[item] = end;
    FACTORS(spans[item] = span;)
    barrier(CLK_LOCAL_MEM_FENCE);
    // Each work-item joins what the one before it has, at twice the distance each time.
    for (int distance = 1; distance < WG; distance *= 2) {
      TYPE before = item >= distance ? ends[item - distance] : (TYPE)FIRST;
      FACTORS(TYPE before_span = item >= distance ? spans[item - distance] : (TYPE)1;)
      barrier(CLK_LOCAL_MEM_FENCE);
      ends[item] = JOIN(before, spans[item], ends[item]);
      FACTORS(spans[item] *= before_span;)
      barrier(CLK_LOCAL_MEM_FENCE);
    }
    TYPE state = item == 0 ? carry : JOIN(carry, spans[item - 1], ends[item - 1]);
    carry = JOIN(carry, spans[WG - 1], ends[WG - 1]);
    FACTORS(product *= spans[WG - 1];)
#if !TOTALS
    for (int i = item * ITEMS; i < (item + 1) * ITEMS; ++i) {
      STEP(state, multipliers[i], values[i], result);
      values[i] = result;
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int i = item; i < WG * ITEMS && tile + i < count; i += WG)
      PUT(values[i], at + (tile + i) * step);
#endif
    barrier(CLK_LOCAL_MEM_FENCE);
  }
#if TOTALS
  if (item == 0) {
    totals[row] = carry;
    FACTORS(products[row] = product;)
  }
#endif
}

__kernel __attribute__((reqd_work_group_size(WG, 1, 1))) void KERNEL_NAME(scan_columns)(
    const __global REAL *restrict x, FACTORS_PARAM START_PARAM RESULT_PARAM int outer, int reduce,
    int inner, int chunk, int reverse) {
  int chunks = CEIL_DIV(reduce, chunk), groups = CEIL_DIV(inner, WG);
  int group = (int)get_group_id(0);
  int block = group / groups;
  int column = REMAINDER(group, groups, block) * WG + (int)get_local_id(0);
  if (column >= inner) return;
  int line = block / chunks;
  int begin = REMAINDER(block, chunks, line) * chunk;
  int count = min(chunk, reduce - begin);
  long at = ((long)line * reduce + (reverse ? reduce - 1 - begin : begin)) * inner + column;
  long step = reverse ? -(long)inner : (long)inner;
  size_t end = (size_t)block * inner + column;
  TYPE state = START_AT(end);
  FACTORS(TYPE product = 1;)
  for (int i = 0; i < count; ++i, at += step) {
    TYPE value = LOAD_IN(x, at), result;
    FACTORS(TYPE factor = LOAD_IN(factors, at); product *= factor;)
    STEP(state, factor, value, result);
    PUT(result, at);
  }
#if TOTALS
  totals[end] = state;
  FACTORS(products[end] = product;)
#endif
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
#undef WG
#undef ITEMS
#undef PUT
