// range: numbers at equal distances
// out     y [n]: element i is start + i*step; REAL computed in float, ELEMENT modulo its limits
// launch  local WG, global round_up(ceil(n/RUN), WG)
// options -D REAL=float|half|bfloat16, or -D ELEMENT=char|uchar|int|uint|long (long)
//         -D RUN, elements a work-item (16384; 1 on a GPU)  -D WG, work-group (1; 256 on a GPU)
// whole   start and step of ELEMENT come as the lower and the upper 32 bits
// local   none; tolerance 2^-23 of |start| + i*|step|, exact for ELEMENT
// test    GPUMLRuntimeTests/ConformanceTests.swift

#ifndef RUN
#define RUN 16384
#endif
#ifndef WG
#define WG 1
#endif

#ifdef REAL
__kernel __attribute__((reqd_work_group_size(WG, 1, 1))) void KERNEL_NAME(range)(
    __global REAL *restrict y, int n, float start, float step) {
  size_t first = get_global_id(0) * (size_t)RUN, last = min(first + RUN, (size_t)n);
  for (size_t i = first; i < last; ++i) STORE_REAL(MULTIPLY_ADD((float)i, step, start), y, i);
}
#else
#ifndef ELEMENT
#define ELEMENT long
#endif
__kernel __attribute__((reqd_work_group_size(WG, 1, 1))) void KERNEL_NAME(range)(
    __global ELEMENT *restrict y, int n, int start_low, int start_high, int step_low,
    int step_high) {
  ulong start = ((ulong)(uint)start_high << 32) | (uint)start_low;
  ulong step = ((ulong)(uint)step_high << 32) | (uint)step_low;
  size_t first = get_global_id(0) * (size_t)RUN, last = min(first + RUN, (size_t)n);
  for (size_t i = first; i < last; ++i) y[i] = (ELEMENT)(start + (ulong)i * step);
}
#endif

#undef REAL
#undef ELEMENT
#undef RUN
#undef WG
