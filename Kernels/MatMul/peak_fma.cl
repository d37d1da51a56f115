// peak_fma: the device's multiply-add rate, the ceiling of every product; used by gpuml bench only
// in      seed [2] float, unknown to the compiler (0.5 and 1.0 keep the values finite)
// out     y [items] float, so that nothing is optimised away
// launch  local 1, global items; each item does rounds * CHAINS * VW multiply-adds,
//         2 * items * rounds * CHAINS * VW floating-point operations in all
// options -D CHAINS (12), independent vectors, enough to hide the latency of two units
// local   none
// test    GPUMLRuntimeTests/KernelCheckTests.swift

#ifndef CHAINS
#define CHAINS 12
#endif

__kernel void KERNEL_NAME(peak_fma)(
    const __global float *restrict seed, __global float *restrict y, int rounds) {
  VFLOAT scale = (VFLOAT)(seed[0]), shift = (VFLOAT)(seed[1]);
  VFLOAT chain[CHAINS];
#pragma unroll
  for (int i = 0; i < CHAINS; ++i) chain[i] = shift * (float)i;
  for (int round = 0; round < rounds; ++round) {
#pragma unroll
    for (int i = 0; i < CHAINS; ++i) chain[i] = MULTIPLY_ADD(chain[i], scale, shift);
  }
  VFLOAT total = VZERO;
#pragma unroll
  for (int i = 0; i < CHAINS; ++i) total += chain[i];
  y[get_global_id(0)] = sum_lanes(total);
}

#undef CHAINS
