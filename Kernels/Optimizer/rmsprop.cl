// rmsprop: one update of a flat slab by RMSProp (Tieleman and Hinton 2012; PyTorch's form)
// in      gradient [n] float, still times the loss scale; state as in Optimizer/state.cl; scale [1]
// in/out  parameter, square (mean squared gradient) [n] float; average (mean gradient) [n] if
//         CENTERED; velocity [n] with MOMENTUM
//         g = gradient * scale / loss_scale + weight_decay * parameter
//         square = alpha * square + (1 - alpha) * g^2;  average = alpha * average + (1 - alpha) * g
//         d = g / (sqrt(CENTERED ? max(square - average^2, 0) : square) + epsilon)
//         parameter -= learning_rate * (MOMENTUM ? velocity = momentum * velocity + d : d)
//         nothing is written while the finite flag is 0
// launch  local WG, global round_up(ceil(n/(VW*ITEM_VECTORS)), WG)
// options -D CENTERED=0|1 (0)  -D MOMENTUM=0|1 (0)  -D SCALED=0|1, whether there is a scale (0)
//         -D ITEM_VECTORS, vectors a work-item (64; 1 on a GPU)  -D WG, work-group (1; 256 on a GPU)
// local   none; tolerance 1e-5
// test    GPUMLRuntimeTests/ConformanceTests.swift

#ifndef CENTERED
#define CENTERED 0
#endif
#ifndef MOMENTUM
#define MOMENTUM 0
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

#if CENTERED
#define CENTER(TYPE, LOAD, STORE, i)                                           \
  TYPE a = alpha * LOAD(average + i) + one_minus_alpha * g;                    \
  STORE(a, average + i);                                                       \
  s = max(s - a * a, (TYPE)(0.0f));
#else
#define CENTER(TYPE, LOAD, STORE, i)
#endif
#if MOMENTUM
#define CARRY_ON(TYPE, LOAD, STORE, i)                                         \
  d += momentum * LOAD(velocity + i);                                          \
  STORE(d, velocity + i);
#else
#define CARRY_ON(TYPE, LOAD, STORE, i)
#endif
#define RMSPROP_STEP(TYPE, LOAD, STORE, i)                                     \
  TYPE p = LOAD(parameter + i);                                                \
  TYPE g = LOAD(gradient + i) * factor + weight_decay * p;                     \
  TYPE s = alpha * LOAD(square + i) + one_minus_alpha * g * g;                 \
  STORE(s, square + i);                                                        \
  CENTER(TYPE, LOAD, STORE, i)                                                 \
  TYPE d = g / (sqrt(s) + epsilon);                                            \
  CARRY_ON(TYPE, LOAD, STORE, i)                                               \
  STORE(p - rate * d, parameter + i)

__kernel __attribute__((reqd_work_group_size(WG, 1, 1))) void KERNEL_NAME(rmsprop)(
    __global float *restrict parameter, const __global float *restrict gradient,
    __global float *restrict square,
#if CENTERED
    __global float *restrict average,
#endif
#if MOMENTUM
    __global float *restrict velocity,
#endif
    const __global uint *restrict state, SCALE_PARAM uint n, float alpha, float one_minus_alpha,
    float epsilon, float momentum, float weight_decay) {
  if (state[1] == 0) return;
  float rate = as_float(state[4]), factor = GRADIENT_FACTOR(state);
  UPDATE_ELEMENTS(RMSPROP_STEP, n)
}

#undef CENTERED
#undef MOMENTUM
#undef SCALED
#undef ITEM_VECTORS
#undef WG
#undef CENTER
#undef CARRY_ON
#undef RMSPROP_STEP
