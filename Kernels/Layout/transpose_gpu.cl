// transpose_gpu: the last two axes exchanged through local memory, for a GPU
// in      x [batch, rows, columns] ELEMENT
// out     y [batch, columns, rows] ELEMENT
// launch  local (BLOCK,STEP,1), global (batch*ceil(rows/BLOCK)*ceil(columns/BLOCK)*BLOCK, STEP)
// options -D ELEMENT=uchar|ushort|uint|ulong (uint), by size  -D BLOCK, side of a tile (32)
//         -D STEP, rows moved at once, divides BLOCK (8)
// local   BLOCK*(BLOCK+1) elements, padded so that a column's elements lie in different banks; exact
// test    GPUMLRuntimeTests/PrimitiveTests.swift

#ifndef ELEMENT
#define ELEMENT uint
#endif
#ifndef BLOCK
#define BLOCK 32
#endif
#ifndef STEP
#define STEP 8
#endif

__kernel __attribute__((reqd_work_group_size(BLOCK, STEP, 1))) void KERNEL_NAME(transpose)(
    const __global ELEMENT *restrict x, __global ELEMENT *restrict y, int rows, int columns) {
  __local ELEMENT tile[BLOCK * (BLOCK + 1)];
  // All tiles lie along dimension 0: some devices take 65535 groups only along the others.
  uint id = (uint)get_group_id(0), across = (uint)CEIL_DIV(columns, BLOCK);
  uint down = (uint)CEIL_DIV(rows, BLOCK), line = id / across, matrix = line / down;
  size_t start = (size_t)matrix * rows * columns;
  int item_x = (int)get_local_id(0), item_y = (int)get_local_id(1);
  int row0 = (int)REMAINDER(line, down, matrix) * BLOCK;
  int column0 = (int)REMAINDER(id, across, line) * BLOCK;
  for (int r = item_y; r < BLOCK; r += STEP) {
    int row = row0 + r, column = column0 + item_x;
    if (row < rows && column < columns)
      tile[r * (BLOCK + 1) + item_x] = x[start + (size_t)row * columns + column];
  }
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int r = item_y; r < BLOCK; r += STEP) {
    int column = column0 + r, row = row0 + item_x;
    if (row < rows && column < columns)
      y[start + (size_t)column * rows + row] = tile[item_x * (BLOCK + 1) + r];
  }
}

#undef ELEMENT
#undef BLOCK
#undef STEP
