// permute: a strided view copied into contiguous memory: permutations, slices, broadcasts, flips
// in      x ELEMENT: output element (i0, ..., i5) is x[offset + i0*s0 + ... + i5*s5]; a stride may be
//         0 (broadcast) or negative (flip)
// out     y [d0, ..., d5] ELEMENT, contiguous; a lower rank has leading dimensions of 1
// launch  local WG, global round_up(ceil(n/RUN), WG), n = d0*...*d5
// options -D ELEMENT=uchar|ushort|uint|ulong (uint), by size
//         -D RUN, elements a work-item (1024; 1 on a GPU)  -D WG, work-group (1; 256 on a GPU)
// local   none; exact
// test    GPUMLRuntimeTests/LayoutTests.swift

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
    uint rest = (uint)at;
    uint i5 = rest % d5;
    rest /= d5;
    uint i4 = rest % d4;
    rest /= d4;
    uint i3 = rest % d3;
    rest /= d3;
    uint i2 = rest % d2;
    rest /= d2;
    uint i1 = rest % d1, i0 = rest / d1;
    long from = (long)offset + (long)i0 * s0 + (long)i1 * s1 + (long)i2 * s2 + (long)i3 * s3 +
                (long)i4 * s4 + (long)i5 * s5;
    uint count = (uint)min((size_t)(d5 - i5), last - at);
    if (s5 == 1) {
      for (uint i = 0; i < count; ++i) y[at + i] = x[from + i];
    } else {
      for (uint i = 0; i < count; ++i) y[at + i] = x[from + (long)i * s5];
    }
    at += count;
  }
}

#undef ELEMENT
#undef RUN
#undef WG
