// softmax_cpu: softmax and softmax cross-entropy over rows, for a CPU
// in      x (logits) [rows, columns] REAL; labels [rows] int; upstream [rows] REAL
// out     softmax_forward         y [rows, columns] REAL
//         cross_entropy_forward   loss [rows] REAL: log(sum(exp(x))) - x[label]
//         cross_entropy_backward  dx [rows, columns] REAL: (softmax - onehot) * upstream
//         a label outside 0 to columns - 1 makes its loss and its gradient row NaN
// launch  local 1, global ceil(rows/rows_per_item)
// options -D REAL=float|half|bfloat16 (float)
//         -D NARROW=1 where columns are at most 4*VW: VW rows at a time, so that no lane is idle (0)
// local   none; the maximum is subtracted first: finite for +-1e4; tolerance 1e-5
// test    GPUMLRuntimeTests/PrimitiveTests.swift

// A NaN is left out of the maximum, but comes back with the sum.

#ifndef REAL
#define REAL float
#endif
#ifndef NARROW
#define NARROW 0
#endif

static float KERNEL_NAME(row_maximum)(const __global REAL *x, int columns) {
  VFLOAT high = (VFLOAT)(-INFINITY);
  int i = 0;
  for (; i + VW <= columns; i += VW) high = max_loose_v(high, LOADV_REAL(x + i));
  if (i < columns) high = max_loose_v(high, LOAD_PARTIAL_REAL(x + i, columns - i, -INFINITY));
  return max_lanes(high);
}

// What is kept of a row between its sum and its results: whole vectors of exp(x - maximum), in the results'
// place if they are float, else the first ones in kept.
#define IS_FLOAT_float 1
#if GPUML_PASTE(IS_FLOAT_, REAL)
#define KEPT 1
#define KEEP(v, i) VSTORE(v, to + (i))
#define KEPT_OF(i, x) VLOAD(to + (i))
#else
#define KEPT 1024
#define KEEP(v, i) \
  if ((i) < KEPT) VSTORE(v, kept + (i))
#define KEPT_OF(i, x) ((i) < KEPT ? VLOAD(kept + (i)) : exp_below_v(x))
#endif

// The sum of exp(x - high) over a row, whose exponentials are kept if to is not 0; meanwhile the maximum of
// the next row takes the place of high.
static float KERNEL_NAME(row_sum)(
    const __global REAL *from, const __global REAL *next, __global REAL *to, float *kept,
    int columns, float *high) {
  VFLOAT sum = VZERO, largest = (VFLOAT)(-INFINITY);
  float maximum = *high;
  int i = 0;
  for (; i + VW <= columns; i += VW) {
    VFLOAT v = exp_below_v(LOADV_REAL(from + i) - maximum);
    if (to) {
      KEEP(v, i);
    }
    sum += v;
    largest = max_loose_v(largest, LOADV_REAL(next + i));
  }
  if (i < columns) {
    sum += exp_below_v(LOAD_PARTIAL_REAL(from + i, columns - i, -INFINITY) - maximum);
    largest = max_loose_v(largest, LOAD_PARTIAL_REAL(next + i, columns - i, -INFINITY));
  }
  *high = max_lanes(largest);
  return sum_lanes(sum);
}

// A row's results: exp(x - high) * factor.
static void KERNEL_NAME(finish_row)(
    const __global REAL *from, __global REAL *to, const float *kept, int columns, float high,
    float factor) {
  int i = 0;
  for (; i + VW <= columns; i += VW)
    STOREV_REAL(KEPT_OF(i, LOADV_REAL(from + i) - high) * factor, to + i);
  if (i < columns) {
    VFLOAT end = exp_below_v(LOAD_PARTIAL_REAL(from + i, columns - i, -INFINITY) - high);
    STORE_PARTIAL_REAL(end * factor, to + i, columns - i);
  }
}

