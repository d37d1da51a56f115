// adam: one update of a flat slab by Adam (arXiv:1412.6980) or AdamW (arXiv:1711.05101)
// in      gradient [n] float, still times the loss scale; state as in Optimizer/state.cl; scale [1]
// in/out  parameter, mean (first moment), square (second moment) [n] float
//         t = completed steps + 1; the bias corrections are 1 - beta^t = -expm1(t * log(beta))
//         parameter -= rate * (mean / correction1) / (sqrt(square / correction2) + epsilon)
//         weight decay adds to the gradient, or, if DECOUPLED, shrinks the parameter by rate * decay
//         nothing is written while the finite flag is 0
// note    the host gives 1 - beta and log(beta), rounded from double: float(0.999) is off by 1e-8,
//         which is 1e-5 of 1 - beta
// launch  local WG, global round_up(ceil(n/(VW*ITEM_VECTORS)), WG)
// options -D DECOUPLED=0|1 (0)  -D SCALED=0|1, whether there is a scale of the gradients (0)
//         -D ITEM_VECTORS, vectors a work-item (64; 1 on a GPU)  -D WG, work-group (1; 256 on a GPU)
// local   none; tolerance 1e-5
// test    GPUMLRuntimeTests/ConformanceTests.swift

#ifndef DECOUPLED
#define DECOUPLED 0
#endif
#ifndef SCALED
#define SCALED 0
#endif
#ifndef ITEM_VECTORS
#define ITEM_VECTORS 64
#endif
#ifndef WG
#define WG 1
#endif

#define ADAM_STEP(TYPE, LOAD, STORE, i)                                        \
  TYPE p = LOAD(parameter + i);                                                \
  TYPE g = LOAD(gradient + i) * factor;                                        \
  if (DECOUPLED) {                                                             \
    p -= rate * weight_decay * p;                                              \
  } else {                                                                     \
    g += weight_decay * p;                                                     \
  }                                                                            \
  TYPE m = beta1 * LOAD(mean + i) + one_minus_beta1 * g;                       \
  TYPE s = beta2 * LOAD(square + i) + one_minus_beta2 * g * g;                 \
  STORE(m, mean + i);                                                          \
  STORE(s, square + i);                                                        \
  STORE(p - step_size * m / (sqrt(s) * root_scale + epsilon), parameter + i)

__kernel __attribute__((reqd_work_group_size(WG, 1, 1))) void KERNEL_NAME(adam)(
    __global float *restrict parameter, const __global float *restrict gradient,
    __global float *restrict mean, __global float *restrict square,
    const __global uint *restrict state, SCALE_PARAM uint n, float beta1, float one_minus_beta1,
    float log_beta1, float beta2, float one_minus_beta2, float log_beta2, float epsilon,
    float weight_decay) {
  if (state[1] == 0) return;
  float rate = as_float(state[4]), factor = GRADIENT_FACTOR(state);
  float t = (float)state[0] + 1.0f;
  float step_size = rate / -expm1(t * log_beta1);
  float root_scale = 1.0f / sqrt(-expm1(t * log_beta2));
  UPDATE_ELEMENTS(ADAM_STEP, n)
}

#undef DECOUPLED
#undef SCALED
#undef ITEM_VECTORS
#undef WG
#undef ADAM_STEP
