// row_norm_gpu: layer and RMS normalisation of rows and their gradients, a work-group a row, for a GPU
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
// launch  row_norm_forward, row_norm_backward  local WG, global rows*WG
//         row_norm_columns  a work-item a column: local WG, global ceil(columns/WG)*WG*ceil(rows/chunk)
// options -D REAL=float|half|bfloat16 (float)  -D PARAM=float|half|bfloat16 (float)
//         -D CENTERED=0|1 (1)  -D SCALED=0|1 (0)  -D SHIFTED=0|1 (0)
//         -D WG=32..1024, a power of two (64)
// local   WG*8 bytes; accumulates in float; tolerance 1e-5
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
#ifndef WG
#define WG 64
#endif
#define LOAD_PARAM(p, i) GPUML_PASTE(LOAD_, PARAM)(p, i)
#if SCALED
#define GAMMA_PARAM const __global PARAM *restrict gamma,
#define GAMMA(i) LOAD_PARAM(gamma, i)
#else
#define GAMMA_PARAM
#define GAMMA(i) 1.0f
#endif
#if SHIFTED
#define BETA_PARAM const __global PARAM *restrict beta,
#define BETA(i) LOAD_PARAM(beta, i)
#else
#define BETA_PARAM
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

// The group's values folded by a tree, given to all of its items.
static float2 KERNEL_NAME(group_sums)(float2 values, __local float2 *tree) {
  int item = (int)get_local_id(0);
  tree[item] = values;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int size = WG / 2; size > 0; size /= 2) {
    if (item < size) tree[item] += tree[item + size];
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  float2 total = tree[0];
  barrier(CLK_LOCAL_MEM_FENCE);
  return total;
}

__kernel __attribute__((reqd_work_group_size(WG, 1, 1))) void KERNEL_NAME(row_norm_forward)(
    const __global REAL *restrict x, GAMMA_PARAM BETA_PARAM __global REAL *restrict y,
    CENTER_PARAM() __global float *restrict variance, int rows, int columns, float epsilon) {
  __local float2 tree[WG];
  int row = (int)get_group_id(0), item = (int)get_local_id(0);
  const __global REAL *from = x + (size_t)row * columns;
  __global REAL *to = y + (size_t)row * columns;
  float center = 0.0f, left_over = 0.0f;
#if CENTERED
  float sum = 0.0f;
  for (int i = item; i < columns; i += WG) sum += LOAD_REAL(from, i);
  center = KERNEL_NAME(group_sums)((float2)(sum, 0.0f), tree).x / (float)columns;
#endif
  float2 own = (float2)(0.0f);
  for (int i = item; i < columns; i += WG) {
    float d = LOAD_REAL(from, i) - center;
    own += (float2)(d, d * d);
  }
  float2 sums = KERNEL_NAME(group_sums)(own, tree);
  float moment = sums.y / (float)columns;
#if CENTERED
  left_over = sums.x / (float)columns;
  // A NaN is kept; what rounding brings below 0 is not.
  moment -= left_over * left_over;
  moment = moment < 0.0f ? 0.0f : moment;
#endif
  if (item == 0) {
#if CENTERED
    mean[row] = center;
    rest[row] = left_over;
#endif
    variance[row] = moment;
  }
  float inverse = 1.0f / sqrt(moment + epsilon);
  for (int i = item; i < columns; i += WG) {
    float z = CENTER(LOAD_REAL(from, i)) * inverse;
    STORE_REAL(z * GAMMA(i) + BETA(i), to, i);
  }
}

__kernel __attribute__((reqd_work_group_size(WG, 1, 1))) void KERNEL_NAME(row_norm_backward)(
    const __global REAL *restrict x, const __global REAL *restrict dy, CENTER_PARAM(const)
    const __global float *restrict inverses, GAMMA_PARAM __global REAL *restrict dx, int rows,
    int columns) {
  __local float2 tree[WG];
  int row = (int)get_group_id(0), item = (int)get_local_id(0);
  size_t start = (size_t)row * columns;
  const __global REAL *from = x + start, *up = dy + start;
  __global REAL *to = dx + start;
  float inverse = inverses[row];
#if CENTERED
  float center = mean[row], left_over = rest[row];
#endif
  float2 own = (float2)(0.0f);
  for (int i = item; i < columns; i += WG) {
    float h = LOAD_REAL(up, i) * GAMMA(i);
    own += (float2)(h, h * CENTER(LOAD_REAL(from, i)));
  }
  float2 sums = KERNEL_NAME(group_sums)(own, tree);
  float slope = sums.y * inverse * inverse / (float)columns;
  float shift = CENTERED ? sums.x / (float)columns : 0.0f;
  for (int i = item; i < columns; i += WG) {
    float h = LOAD_REAL(up, i) * GAMMA(i);
    STORE_REAL((h - shift - CENTER(LOAD_REAL(from, i)) * slope) * inverse, to, i);
  }
}

__kernel __attribute__((reqd_work_group_size(WG, 1, 1))) void KERNEL_NAME(row_norm_columns)(
    const __global REAL *restrict x, const __global REAL *restrict dy, CENTER_PARAM(const)
    const __global float *restrict inverses, __global float *restrict dgamma,
#if CENTERED
    __global float *restrict dbeta,
#endif
    int rows, int columns, int chunk) {
  int groups = CEIL_DIV(columns, WG), group = (int)get_group_id(0), part = group / groups;
  int column = REMAINDER(group, groups, part) * WG + (int)get_local_id(0);
  if (column >= columns) return;
  int first = part * chunk, last = min(first + chunk, rows);
  float scale = 0.0f, shift = 0.0f;
  for (int row = first; row < last; ++row) {
    size_t place = (size_t)row * columns + column;
#if CENTERED
    float center = mean[row], left_over = rest[row];
#endif
    float g = LOAD_REAL(dy, place);
    scale += g * (CENTER(LOAD_REAL(x, place)) * inverses[row]);
    shift += g;
  }
  dgamma[(size_t)part * columns + column] = scale;
#if CENTERED
  dbeta[(size_t)part * columns + column] = shift;
#endif
}

#undef REAL
#undef PARAM
#undef CENTERED
#undef SCALED
#undef SHIFTED
#undef WG
#undef LOAD_PARAM
#undef GAMMA_PARAM
#undef GAMMA
#undef BETA_PARAM
#undef BETA
#undef CENTER_PARAM
#undef CENTER
