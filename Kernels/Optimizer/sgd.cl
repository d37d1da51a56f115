// sgd: one update of a flat slab by gradient descent with momentum (Sutskever et al. 2013)
// in      gradient [n] float, still times the loss scale; state as in Optimizer/state.cl; scale [1]
// in/out  parameter [n], velocity [n] float (no velocity without MOMENTUM)
//         g = gradient * scale / loss_scale + weight_decay * parameter
//         velocity = momentum * velocity + g
//         parameter -= learning_rate * (NESTEROV ? g + momentum * velocity : velocity)
//         nothing is written while the finite flag is 0
// launch  local WG, global round_up(ceil(n/(VW*ITEM_VECTORS)), WG)
// options -D MOMENTUM=0|1 (1)  -D NESTEROV=0|1 (0)  -D SCALED=0|1, whether there is a scale (0)
//         -D ITEM_VECTORS, vectors a work-item (64; 1 on a GPU)  -D WG, work-group (1; 256 on a GPU)
// local   none; tolerance 1e-5
// test    GPUMLRuntimeTests/ConformanceTests.swift

#ifndef MOMENTUM
#define MOMENTUM 1
#endif
#ifndef NESTEROV
#define NESTEROV 0
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

#if MOMENTUM
#define SGD_STEP(TYPE, LOAD, STORE, i)                                         \
  TYPE p = LOAD(parameter + i);                                                \
  TYPE g = LOAD(gradient + i) * factor + weight_decay * p;                     \
  TYPE v = momentum * LOAD(velocity + i) + g;                                  \
  STORE(v, velocity + i);                                                      \
  STORE(p - rate * (NESTEROV ? g + momentum * v : v), parameter + i)
#else
#define SGD_STEP(TYPE, LOAD, STORE, i)                                         \
  TYPE p = LOAD(parameter + i);                                                \
  STORE(p - rate * (LOAD(gradient + i) * factor + weight_decay * p), parameter + i)
#endif

__kernel __attribute__((reqd_work_group_size(WG, 1, 1))) void KERNEL_NAME(sgd)(
    __global float *restrict parameter, const __global float *restrict gradient,
#if MOMENTUM
    __global float *restrict velocity,
#endif
    const __global uint *restrict state, SCALE_PARAM uint n, float momentum, float weight_decay) {
  if (state[1] == 0) return;
  float rate = as_float(state[4]), factor = GRADIENT_FACTOR(state);
  UPDATE_ELEMENTS(SGD_STEP, n)
}

#undef MOMENTUM
#undef NESTEROV
#undef SCALED
#undef ITEM_VECTORS
#undef WG
#undef SGD_STEP
