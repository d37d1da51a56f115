// unsort: elements along the middle axis put back to where they stood
// in      g [outer, k, inner] ELEMENT; places [outer, k, inner] int, no two the same along the axis
// out     dx [outer, n, inner] ELEMENT: dx[place] = g; others stay as they are, and places outside
//         0 to n - 1 are left out
// launch  local WG, global round_up(ceil(outer*k*inner/RUN), WG)
// options -D ELEMENT=ushort|uint (uint), by size  -D RUN, elements a work-item (1024; 1 on a GPU)
//         -D WG, work-group (1; 256 on a GPU)
// local   none; exact
// test    GPUMLRuntimeTests/ConformanceTests.swift

#ifndef ELEMENT
#define ELEMENT uint
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
  size_t last = min(first + RUN, (size_t)outer * k * inner);
  for (size_t i = first; i < last; ++i) {
    uint line = (uint)i / inner, column = REMAINDER((uint)i, inner, line), block = line / k;
    int place = places[i];
    if (place >= 0 && place < n) dx[((size_t)block * n + place) * inner + column] = g[i];
  }
}

#undef ELEMENT
#undef RUN
#undef WG
