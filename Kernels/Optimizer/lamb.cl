// lamb: one update of a flat slab by LAMB (arXiv:1904.00962), whose step is as long for each tensor
//       as its norm says, in three passes without atomics
// in      gradient [n] float, still times the loss scale; state as in Optimizer/state.cl; scale [1];
//         chunks [count, 3] int: first element, number of elements (no more than the host likes) and
//         tensor of each chunk; starts [tensors + 1] int: the first chunk of each tensor
// in/out  parameter, mean (first moment), square (second moment) [n] float
//         t = completed steps + 1; the bias corrections are 1 - beta^t = -expm1(t * log(beta))
//         u = (mean / correction1) / (sqrt(square / correction2) + epsilon) + decay * parameter
//         lamb_moments  the moments; partial [count, 2]: each chunk's sums of parameter^2 and of u^2
//         lamb_ratios   ratio [tensors]: the root of their quotient; 1 where one of them is 0
//         lamb_step     parameter -= learning_rate * ratio * u
//         nothing is written while the finite flag is 0
// launch  lamb_moments, lamb_step  local WG, global count*WG: a work-group a chunk
//         lamb_ratios              local WG, global tensors*WG: a work-group a tensor
// options -D SCALED=0|1, whether there is a scale of the gradients (0)
//         -D WG, work-group, a power of two (1; 256 on a GPU)
// local   WG*8 bytes; accumulates in float; tolerance 1e-5
// test    GPUMLRuntimeTests/ConformanceTests.swift

#ifndef SCALED
#define SCALED 0
#endif
#ifndef WG
#define WG 1
#endif

// The group's values folded by a tree; the first item has the sums.
static float2 KERNEL_NAME(group_sums)(float2 values, __local float2 *tree) {
  int item = (int)get_local_id(0);
  tree[item] = values;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int size = WG / 2; size > 0; size /= 2) {
    if (item < size) tree[item] += tree[item + size];
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  return tree[0];
}

// STEP for all elements of the group's chunk: neighbouring items take neighbouring vectors, and one of
// them finds the ragged end.
#define CHUNK_ELEMENTS(STEP)                                                   \
  const __global int *chunk = chunks + (get_global_id(0) / WG) * 3;                    \
  size_t i = (size_t)chunk[0] + get_local_id(0) * VW;                          \
  size_t last = (size_t)chunk[0] + chunk[1];                                   \
  for (; i + VW <= last; i += WG * VW) {                                       \
    STEP(VFLOAT, VLOAD, VSTORE, VECTOR, i);                                    \
  }                                                                            \
  for (; i < last; ++i) {                                                      \
    STEP(float, LOAD_ONE, STORE_ONE, ONE, i);                                  \
  }

#define DIRECTION (m / (sqrt(s) * root_scale + epsilon) * mean_scale + weight_decay * p)
#define MOMENTS_STEP(TYPE, LOAD, STORE, FORM, i)                               \
  TYPE p = LOAD(parameter + i), g = LOAD(gradient + i) * factor;               \
  TYPE m = beta1 * LOAD(mean + i) + one_minus_beta1 * g;                       \
  TYPE s = beta2 * LOAD(square + i) + one_minus_beta2 * g * g;                 \
  TYPE u = DIRECTION;                                                          \
  STORE(m, mean + i);                                                          \
  STORE(s, square + i);                                                        \
  ADD_##FORM(p * p, u * u)
#define ADD_VECTOR(a, b) parameters += a, directions += b
#define ADD_ONE(a, b) tail += (float2)(a, b)
#define PARAMETER_STEP(TYPE, LOAD, STORE, FORM, i)                             \
  TYPE p = LOAD(parameter + i), m = LOAD(mean + i), s = LOAD(square + i);      \
  STORE(p - rate * DIRECTION, parameter + i)

__kernel __attribute__((reqd_work_group_size(WG, 1, 1))) void KERNEL_NAME(lamb_moments)(
    const __global float *restrict parameter, const __global float *restrict gradient,
    __global float *restrict mean, __global float *restrict square,
    const __global uint *restrict state, SCALE_PARAM const __global int *restrict chunks,
    __global float *restrict partial, float beta1, float one_minus_beta1, float log_beta1,
    float beta2, float one_minus_beta2, float log_beta2, float epsilon, float weight_decay) {
  __local float2 tree[WG];
  if (state[1] == 0) return;
  float factor = GRADIENT_FACTOR(state), t = (float)state[0] + 1.0f;
  float mean_scale = 1.0f / -expm1(t * log_beta1);
  float root_scale = 1.0f / sqrt(-expm1(t * log_beta2));
  VFLOAT parameters = VZERO, directions = VZERO;
  float2 tail = (float2)(0.0f);
  CHUNK_ELEMENTS(MOMENTS_STEP)
  float2 own = (float2)(sum_lanes(parameters), sum_lanes(directions)) + tail;
  float2 sums = KERNEL_NAME(group_sums)(own, tree);
  if (get_local_id(0) == 0) vstore2(sums, (get_global_id(0) / WG), partial);
}

__kernel __attribute__((reqd_work_group_size(WG, 1, 1))) void KERNEL_NAME(lamb_ratios)(
    const __global float *restrict partial, const __global int *restrict starts,
    const __global uint *restrict state, __global float *restrict ratio) {
  __local float2 tree[WG];
  if (state[1] == 0) return;
  int tensor = (int)(get_global_id(0) / WG), last = starts[tensor + 1];
  float2 own = (float2)(0.0f);
  for (int i = starts[tensor] + (int)get_local_id(0); i < last; i += WG) own += vload2(i, partial);
  float2 sums = KERNEL_NAME(group_sums)(own, tree);
  if (get_local_id(0) != 0) return;
  bool both = sums.x > 0.0f && sums.y > 0.0f;
  ratio[tensor] = both ? sqrt(sums.x) / sqrt(sums.y) : 1.0f;
}

__kernel __attribute__((reqd_work_group_size(WG, 1, 1))) void KERNEL_NAME(lamb_step)(
    __global float *restrict parameter, const __global float *restrict mean,
    const __global float *restrict square, const __global uint *restrict state,
    const __global int *restrict chunks, const __global float *restrict ratio, float log_beta1,
    float log_beta2, float epsilon, float weight_decay) {
  if (state[1] == 0) return;
  float t = (float)state[0] + 1.0f;
  float mean_scale = 1.0f / -expm1(t * log_beta1);
  float root_scale = 1.0f / sqrt(-expm1(t * log_beta2));
  float rate = as_float(state[4]) * ratio[chunks[(get_global_id(0) / WG) * 3 + 2]];
  CHUNK_ELEMENTS(PARAMETER_STEP)
}

#undef SCALED
#undef WG
#undef CHUNK_ELEMENTS
#undef DIRECTION
#undef MOMENTS_STEP
#undef ADD_VECTOR
#undef ADD_ONE
#undef PARAMETER_STEP