#if NARROW
// Of VW rows the maxima, the sums of exp(x - maximum) and these exponentials, all lanes of whose last
// vector but the lowest rest are 0. That vector reaches into the next row.
static void KERNEL_NAME(rows_exponentials)(
    const __global REAL *from, int columns, VFLOAT *highs, VFLOAT *sums, float *kept) {
  int whole = columns / VW * VW, rest = columns - whole;
  VINT within = GPUML_PASTE(convert_int, VW)(lane_numbers()) < (VINT)(rest);
  VFLOAT rows[VW];
  float high[VW];
  for (int r = 0; r < VW; ++r) {
    const __global REAL *row = from + r * columns;
    VFLOAT v = (VFLOAT)(-INFINITY);
    for (int i = 0; i < whole; i += VW) v = max_loose_v(v, LOADV_REAL(row + i));
    if (rest) v = max_loose_v(v, select((VFLOAT)(-INFINITY), LOADV_REAL(row + whole), within));
    rows[r] = v;
  }
  FOLD_ROWS(VFLOAT, rows, max_loose_v);
  *highs = rows[0];
  VSTORE(rows[0], high);
  for (int r = 0; r < VW; ++r, kept += 4 * VW) {
    const __global REAL *row = from + r * columns;
    VFLOAT sum = VZERO;
    for (int i = 0; i < whole; i += VW) {
      VFLOAT v = exp_below_v(LOADV_REAL(row + i) - high[r]);
      VSTORE(v, kept + i);
      sum += v;
    }
    if (rest) {
      VFLOAT v = exp_below_v(LOADV_REAL(row + whole) - high[r]);
      v = select(VZERO, v, within);
      VSTORE(v, kept + whole);
      sum += v;
    }
    rows[r] = sum;
  }
  FOLD_ROWS(VFLOAT, rows, SUM_OF);
  *sums = rows[0];
}

// Writes a row; its last vector reaches into the next row, which is written later, or ends with the row.
static void KERNEL_NAME(store_row)(
    const float *kept, float factor, __global REAL *to, int columns, bool reaches) {
  int i = 0;
  for (; i + VW <= columns || (reaches && i < columns); i += VW)
    STOREV_REAL(VLOAD(kept + i) * factor, to + i);
  if (i < columns) STORE_PARTIAL_REAL(VLOAD(kept + i) * factor, to + i, columns - i);
}
#endif

// Goes through a work-item's rows: BODY_OF_MANY takes VW rows from row on, of which all that a vector
// reaches is inside x; then those that are left go one by one, each with its maximum in high.
#define ROWS_OF_ITEM                                                                         \
  int row = (int)get_global_id(0) * rows_per_item, last = min(row + rows_per_item, rows);
#if NARROW
// How far rows may go for their last vector to end inside of the first so many rows.
#define REACH(end) \
  (columns % VW ? (int)(((long)(end) * columns - VW - columns / VW * VW) / columns) + 1 : (end))
#define FOR_MANY_ROWS                                                              \
  for (int inside = min(last, REACH(rows)), end = REACH(last); row + VW <= inside; row += VW) { \
    const __global REAL *from = x + (size_t)row * columns;                         \
    VFLOAT highs, sums;                                                            \
    float kept[4 * VW * VW];                                                       \
    KERNEL_NAME(rows_exponentials)(from, columns, &highs, &sums, kept);
#endif

__kernel void KERNEL_NAME(softmax_forward)(
    const __global REAL *restrict x, __global REAL *restrict y, int rows, int columns,
    int rows_per_item) {
  ROWS_OF_ITEM
#if NARROW
  FOR_MANY_ROWS
    float factors[VW];
    VSTORE(1.0f / sums, factors);
    for (int r = 0; r < VW; ++r)
      KERNEL_NAME(store_row)(
          kept + r * 4 * VW, factors[r], y + (size_t)(row + r) * columns, columns, row + r < end);
  }
#endif
  if (row >= last) return;
  float kept[KEPT], high = KERNEL_NAME(row_maximum)(x + (size_t)row * columns, columns);
  for (; row < last; ++row) {
    const __global REAL *from = x + (size_t)row * columns;
    __global REAL *to = y + (size_t)row * columns;
    float own = high;
    float sum = KERNEL_NAME(row_sum)(
        from, row + 1 < last ? from + columns : from, to, kept, columns, &high);
    KERNEL_NAME(finish_row)(from, to, kept, columns, own, 1.0f / sum);
  }
}

