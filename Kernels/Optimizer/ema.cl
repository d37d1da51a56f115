// ema: the moving average of a flat slab of parameters
// in      value [n] float, the parameters after the step; state as in Optimizer/state.cl, not yet
//         advanced
// in/out  shadow [n] float: decay * shadow + (1 - decay) * value; the first step copies the value
//         nothing is written while the finite flag is 0
// launch  local WG, global round_up(ceil(n/(VW*ITEM_VECTORS)), WG)
// options -D ITEM_VECTORS, vectors a work-item (64; 1 on a GPU)  -D WG, work-group (1; 256 on a GPU)
// local   none; tolerance 1e-5
// test    GPUMLRuntimeTests/ConformanceTests.swift

#ifndef ITEM_VECTORS
#define ITEM_VECTORS 64
#endif
#ifndef WG
#define WG 1
#endif

#define EMA_STEP(TYPE, LOAD, STORE, i)                                         \
  STORE(keep * LOAD(shadow + i) + take * LOAD(value + i), shadow + i)

__kernel __attribute__((reqd_work_group_size(WG, 1, 1))) void KERNEL_NAME(ema)(
    __global float *restrict shadow, const __global float *restrict value,
    const __global uint *restrict state, uint n, float decay, float one_minus_decay) {
  if (state[1] == 0) return;
  float keep = state[0] == 0 ? 0.0f : decay, take = state[0] == 0 ? 1.0f : one_minus_decay;
  UPDATE_ELEMENTS(EMA_STEP, n)
}

#undef ITEM_VECTORS
#undef WG
#undef EMA_STEP
