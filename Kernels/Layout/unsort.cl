// unsort: elements along the middle axis put back to where they stood
// in      g [outer, k, inner] ELEMENT; places [outer, k, inner] int
// out     dx [outer, n, inner] ELEMENT: dx[place] = g; others stay as they are, and places outside
//         0 to n - 1 are left out
// launch  local WG, global round_up(ceil(count/RUN), WG), count = outer*k*inner elements, or with LINES
//         outer*inner lines
// options -D ELEMENT=ushort|uint (uint), by size  -D LINES=0, where no two places of a line are the
//         same, |1 a work-item takes whole lines, so that the last of equal places wins (0)
//         -D RUN, elements or lines a work-item (1024, or 16 with LINES; 1 on
//         a GPU)  -D WG, work-group (1; 256 on a GPU)
// local   none; exact
// test    GPUMLRuntimeTests/KernelFormTests.swift

#ifndef ELEMENT
#define ELEMENT uint
#endif
#ifndef LINES
#define LINES 0
#endif
#ifndef RUN
#define RUN 1024
#endif
#ifndef WG
#define WG 1
#endif

__kernel __attribute__((reqd_work_group_size(WG, 1, 1))) void KERNEL_NAME(unsort)(
    const __global ELEMENT *restrict g, const __global int *restrict places,
    __global ELEMENT *restrict dx, int outer, int k, int inner, int n) {
  size_t first = get_global_id(0) * (size_t)RUN;
#if LINES
  size_t last = min(first + RUN, (size_t)outer * inner);
  for (size_t line = first; line < last; ++line) {
    uint block = (uint)line / inner, column = REMAINDER((uint)line, inner, block);
    for (int i = 0; i < k; ++i) {
      size_t from = ((size_t)block * k + i) * inner + column;
      int place = places[from];
      if (place >= 0 && place < n) dx[((size_t)block * n + place) * inner + column] = g[from];
    }
  }
#else
  size_t last = min(first + RUN, (size_t)outer * k * inner);
  for (size_t i = first; i < last; ++i) {
    uint line = (uint)i / inner, column = REMAINDER((uint)i, inner, line), block = line / k;
    int place = places[i];
    if (place >= 0 && place < n) dx[((size_t)block * n + place) * inner + column] = g[i];
  }
#endif
}

#undef ELEMENT
#undef LINES
#undef RUN
#undef WG
