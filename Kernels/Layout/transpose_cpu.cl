// transpose_cpu: the last two axes exchanged, for a CPU
// in      x [batch, rows, columns] ELEMENT
// out     y [batch, columns, rows] ELEMENT
// launch  local (1,1,1), global (ceil(rows/BLOCK_ROWS), ceil(columns/BLOCK_COLUMNS), batch)
// options -D ELEMENT=uchar|ushort|uint|ulong (uint), by size  -D BLOCK_ROWS (64), -D BLOCK_COLUMNS (256)
// local   none; exact. Squares of VW vectors, read and written in whole cache lines of 32-bit elements:
//         nothing has to stay in a cache, where rows a power of two apart would drive each other out
// test    GPUMLRuntimeTests/PrimitiveTests.swift

#ifndef ELEMENT
#define ELEMENT uint
#endif
#ifndef BLOCK_ROWS
#define BLOCK_ROWS 64
#endif
#ifndef BLOCK_COLUMNS
#define BLOCK_COLUMNS 256
#endif
#define VELEMENT GPUML_PASTE(ELEMENT, VW)

__kernel void KERNEL_NAME(transpose)(
    const __global ELEMENT *restrict x, __global ELEMENT *restrict y, int rows, int columns) {
  size_t start = get_global_id(2) * (size_t)rows * columns;
  int row0 = (int)get_global_id(0) * BLOCK_ROWS, column0 = (int)get_global_id(1) * BLOCK_COLUMNS;
  int row1 = min(row0 + BLOCK_ROWS, rows), column1 = min(column0 + BLOCK_COLUMNS, columns);
  int whole_rows = row0 + (row1 - row0) / VW * VW;
  const __global ELEMENT *from = x + start;
  __global ELEMENT *to = y + start;
  int column = column0;
  for (; column + VW <= column1; column += VW) {
    for (int row = row0; row < whole_rows; row += VW) {
      VELEMENT square[VW];
#pragma unroll
      for (int i = 0; i < VW; ++i) square[i] = VLOAD(from + (size_t)(row + i) * columns + column);
      TRANSPOSE_LANES(VELEMENT, square)
#pragma unroll
      for (int i = 0; i < VW; ++i) VSTORE(square[i], to + (size_t)(column + i) * rows + row);
    }
  }
  // What is left: the last columns of the whole rows, then the last rows.
  for (int row = row0; row < whole_rows; ++row)
    for (int end = column; end < column1; ++end)
      to[(size_t)end * rows + row] = from[(size_t)row * columns + end];
  for (column = column0; column < column1; ++column)
    for (int row = whole_rows; row < row1; ++row)
      to[(size_t)column * rows + row] = from[(size_t)row * columns + column];
}

#undef ELEMENT
#undef BLOCK_ROWS
#undef BLOCK_COLUMNS
#undef VELEMENT
