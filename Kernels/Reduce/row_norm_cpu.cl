// row_norm_cpu: layer and RMS normalisation of rows and their gradients, for a CPU
//         (arXiv:1607.06450, arXiv:1910.07467)
// in      x, dy [rows, columns] REAL; gamma (if SCALED), beta (if SHIFTED) [columns] PARAM; for the
//         gradients mean, rest (if CENTERED) and inverse = 1 / sqrt(variance + epsilon) [rows] float
// out     row_norm_forward   y [rows, columns] REAL: (x - mean) * inverse * gamma + beta; mean, rest
//                            (if CENTERED), variance [rows] float. mean + rest is the mean to twice
//                            the precision: a mean far from 0 costs no digits. Without CENTERED
//                            nothing is taken off and the variance is the mean square
//         row_norm_backward  dx [rows, columns] REAL: with h = dy * gamma and the normalised z,
//                            (h - mean(h) - z * mean(h * z)) * inverse, mean(h) only if CENTERED
//         row_norm_columns   dgamma, dbeta (if CENTERED) [ceil(rows/chunk), columns] float: the sums
//                            of dy * z and of dy over chunk rows; a second launch adds the chunks
// launch  row_norm_forward, row_norm_backward  local 1, global ceil(rows/rows_per_item)
//         row_norm_columns  local 1, global ceil(columns/1024) * ceil(rows/chunk)
// options -D REAL=float|half|bfloat16 (float)  -D PARAM=float|half|bfloat16 (float)
//         -D CENTERED=0|1 (1)  -D SCALED=0|1 (0)  -D SHIFTED=0|1 (0)
// local   none; accumulates in float; tolerance 1e-5
// test    GPUMLRuntimeTests/ConformanceTests.swift

#ifndef REAL
#define REAL float
#endif
#ifndef PARAM
#define PARAM float
#endif
#ifndef CENTERED
#define CENTERED 1
#endif
#ifndef SCALED
#define SCALED 0
#endif
#ifndef SHIFTED
#define SHIFTED 0
#endif
#define LOAD_PARAM(p, i) GPUML_PASTE(LOAD_, PARAM)(p, i)
#define LOADV_PARAM(p) GPUML_PASTE(LOADV_, PARAM)(p)
#if SCALED
#define GAMMA_PARAM const __global PARAM *restrict gamma,
#define GAMMA_V(i) LOADV_PARAM(gamma + (i))
#define GAMMA(i) LOAD_PARAM(gamma, i)
#else
#define GAMMA_PARAM
#define GAMMA_V(i) 1.0f
#define GAMMA(i) 1.0f
#endif
#if SHIFTED
#define BETA_PARAM const __global PARAM *restrict beta,
#define BETA_V(i) LOADV_PARAM(beta + (i))
#define BETA(i) LOAD_PARAM(beta, i)
#else
#define BETA_PARAM
#define BETA_V(i) 0.0f
#define BETA(i) 0.0f
#endif
#if CENTERED
#define CENTER_PARAM(qualifier)                                                \
  qualifier __global float *restrict mean, qualifier __global float *restrict rest,
// Close to the mean the first difference is exact.
#define CENTER(v) ((v) - center - left_over)
#else
#define CENTER_PARAM(qualifier)
#define CENTER(v) (v)
#endif

__kernel void KERNEL_NAME(row_norm_forward)(
    const __global REAL *restrict x, GAMMA_PARAM BETA_PARAM __global REAL *restrict y,
    CENTER_PARAM() __global float *restrict variance, int rows, int columns, int rows_per_item,
    float epsilon) {
  int first = (int)get_global_id(0) * rows_per_item, last = min(first + rows_per_item, rows);
  for (int row = first; row < last; ++row) {
    const __global REAL *from = x + (size_t)row * columns;
    __global REAL *to = y + (size_t)row * columns;
    float center = 0.0f, left_over = 0.0f;
    int i;
#if CENTERED
    VFLOAT sum0 = VZERO, sum1 = VZERO;
    float sum = 0.0f;
    for (i = 0; i + 2 * VW <= columns; i += 2 * VW) {
      sum0 += LOADV_REAL(from + i);
      sum1 += LOADV_REAL(from + i + VW);
    }
    for (; i + VW <= columns; i += VW) sum0 += LOADV_REAL(from + i);
    for (; i < columns; ++i) sum += LOAD_REAL(from, i);
    center = (sum_lanes(sum0 + sum1) + sum) / (float)columns;
#endif
    VFLOAT first0 = VZERO, first1 = VZERO, second0 = VZERO, second1 = VZERO;
    float first_sum = 0.0f, second_sum = 0.0f;
    for (i = 0; i + 2 * VW <= columns; i += 2 * VW) {
      VFLOAT d0 = LOADV_REAL(from + i) - center, d1 = LOADV_REAL(from + i + VW) - center;
      first0 += d0;
      first1 += d1;
      second0 += d0 * d0;
      second1 += d1 * d1;
    }
    for (; i + VW <= columns; i += VW) {
      VFLOAT d = LOADV_REAL(from + i) - center;
      first0 += d;
      second0 += d * d;
    }
    for (; i < columns; ++i) {
      float d = LOAD_REAL(from, i) - center;
      first_sum += d;
      second_sum += d * d;
    }
    float moment = (sum_lanes(second0 + second1) + second_sum) / (float)columns;
#if CENTERED
    left_over = (sum_lanes(first0 + first1) + first_sum) / (float)columns;
    // A NaN is kept; what rounding brings below 0 is not.
    moment -= left_over * left_over;
    moment = moment < 0.0f ? 0.0f : moment;
    mean[row] = center;
    rest[row] = left_over;
#endif
    variance[row] = moment;
    float inverse = 1.0f / sqrt(moment + epsilon);
    for (i = 0; i + VW <= columns; i += VW) {
      VFLOAT z = CENTER(LOADV_REAL(from + i)) * inverse;
      STOREV_REAL(z * GAMMA_V(i) + BETA_V(i), to + i);
    }
    for (; i < columns; ++i) {
      float z = CENTER(LOAD_REAL(from, i)) * inverse;
      STORE_REAL(z * GAMMA(i) + BETA(i), to, i);
    }
  }
}

