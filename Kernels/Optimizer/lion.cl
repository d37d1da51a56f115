// lion: one update of a flat slab by Lion (arXiv:2302.06675)
// in      gradient [n] float, still times the loss scale; state as in Optimizer/state.cl; scale [1]
// in/out  parameter, mean (moving average of the gradient) [n] float
//         g = gradient * scale / loss_scale
//         parameter -= learning_rate * (sign(beta1 * mean + (1 - beta1) * g) + weight_decay * parameter)
//         mean = beta2 * mean + (1 - beta2) * g
//         nothing is written while the finite flag is 0
// launch  local WG, global round_up(ceil(n/(VW*ITEM_VECTORS)), WG)
// options -D SCALED=0|1, whether there is a scale of the gradients (0)
//         -D ITEM_VECTORS, vectors a work-item (64; 1 on a GPU)  -D WG, work-group (1; 256 on a GPU)
// local   none; tolerance 1e-5, but where rounding decides a sign
// test    GPUMLRuntimeTests/ConformanceTests.swift

#ifndef SCALED
#define SCALED 0
#endif
#ifndef ITEM_VECTORS
#define ITEM_VECTORS 64
#endif
#ifndef WG
#define WG 1
#endif

#define LION_STEP(TYPE, LOAD, STORE, i)                                        \
  TYPE p = LOAD(parameter + i), m = LOAD(mean + i);                            \
  TYPE g = LOAD(gradient + i) * factor;                                        \
  TYPE direction = sign(beta1 * m + one_minus_beta1 * g);                      \
  STORE(beta2 * m + one_minus_beta2 * g, mean + i);                            \
  STORE(p - rate * (direction + weight_decay * p), parameter + i)

__kernel __attribute__((reqd_work_group_size(WG, 1, 1))) void KERNEL_NAME(lion)(
    __global float *restrict parameter, const __global float *restrict gradient,
    __global float *restrict mean, const __global uint *restrict state, SCALE_PARAM uint n,
    float beta1, float one_minus_beta1, float beta2, float one_minus_beta2, float weight_decay) {
  if (state[1] == 0) return;
  float rate = as_float(state[4]), factor = GRADIENT_FACTOR(state);
  UPDATE_ELEMENTS(LION_STEP, n)
}

#undef SCALED
#undef ITEM_VECTORS
#undef WG
#undef LION_STEP
