// permute: a strided view copied into contiguous memory: permutations, slices, broadcasts, flips
// in      x ELEMENT: output element (i0, ..., i5) is x[offset + i0*s0 + ... + i5*s5]; a stride may
//         be 0 (broadcast) or negative (flip)
// out     y [d0, ..., d5] ELEMENT, contiguous; a lower rank has leading dimensions of 1
// launch  local WG, global round_up(ceil(n/RUN), WG), n = d0*...*d5
// options -D ELEMENT=uchar|ushort|uint|ulong (uint), by size
//         -D RUN, elements a work-item (1024; 1 on a GPU)  -D WG, work-group (1; 256 on a GPU)
// local   none; exact
// test    GPUMLRuntimeTests/PrimitiveTests.swift

#ifndef ELEMENT
#define ELEMENT uint
#endif
#ifndef RUN
#define RUN 1024
#endif
#ifndef WG
#define WG 1
#endif

__kernel __attribute__((reqd_work_group_size(WG, 1, 1))) void KERNEL_NAME(permute)(
    const __global ELEMENT *restrict x, __global ELEMENT *restrict y, uint n, uint d1, uint d2,
    uint d3, uint d4, uint d5, int offset, int s0, int s1, int s2, int s3, int s4, int s5) {
  size_t at = get_global_id(0) * (size_t)RUN;
  size_t last = min(at + RUN, (size_t)n);
  while (at < last) {
    uint i = (uint)at;
    uint rest4 = i / d5, i5 = REMAINDER(i, d5, rest4);
    uint rest3 = rest4 / d4, i4 = REMAINDER(rest4, d4, rest3);
    uint rest2 = rest3 / d3, i3 = REMAINDER(rest3, d3, rest2);
    uint rest1 = rest2 / d2, i2 = REMAINDER(rest2, d2, rest1);
    uint i0 = rest1 / d1, i1 = REMAINDER(rest1, d1, i0);
    long from = (long)offset + (long)i0 * s0 + (long)i1 * s1 + (long)i2 * s2 + (long)i3 * s3 +
                (long)i4 * s4 + (long)i5 * s5;
    uint count = (uint)min((size_t)(d5 - i5), last - at);
    if (s5 == 1) {
      for (uint j = 0; j < count; ++j) y[at + j] = x[from + j];
    } else {
      for (uint j = 0; j < count; ++j) y[at + j] = x[from + (long)j * s5];
    }
    at += count;
  }
}

#undef ELEMENT
#undef RUN
#undef WG
