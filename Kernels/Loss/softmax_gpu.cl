// softmax_gpu: softmax and softmax cross-entropy, a few work-items of a group a row, for a GPU
// in      x (logits) [rows, columns] REAL; labels [rows] int; upstream [rows] REAL
// out     softmax_forward         y [rows, columns] REAL
//         cross_entropy_forward   loss [rows] REAL: log(sum(exp(x))) - x[label]
//         cross_entropy_backward  dx [rows, columns] REAL: (softmax - onehot) * upstream
//         a label outside 0 to columns - 1 makes its loss and its gradient row NaN
// launch  local WG, global ceil(rows/(WG/LANES))*WG
// options -D REAL=float|half|bfloat16 (float)  -D WG=1..1024 (64)
//         -D LANES=1..WG, the work-items of a row (WG); both powers of two
// local   WG*4 bytes; the maximum is subtracted first: finite for +-1e4; tolerance 1e-5
// test    GPUMLRuntimeTests/PrimitiveTests.swift

#ifndef REAL
#define REAL float
#endif
#ifndef WG
#define WG 64
#endif
#ifndef LANES
#define LANES WG
#endif

// This work-item's number among those of its row, and the row. Beyond the last row they compute it once
// more, so that all meet at the barriers, and store nothing.
#define LANE ((int)(get_local_id(0) & (LANES - 1)))
#define ROW ((int)get_group_id(0) * (WG / LANES) + (int)get_local_id(0) / LANES)

// A row's values folded by a tree, given to all of its items.
static float KERNEL_NAME(group_sum)(float value, __local float *tree) {
  int item = (int)get_local_id(0);
  tree[item] = value;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int size = LANES / 2; size > 0; size /= 2) {
    if (LANE < size) tree[item] += tree[item + size];
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  float total = tree[item - LANE];
  barrier(CLK_LOCAL_MEM_FENCE);
  return total;
}

static float KERNEL_NAME(group_max)(float value, __local float *tree) {
  int item = (int)get_local_id(0);
  tree[item] = value;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int size = LANES / 2; size > 0; size /= 2) {
    if (LANE < size) tree[item] = max_nan(tree[item], tree[item + size]);
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  float best = tree[item - LANE];
  barrier(CLK_LOCAL_MEM_FENCE);
  return best;
}

// A row's maximum and the sum of exp(x - maximum).
static float2 KERNEL_NAME(softmax_statistics)(
    const __global REAL *x, int columns, __local float *tree) {
  float high = -INFINITY, sum = 0.0f;
  for (int i = LANE; i < columns; i += LANES) high = max_nan(high, LOAD_REAL(x, i));
  float maximum = KERNEL_NAME(group_max)(high, tree);
  for (int i = LANE; i < columns; i += LANES) sum += exp(LOAD_REAL(x, i) - maximum);
  return (float2)(maximum, KERNEL_NAME(group_sum)(sum, tree));
}

__kernel __attribute__((reqd_work_group_size(WG, 1, 1))) void KERNEL_NAME(softmax_forward)(
    const __global REAL *restrict x, __global REAL *restrict y, int rows, int columns) {
  __local float tree[WG];
  size_t start = (size_t)min(ROW, rows - 1) * columns;
  float2 statistics = KERNEL_NAME(softmax_statistics)(x + start, columns, tree);
  float inverse = 1.0f / statistics.y;
  if (ROW >= rows) return;
  for (int i = LANE; i < columns; i += LANES) {
    STORE_REAL(exp(LOAD_REAL(x, start + i) - statistics.x) * inverse, y, start + i);
  }
}

__kernel __attribute__((reqd_work_group_size(WG, 1, 1))) void KERNEL_NAME(cross_entropy_forward)(
    const __global REAL *restrict x, const __global int *restrict labels,
    __global REAL *restrict loss, int rows, int columns) {
  __local float tree[WG];
  int row = min(ROW, rows - 1);
  const __global REAL *from = x + (size_t)row * columns;
  float2 statistics = KERNEL_NAME(softmax_statistics)(from, columns, tree);
  if (LANE != 0 || ROW >= rows) return;
  int label = labels[row];
  bool valid = label >= 0 && label < columns;
  float picked = valid ? LOAD_REAL(from, valid ? label : 0) : NAN;
  STORE_REAL((statistics.x - picked) + log(statistics.y), loss, row);
}

__kernel __attribute__((reqd_work_group_size(WG, 1, 1))) void KERNEL_NAME(cross_entropy_backward)(
    const __global REAL *restrict x, const __global int *restrict labels,
    const __global REAL *restrict upstream, __global REAL *restrict dx, int rows, int columns) {
  __local float tree[WG];
  int row = min(ROW, rows - 1), label = labels[row];
  size_t start = (size_t)row * columns;
  float2 statistics = KERNEL_NAME(softmax_statistics)(x + start, columns, tree);
  bool valid = label >= 0 && label < columns;
  float inverse = 1.0f / statistics.y, gradient = valid ? LOAD_REAL(upstream, row) : NAN;
  if (ROW >= rows) return;
  for (int i = LANE; i < columns; i += LANES) {
    float probability = exp(LOAD_REAL(x, start + i) - statistics.x) * inverse;
    STORE_REAL((probability - (i == label ? 1.0f : 0.0f)) * gradient, dx, start + i);
  }
}

#undef REAL
#undef WG
#undef LANES
#undef LANE
#undef ROW
