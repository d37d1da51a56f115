// scan: each count replaced by the sum of those before it
// in      x [n] uint
// out     x [n] uint, the sums; total [1] uint, the sum of all
// launch  local WG, global WG: one work-group
// options -D WG, work-group (1; 256 on a GPU)
// local   WG*4 bytes if WG > 1; exact
// test    GPUMLRuntimeTests/IndexingTests.swift

#ifndef WG
#define WG 1
#endif

__kernel __attribute__((reqd_work_group_size(WG, 1, 1))) void KERNEL_NAME(scan)(
    __global uint *restrict x, __global uint *restrict total, int n) {
  int item = (int)get_local_id(0), portion = CEIL_DIV(n, WG);
  int first = min(item * portion, n), last = min(first + portion, n);
  uint before = 0;
#if WG > 1
  __local uint sums[WG];
  uint sum = 0;
  for (int i = first; i < last; ++i) sum += x[i];
  sums[item] = sum;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int j = 0; j < item; ++j) before += sums[j];
#endif
  for (int i = first; i < last; ++i) {
    uint count = x[i];
    x[i] = before;
    before += count;
  }
  if (item == WG - 1) *total = before;
}

#undef WG
