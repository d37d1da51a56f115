// softmax_cpu: softmax and softmax cross-entropy over rows, for a CPU
// in      x (logits) [rows, columns] float; labels [rows] int; upstream [rows] float;
// out     softmax_forward         y [rows, columns]
//         cross_entropy_forward   loss [rows]: log(sum(exp(x))) - x[label]
//         cross_entropy_backward  dx [rows, columns]: (softmax - onehot) * upstream
//         a label outside 0 to columns - 1 makes its loss and its gradient row NaN
// launch  local 1, global ceil(rows/rows_per_item)
// options none
// local   none; the maximum is subtracted first: finite for +-1e4; tolerance 1e-5
// test    GPUMLRuntimeTests/PrimitiveTests.swift

// A row's maximum and the sum of exp(x - maximum).
static float2 KERNEL_NAME(softmax_statistics)(const __global float *x, int columns) {
  int whole = columns / VW * VW, rest = columns - whole;
  VFLOAT high = (VFLOAT)(-INFINITY), end = high, sum = VZERO;
  for (int i = 0; i < whole; i += VW) high = max_nan_v(high, VLOAD(x + i));
  if (rest) {
    end = load_partial(x + whole, rest, -INFINITY);
    high = max_nan_v(high, end);
  }
  float maximum = max_lanes(high);
  for (int i = 0; i < whole; i += VW) sum += exp(VLOAD(x + i) - maximum);
  if (rest) sum += exp(end - maximum);
  return (float2)(maximum, sum_lanes(sum));
}

__kernel void KERNEL_NAME(softmax_forward)(
    const __global float *restrict x, __global float *restrict y, int rows, int columns,
    int rows_per_item) {
  int first = (int)get_global_id(0) * rows_per_item;
  int last = min(first + rows_per_item, rows);
  for (int row = first; row < last; ++row) {
    const __global float *from = x + (size_t)row * columns;
    __global float *to = y + (size_t)row * columns;
    float2 statistics = KERNEL_NAME(softmax_statistics)(from, columns);
    float inverse = 1.0f / statistics.y;
#define RESULT(v) (exp((v) - statistics.x) * inverse)
    int i = 0;
    for (; i + VW <= columns; i += VW) VSTORE(RESULT(VLOAD(from + i)), to + i);
    if (i < columns) {
      VFLOAT end = load_partial(from + i, columns - i, 0.0f);
      store_partial(RESULT(end), to + i, columns - i);
    }
#undef RESULT
  }
}

__kernel void KERNEL_NAME(cross_entropy_forward)(
    const __global float *restrict x, const __global int *restrict labels,
    __global float *restrict loss, int rows, int columns, int rows_per_item) {
  int first = (int)get_global_id(0) * rows_per_item;
  int last = min(first + rows_per_item, rows);
  for (int row = first; row < last; ++row) {
    const __global float *from = x + (size_t)row * columns;
    int label = labels[row];
    if (label < 0 || label >= columns) {
      loss[row] = NAN;
      continue;
    }
    float2 statistics = KERNEL_NAME(softmax_statistics)(from, columns);
    loss[row] = (statistics.x - from[label]) + log(statistics.y);
  }
}

__kernel void KERNEL_NAME(cross_entropy_backward)(
    const __global float *restrict x, const __global int *restrict labels,
    const __global float *restrict upstream, __global float *restrict dx, int rows, int columns,
    int rows_per_item) {
  int first = (int)get_global_id(0) * rows_per_item;
  int last = min(first + rows_per_item, rows);
  for (int row = first; row < last; ++row) {
    const __global float *from = x + (size_t)row * columns;
    __global float *to = dx + (size_t)row * columns;
    int label = labels[row];
    bool valid = label >= 0 && label < columns;
    float2 statistics = KERNEL_NAME(softmax_statistics)(from, columns);
    float inverse = 1.0f / statistics.y, gradient = valid ? upstream[row] : NAN;
    int i = 0;
    for (; i + VW <= columns; i += VW)
      VSTORE(exp(VLOAD(from + i) - statistics.x) * inverse * gradient, to + i);
    if (i < columns) {
      VFLOAT end = load_partial(from + i, columns - i, 0.0f);
      store_partial(exp(end - statistics.x) * inverse * gradient, to + i, columns - i);
    }
    if (valid) to[label] = (exp(from[label] - statistics.x) * inverse - 1.0f) * gradient;
  }
}