__kernel void KERNEL_NAME(row_norm_backward)(
    const __global REAL *restrict x, const __global REAL *restrict dy, CENTER_PARAM(const)
    const __global float *restrict inverses, GAMMA_PARAM __global REAL *restrict dx, int rows,
    int columns, int rows_per_item) {
  int first = (int)get_global_id(0) * rows_per_item, last = min(first + rows_per_item, rows);
  for (int row = first; row < last; ++row) {
    size_t start = (size_t)row * columns;
    const __global REAL *from = x + start, *up = dy + start;
    __global REAL *to = dx + start;
    float inverse = inverses[row];
#if CENTERED
    float center = mean[row], left_over = rest[row];
#endif
    VFLOAT sum = VZERO, product = VZERO;
    float sum_end = 0.0f, product_end = 0.0f;
    int i = 0;
    for (; i + VW <= columns; i += VW) {
      VFLOAT h = LOADV_REAL(up + i) * GAMMA_V(i);
      sum += h;
      product += h * CENTER(LOADV_REAL(from + i));
    }
    for (; i < columns; ++i) {
      float h = LOAD_REAL(up, i) * GAMMA(i);
      sum_end += h;
      product_end += h * CENTER(LOAD_REAL(from, i));
    }
    float slope = (sum_lanes(product) + product_end) * inverse * inverse / (float)columns;
    float shift = CENTERED ? (sum_lanes(sum) + sum_end) / (float)columns : 0.0f;
    for (i = 0; i + VW <= columns; i += VW) {
      VFLOAT h = LOADV_REAL(up + i) * GAMMA_V(i);
      STOREV_REAL((h - shift - CENTER(LOADV_REAL(from + i)) * slope) * inverse, to + i);
    }
    for (; i < columns; ++i) {
      float h = LOAD_REAL(up, i) * GAMMA(i);
      STORE_REAL((h - shift - CENTER(LOAD_REAL(from, i)) * slope) * inverse, to, i);
    }
  }
}

#if CENTERED
#define ROW_STATISTICS float center = mean[row], left_over = rest[row], inverse = inverses[row]
#else
#define ROW_STATISTICS float inverse = inverses[row]
#endif

// The columns of a work-item: whole pages, so that memory is read in long runs.
#define SPAN 1024

__kernel void KERNEL_NAME(row_norm_columns)(
    const __global REAL *restrict x, const __global REAL *restrict dy, CENTER_PARAM(const)
    const __global float *restrict inverses, __global float *restrict dgamma,
#if CENTERED
    __global float *restrict dbeta,
#endif
    int rows, int columns, int chunk) {
  int blocks = CEIL_DIV(columns, SPAN);
  int id = (int)get_global_id(0), part = id / blocks;
  int column = REMAINDER(id, blocks, part) * SPAN, end = min(column + SPAN, columns);
  int first = part * chunk, last = min(first + chunk, rows), vectors = (end - column) / VW;
  __global float *scales = dgamma + (size_t)part * columns + column;
#if CENTERED
  __global float *shifts = dbeta + (size_t)part * columns + column;
#endif
  VFLOAT scale[SPAN / VW], shift[SPAN / VW];
  for (int v = 0; v < vectors; ++v) scale[v] = shift[v] = VZERO;
  for (int row = first; row < last; ++row) {
    size_t start = (size_t)row * columns + column;
    ROW_STATISTICS;
    for (int v = 0; v < vectors; ++v) {
      VFLOAT g = LOADV_REAL(dy + start + v * VW);
      scale[v] += g * (CENTER(LOADV_REAL(x + start + v * VW)) * inverse);
      shift[v] += g;
    }
  }
  for (int v = 0; v < vectors; ++v) {
    VSTORE(scale[v], scales + v * VW);
#if CENTERED
    VSTORE(shift[v], shifts + v * VW);
#endif
  }
  // Less than a vector in the end.
  for (int c = vectors * VW; column + c < end; ++c) {
    float scale_end = 0.0f, shift_end = 0.0f;
    for (int row = first; row < last; ++row) {
      size_t place = (size_t)row * columns + column + c;
      ROW_STATISTICS;
      float g = LOAD_REAL(dy, place);
      scale_end += g * (CENTER(LOAD_REAL(x, place)) * inverse);
      shift_end += g;
    }
    scales[c] = scale_end;
#if CENTERED
    shifts[c] = shift_end;
#endif
  }
}

#undef REAL
#undef PARAM
#undef CENTERED
#undef SCALED
#undef SHIFTED
#undef LOAD_PARAM
#undef LOADV_PARAM
#undef GAMMA_PARAM
#undef GAMMA_V
#undef GAMMA
#undef BETA_PARAM
#undef BETA_V
#undef BETA
#undef CENTER_PARAM
#undef CENTER
#undef ROW_STATISTICS
#undef SPAN
