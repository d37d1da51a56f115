// non_zero: the indices of all elements that are not 0, in row-major order
// in      x [n] ELEMENT; sizes [rank] int; before [tiles] uint, the scanned counts of non_zero_count
// out     non_zero_count: counts [tiles] uint, tiles = ceil(n/block)
//         non_zero_write: y [rows, rank] OUT
// launch  local WG, global round_up(tiles, WG); a work-item takes a tile of block elements
// options -D ELEMENT=uchar|ushort|uint|ulong (uint), by size  -D MASK, the bits of which one must be
//         set (0x7fffffffu, so that -0 is 0)  -D OUT=int|long (long)
//         -D WG, work-group (1; 64 on a GPU)
// local   none; exact
// test    GPUMLRuntimeTests/IndexingTests.swift

#ifndef ELEMENT
#define ELEMENT uint
#endif
#ifndef MASK
#define MASK 0x7fffffffu
#endif
#ifndef OUT
#define OUT long
#endif
#ifndef WG
#define WG 1
#endif
#define IS_SET(element) (((element) & (ELEMENT)MASK) != 0)
#define VELEMENT GPUML_PASTE(ELEMENT, VW)

__kernel __attribute__((reqd_work_group_size(WG, 1, 1))) void KERNEL_NAME(non_zero_count)(
    const __global ELEMENT *restrict x, __global uint *restrict counts, int n, int block) {
  int tile = (int)get_global_id(0);
  if (tile >= CEIL_DIV(n, block)) return;
  int i = tile * block, last = min(i + block, n);
  VINT found = 0;
  for (; i + VW <= last; i += VW) {
    VELEMENT bits = VLOAD(x + i) & (VELEMENT)((ELEMENT)MASK);
    // True is -1 in vectors.
    found -= GPUML_PASTE(convert_int, VW)(bits != (VELEMENT)((ELEMENT)0));
  }
  int lanes[VW];
  VSTORE(found, lanes);
  uint count = 0;
  for (int lane = 0; lane < VW; ++lane) count += lanes[lane];
  for (; i < last; ++i) count += IS_SET(x[i]);
  counts[tile] = count;
}

__kernel __attribute__((reqd_work_group_size(WG, 1, 1))) void KERNEL_NAME(non_zero_write)(
    const __global ELEMENT *restrict x, const __global int *restrict sizes,
    const __global uint *restrict before, __global OUT *restrict y, int n, int block, int rank,
    int rows) {
  int tile = (int)get_global_id(0);
  if (tile >= CEIL_DIV(n, block)) return;
  int row = (int)before[tile];
  int last = min((tile + 1) * block, n);
  for (int i = tile * block; i < last && row < rows; ++i) {
    if (!IS_SET(x[i])) continue;
    int rest = i;
    for (int axis = rank - 1; axis >= 0; --axis) {
      int quotient = rest / sizes[axis];
      y[(size_t)row * rank + axis] = REMAINDER(rest, sizes[axis], quotient);
      rest = quotient;
    }
    ++row;
  }
}

#undef ELEMENT
#undef MASK
#undef OUT
#undef WG
#undef IS_SET
#undef VELEMENT
