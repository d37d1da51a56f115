// strided_copy: one strided view copied to another: permutations, slices, flips, diagonals, parts of
//         a concatenation
// in      x ELEMENT; element i of row (a0, a1, ...) is x[x_offset + a0*x_step0 + a1*x_step1 + ... +
//         i*x_step]; a step may be 0 or negative
// out     y ELEMENT likewise, at places of which no two are the same; the others stay as they are
// launch  local WG, global round_up(ceil(outer/rows)*ceil(inner/run), WG); a work-item copies up to
//         run elements of each of up to rows rows
// options -D ELEMENT=uchar|ushort|uint|ulong|uint4 (uint), by size; several elements may go as one
//         -D CONTIGUOUS=1 where x_step and y_step are 1 (0)  -D WIDE=1 for vectors of VW (0)
//         -D WG, work-group (1; 256 on a GPU)
//         COPY_PARAMS, parameters: a size for each axis of rows but the first, steps for each
//         COPY_ROW, statements that add to from and to what the axes of row say
// local   none; exact
// test    GPUMLRuntimeTests/ConformanceTests.swift

#ifndef ELEMENT
#define ELEMENT uint
#endif
#ifndef CONTIGUOUS
#define CONTIGUOUS 0
#endif
#ifndef WIDE
#define WIDE 0
#endif
#ifndef WG
#define WG 1
#endif

__kernel __attribute__((reqd_work_group_size(WG, 1, 1))) void KERNEL_NAME(strided_copy)(
    const __global ELEMENT *restrict x, __global ELEMENT *restrict y, int x_offset, int x_step,
    int y_offset, int y_step, int inner, int outer, int rows, int run,
    int runs COPY_PARAMS) {
  int4 part = rows_and_run(inner, outer, rows, run, runs);
  int first = part.z, last = part.w;
  for (int row = part.x; row < part.y; ++row) {
    long from = x_offset, to = y_offset;
    COPY_ROW;
    int i = first;
#if CONTIGUOUS
#if WIDE
    for (; last - i >= VW; i += VW)
      GPUML_PASTE(vstore, VW)(GPUML_PASTE(vload, VW)(0, x + from + i), 0, y + to + i);
#endif
    for (; i < last; ++i) y[to + i] = x[from + i];
#else
    for (; i < last; ++i) y[to + (long)i * y_step] = x[from + (long)i * x_step];
#endif
  }
}

#undef ELEMENT
#undef CONTIGUOUS
#undef WIDE
#undef WG