__kernel void KERNEL_NAME(cross_entropy_forward)(
    const __global REAL *restrict x, const __global int *restrict labels,
    __global REAL *restrict loss, int rows, int columns, int rows_per_item) {
  ROWS_OF_ITEM
#if NARROW
  FOR_MANY_ROWS
    float picked[VW];
    for (int r = 0; r < VW; ++r) {
      int label = labels[row + r];
      picked[r] =
          label < 0 || label >= columns ? NAN : LOAD_REAL(from, (size_t)r * columns + label);
    }
    STOREV_REAL((highs - VLOAD(picked)) + log(sums), loss + row);
  }
#endif
  if (row >= last) return;
  float high = KERNEL_NAME(row_maximum)(x + (size_t)row * columns, columns);
  for (; row < last; ++row) {
    const __global REAL *from = x + (size_t)row * columns;
    int label = labels[row];
    float own = high;
    float sum = KERNEL_NAME(row_sum)(
        from, row + 1 < last ? from + columns : from, 0, 0, columns, &high);
    float picked = label < 0 || label >= columns ? NAN : LOAD_REAL(from, label);
    STORE_REAL((own - picked) + log(sum), loss, row);
  }
}

__kernel void KERNEL_NAME(cross_entropy_backward)(
    const __global REAL *restrict x, const __global int *restrict labels,
    const __global REAL *restrict upstream, __global REAL *restrict dx, int rows, int columns,
    int rows_per_item) {
  ROWS_OF_ITEM
// The gradient of a row with a label, and the label's own element.
#define GRADIENT(row, label) (label < 0 || label >= columns ? NAN : LOAD_REAL(upstream, row))
#define SET_OWN(from, to, label, high, factor, gradient)                                    \
  if (label >= 0 && label < columns)                                                        \
    STORE_REAL(                                                                             \
        exp(LOAD_REAL(from, label) - (high)) * (factor) - (gradient), to, label)
#if NARROW
  FOR_MANY_ROWS
    float high[VW], inverses[VW];
    VSTORE(highs, high);
    VSTORE(1.0f / sums, inverses);
    for (int r = 0; r < VW; ++r) {
      __global REAL *to = dx + (size_t)(row + r) * columns;
      int label = labels[row + r];
      float gradient = GRADIENT(row + r, label), factor = inverses[r] * gradient;
      KERNEL_NAME(store_row)(kept + r * 4 * VW, factor, to, columns, row + r < end);
      SET_OWN(from + r * columns, to, label, high[r], factor, gradient);
    }
  }
#endif
  if (row >= last) return;
  float kept[KEPT], high = KERNEL_NAME(row_maximum)(x + (size_t)row * columns, columns);
  for (; row < last; ++row) {
    const __global REAL *from = x + (size_t)row * columns;
    __global REAL *to = dx + (size_t)row * columns;
    int label = labels[row];
    float own = high;
    float sum = KERNEL_NAME(row_sum)(
        from, row + 1 < last ? from + columns : from, to, kept, columns, &high);
    float gradient = GRADIENT(row, label), factor = 1.0f / sum * gradient;
    KERNEL_NAME(finish_row)(from, to, kept, columns, own, factor);
    SET_OWN(from, to, label, own, factor, gradient);
  }
}

#undef REAL
#undef NARROW
#undef KEPT
#undef KEEP
#undef KEPT_OF
#undef ROWS_OF_ITEM
#undef REACH
#undef FOR_MANY_ROWS
#undef GRADIENT
#undef SET_OWN
