// transpose_cpu: the last two axes exchanged, for a CPU
// in      x [batch, rows, columns] ELEMENT
// out     y [batch, columns, rows] ELEMENT
// launch  local (1,1,1), global (ceil(rows/BLOCK), ceil(columns/BLOCK), batch)
// options -D ELEMENT=uchar|ushort|uint|ulong (uint), by size  -D BLOCK, side of a block (32)
// local   none; exact
// test    GPUMLRuntimeTests/PrimitiveTests.swift

#ifndef ELEMENT
#define ELEMENT uint
#endif
#ifndef BLOCK
#define BLOCK 32
#endif

__kernel void KERNEL_NAME(transpose)(
    const __global ELEMENT *restrict x, __global ELEMENT *restrict y, int rows, int columns) {
  size_t start = get_global_id(2) * (size_t)rows * columns;
  int row0 = (int)get_global_id(0) * BLOCK, column0 = (int)get_global_id(1) * BLOCK;
  int row1 = min(row0 + BLOCK, rows), column1 = min(column0 + BLOCK, columns);
  for (int column = column0; column < column1; ++column) {
    const __global ELEMENT *from = x + start + column;
    __global ELEMENT *to = y + start + (size_t)column * rows;
    for (int row = row0; row < row1; ++row) to[row] = from[(size_t)row * columns];
  }
}

#undef ELEMENT
#undef BLOCK
