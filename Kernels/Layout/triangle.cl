// triangle: matrices with 0 above, or below, a diagonal
// in      x [batch, height, inner] ELEMENT
// out     y [batch, height, inner] ELEMENT
// launch  local WG, global round_up(ceil(outer/rows)*ceil(inner/run), WG), outer = batch*height; a
//         work-item writes up to run elements of each of up to rows rows
// options -D ELEMENT=uchar|ushort|uint|ulong (uint), by size  -D UPPER=1 to keep what lies right of
//         column row + offset and that column, 0 what lies left of it and that column (0)
//         -D WIDE=1 for vectors of VW (0)  -D WG, work-group (1; 256 on a GPU)
// local   none; exact
// test    GPUMLRuntimeTests/ConformanceTests.swift

#ifndef ELEMENT
#define ELEMENT uint
#endif
#ifndef UPPER
#define UPPER 0
#endif
#ifndef WIDE
#define WIDE 0
#endif
#ifndef WG
#define WG 1
#endif

__kernel __attribute__((reqd_work_group_size(WG, 1, 1))) void KERNEL_NAME(triangle)(
    const __global ELEMENT *restrict x, __global ELEMENT *restrict y, int height, int offset,
    int inner, int outer, int rows, int run,
    int runs) {
  int4 part = rows_and_run(inner, outer, rows, run, runs);
  int first = part.z, last = part.w;
  for (int row = part.x; row < part.y; ++row) {
    size_t at = (size_t)row * inner;
    int matrix = row / height;
    long diagonal = (long)REMAINDER(row, height, matrix) + offset + (UPPER ? 0 : 1);
    // Columns [kept, gone) are those of x, the others 0.
    int edge = (int)clamp(diagonal, (long)first, (long)max(first, last));
    int kept = UPPER ? edge : first, gone = UPPER ? last : edge;
    int i = first;
    for (; i < kept; ++i) y[at + i] = 0;
#if WIDE
    for (; gone - i >= VW; i += VW)
      GPUML_PASTE(vstore, VW)(GPUML_PASTE(vload, VW)(0, x + at + i), 0, y + at + i);
#endif
    for (; i < gone; ++i) y[at + i] = x[at + i];
    for (; i < last; ++i) y[at + i] = 0;
  }
}

#undef ELEMENT
#undef UPPER
#undef WIDE
#undef WG
