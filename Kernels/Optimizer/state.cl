// state: the state block of a training step, and the check that guards it
// state   uint [8]: [0] completed steps, [1] finite flag, [2][3] seed low and high, [4] learning rate
//         and [5] loss scale as float bits, [6][7] random counter low and high
// launch  check_finite   local WG, global round_up(ceil(n/(VW*ITEM_VECTORS)), WG): clears the flag
//                        if any of x [n] is NaN or infinite; every writer writes 0
//         advance_state  local 1, global 1: if finite, steps and the random counter advance by one
//         advance_random local 1, global 1: if finite, the random counter advances by one; for what
//                        draws random numbers and is no whole training step
// options -D ITEM_VECTORS, vectors a work-item (64; 1 on a GPU)  -D WG, work-group (1; 256 on a GPU)
// local   none
// test    GPUMLRuntimeTests/TrainStepTests.swift

#ifndef ITEM_VECTORS
#define ITEM_VECTORS 64
#endif
#ifndef WG
#define WG 1
#endif

__kernel __attribute__((reqd_work_group_size(WG, 1, 1))) void KERNEL_NAME(check_finite)(
    const __global float *restrict x, __global uint *restrict state, uint n) {
  size_t first = get_global_id(0) * (size_t)(VW * ITEM_VECTORS);
  size_t last = min(first + VW * ITEM_VECTORS, (size_t)n);
  VINT bad = (VINT)(0);
  int bad_tail = 0;
  size_t i = first;
  for (; i + VW <= last; i += VW) bad |= !(fabs(VLOAD(x + i)) <= FLT_MAX);
  for (; i < last; ++i) bad_tail |= !(fabs(x[i]) <= FLT_MAX);
  if (any(bad) || bad_tail) state[1] = 0;
}

__kernel void KERNEL_NAME(advance_state)(__global uint *restrict state) {
  if (state[1] == 0) return;
  state[0] += 1;
  state[6] += 1;
  if (state[6] == 0) state[7] += 1;
}

__kernel void KERNEL_NAME(advance_random)(__global uint *restrict state) {
  if (state[1] == 0) return;
  state[6] += 1;
  if (state[6] == 0) state[7] += 1;
}

#undef ITEM_VECTORS
#undef WG
