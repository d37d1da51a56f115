// update: what the kernels of optimizers share
// naming  the fourth text of every program, included once after Prelude/numbers
// state   the state block of Optimizer/state.cl: [1] finite flag, [4] learning rate, [5] loss scale
// options of a file that uses it: SCALED=0|1, whether a further buffer holds one number that all
//         gradients are multiplied with; ITEM_VECTORS, vectors a work-item
// test    GPUMLRuntimeTests/ConformanceTests.swift

// The parameter that holds the scale, and the factor that turns what the backward pass gave into a
// gradient: without the loss scale, with the scale.
#define SCALE_PARAM_0
#define SCALE_PARAM_1 const __global float *restrict scale,
#define SCALE_PARAM GPUML_PASTE(SCALE_PARAM_, SCALED)
#define GRADIENT_FACTOR_0(state) (1.0f / as_float((state)[5]))
#define GRADIENT_FACTOR_1(state) (scale[0] / as_float((state)[5]))
#define GRADIENT_FACTOR(state) GPUML_PASTE(GRADIENT_FACTOR_, SCALED)(state)

#define LOAD_ONE(p) (*(p))
#define STORE_ONE(v, p) (*(p) = (v))

// Vectors of slabs, which begin where any vector may: one instruction each on a GPU, where vload would
// have to expect any address.
#if VW == 4
#define LOAD_SLAB(p) (*(const __global VFLOAT *)(p))
#define STORE_SLAB(v, p) (*(__global VFLOAT *)(p) = (v))
#else
#define LOAD_SLAB(p) VLOAD(p)
#define STORE_SLAB(v, p) VSTORE(v, p)
#endif

// STEP(TYPE, LOAD, STORE, i) for all of the work-item's share of n elements: TYPE is VFLOAT, and float
// at the ragged end.
#define UPDATE_ELEMENTS(STEP, n)                                                 \
  size_t i = get_global_id(0) * (size_t)(VW * ITEM_VECTORS);                     \
  size_t last = min(i + VW * ITEM_VECTORS, (size_t)(n));                         \
  for (; i + VW <= last; i += VW) {                                              \
    STEP(VFLOAT, LOAD_SLAB, STORE_SLAB, i);                                            \
  }                                                                              \
  for (; i < last; ++i) {                                                        \
    STEP(float, LOAD_ONE, STORE_ONE, i);                                         \
  }
