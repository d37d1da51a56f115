// adagrad: one update of a flat slab by Adagrad (Duchi et al. 2011; PyTorch's form)
// in      gradient [n] float, still times the loss scale; state as in Optimizer/state.cl; scale [1]
// in/out  parameter, sum (of squared gradients) [n] float
//         g = gradient * scale / loss_scale + weight_decay * parameter;  sum += g^2
//         parameter -= learning_rate / (1 + completed steps * decay) * g / (sqrt(sum) + epsilon)
//         nothing is written while the finite flag is 0
// launch  local WG, global round_up(ceil(n/(VW*ITEM_VECTORS)), WG)
// options -D SCALED=0|1, whether there is a scale of the gradients (0)
//         -D ITEM_VECTORS, vectors a work-item (64; 1 on a GPU)  -D WG, work-group (1; 256 on a GPU)
// local   none; tolerance 1e-5
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

#define ADAGRAD_STEP(TYPE, LOAD, STORE, i)                                     \
  TYPE p = LOAD(parameter + i);                                                \
  TYPE g = LOAD(gradient + i) * factor + weight_decay * p;                     \
  TYPE s = LOAD(sum + i) + g * g;                                              \
  STORE(s, sum + i);                                                           \
  STORE(p - rate * g / (sqrt(s) + epsilon), parameter + i)

__kernel __attribute__((reqd_work_group_size(WG, 1, 1))) void KERNEL_NAME(adagrad)(
    __global float *restrict parameter, const __global float *restrict gradient,
    __global float *restrict sum, const __global uint *restrict state, SCALE_PARAM uint n,
    float decay, float epsilon, float weight_decay) {
  if (state[1] == 0) return;
  float rate = as_float(state[4]) / (1.0f + (float)state[0] * decay);
  float factor = GRADIENT_FACTOR(state);
  UPDATE_ELEMENTS(ADAGRAD_STEP, n)
}

#undef SCALED
#undef ITEM_VECTORS
#undef WG
#undef ADAGRAD_STEP
