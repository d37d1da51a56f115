// order: unsigned keys in ascending order, digit by digit; equal ones keep theirs (a radix sort)
// in      keys [n] uint; places [n] int of the turn before (left out of the FIRST turn)
// out     order_count: counts [2^BITS, tiles] uint, how many keys of each tile have each digit,
//         tiles = ceil(n/block); what a scan makes of them tells order_move where keys go
//         order_move: sorted [n] uint, order [n] int, both by the digit from bit shift on
// launch  local WG, global round_up(tiles, WG); a work-item takes a tile of block keys
// options -D BITS of a digit (8; 4 on a GPU)  -D FIRST=0|1, whether places are 0, 1, ... (0)
//         -D WG, work-group (1; 64 on a GPU)
// local   none; exact
// test    GPUMLRuntimeTests/IndexingTests.swift

#ifndef BITS
#define BITS 8
#endif
#ifndef FIRST
#define FIRST 0
#endif
#ifndef WG
#define WG 1
#endif
#if FIRST
#define BEFORE
#define PLACE(i) (i)
#else
#define BEFORE const __global int *restrict places,
#define PLACE(i) places[i]
#endif
#define DIGIT(key) (((key) >> shift) & ((1u << BITS) - 1u))

__kernel __attribute__((reqd_work_group_size(WG, 1, 1))) void KERNEL_NAME(order_count)(
    const __global uint *restrict keys, __global uint *restrict counts, int n, int block,
    int shift) {
  int tile = (int)get_global_id(0), tiles = CEIL_DIV(n, block);
  if (tile >= tiles) return;
  uint found[1 << BITS];
  for (int digit = 0; digit < 1 << BITS; ++digit) found[digit] = 0;
  int last = min((tile + 1) * block, n);
  for (int i = tile * block; i < last; ++i) ++found[DIGIT(keys[i])];
  for (int digit = 0; digit < 1 << BITS; ++digit) counts[digit * tiles + tile] = found[digit];
}

__kernel __attribute__((reqd_work_group_size(WG, 1, 1))) void KERNEL_NAME(order_move)(
    const __global uint *restrict keys, BEFORE const __global uint *restrict counts,
    __global uint *restrict sorted, __global int *restrict order, int n, int block, int shift) {
  int tile = (int)get_global_id(0), tiles = CEIL_DIV(n, block);
  if (tile >= tiles) return;
  uint next[1 << BITS];
  for (int digit = 0; digit < 1 << BITS; ++digit) next[digit] = counts[digit * tiles + tile];
  int last = min((tile + 1) * block, n);
  for (int i = tile * block; i < last; ++i) {
    uint key = keys[i], to = next[DIGIT(key)]++;
    sorted[to] = key;
    order[to] = PLACE(i);
  }
}

#undef BITS
#undef FIRST
#undef WG
#undef BEFORE
#undef PLACE
#undef DIGIT
