// norm: the Euclidean norm of many tensors together, in two passes without atomics
// in      x [n] float: tensors that lie side by side, any padding 0; state as in Optimizer/state.cl
// out     squares  partial [first + group] float: the sum of squares of a chunk
//         norm     y [1] float: the root of the sum of all partial [count], divided by the loss scale
// launch  squares  local WG, global ceil(n/CHUNK)*WG: a work-group a chunk
//         norm     local WG, global WG
// options -D CHUNK, elements of a chunk, a multiple of VW (32768)
//         -D WG, work-group, a power of two (1; 256 on a GPU)
// local   WG*4 bytes; accumulates in float; tolerance n*2^-23
// test    GPUMLRuntimeTests/ConformanceTests.swift

#ifndef CHUNK
#define CHUNK 32768
#endif
#ifndef WG
#define WG 1
#endif

// The group's values folded by a tree; the first item has the sum.
static float KERNEL_NAME(group_sum)(float value, __local float *tree) {
  int item = (int)get_local_id(0);
  tree[item] = value;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int size = WG / 2; size > 0; size /= 2) {
    if (item < size) tree[item] += tree[item + size];
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  return tree[0];
}

__kernel __attribute__((reqd_work_group_size(WG, 1, 1))) void KERNEL_NAME(squares)(
    const __global float *restrict x, __global float *restrict partial, uint n, int first) {
  __local float tree[WG];
  size_t begin = (get_global_id(0) / WG) * (size_t)CHUNK, last = min(begin + CHUNK, (size_t)n);
  VFLOAT sum = VZERO;
  float tail = 0.0f;
  // Neighbouring items take neighbouring vectors; one of them finds the ragged end.
  size_t i = begin + get_local_id(0) * VW;
  for (; i + VW <= last; i += WG * VW) {
    VFLOAT v = VLOAD(x + i);
    sum += v * v;
  }
  for (; i < last; ++i) tail += x[i] * x[i];
  float total = KERNEL_NAME(group_sum)(sum_lanes(sum) + tail, tree);
  if (get_local_id(0) == 0) partial[first + (int)(get_global_id(0) / WG)] = total;
}

__kernel __attribute__((reqd_work_group_size(WG, 1, 1))) void KERNEL_NAME(norm)(
    const __global float *restrict partial, const __global uint *restrict state,
    __global float *restrict y, int count) {
  __local float tree[WG];
  float sum = 0.0f;
  for (int i = (int)get_local_id(0); i < count; i += WG) sum += partial[i];
  float total = KERNEL_NAME(group_sum)(sum, tree);
  if (get_local_id(0) == 0) y[0] = sqrt(total) / as_float(state[5]);
}

#undef CHUNK
#undef WG
