// transpose_cpu: the last two axes exchanged, for a CPU
// in      x [batch, rows, columns] ELEMENT
// out     y [batch, columns, rows] ELEMENT
// launch  local (1,1,1), global (ceil(rows/BLOCK_ROWS), ceil(columns/BLOCK_COLUMNS), batch)
// options -D ELEMENT=uchar|ushort|uint|ulong (uint), by size  -D BLOCK_ROWS (16), -D BLOCK_COLUMNS
//         (1024): few long rows are read side by side
//         -D STREAMS=1 writes past the caches, for results that are larger (0)
// local   none; exact. Squares of VW vectors, read and written in whole cache lines of 32-bit elements:
//         nothing has to stay in a cache, where rows a power of two apart would drive each other out
// test    GPUMLRuntimeTests/PrimitiveTests.swift

#ifndef ELEMENT
#define ELEMENT uint
#endif
#ifndef BLOCK_ROWS
#define BLOCK_ROWS 16
#endif
#ifndef BLOCK_COLUMNS
#define BLOCK_COLUMNS 1024
#endif
#ifndef STREAMS
#define STREAMS 0
#endif
#define VELEMENT GPUML_PASTE(ELEMENT, VW)
#define LOOSE GPUML_PASTE(loose_, ELEMENT)
// As many squares below each other as make lines of 32 bits an element.
#define SQUARES (sizeof(ELEMENT) < 4 ? 4 / sizeof(ELEMENT) : 1)
#define TALL (SQUARES * VW)
#if STREAMS && defined(__has_builtin)
#if __has_builtin(__builtin_nontemporal_store)
#define PUT_PAST(v, p) __builtin_nontemporal_store(v, (__global VELEMENT *)(p))
#endif
#endif
#define PUT_HERE(v, p) (*(__global LOOSE *)(p) = (v))
#ifndef PUT_PAST
#define PUT_PAST(v, p) PUT_HERE(v, p)
#endif

__kernel void KERNEL_NAME(transpose)(
    const __global ELEMENT *restrict x, __global ELEMENT *restrict y, int rows, int columns) {
  size_t start = THIRD_ID * (size_t)rows * columns;
  int row0 = (int)get_global_id(0) * BLOCK_ROWS, column0 = (int)get_global_id(1) * BLOCK_COLUMNS;
  int row1 = min(row0 + BLOCK_ROWS, rows), column1 = min(column0 + BLOCK_COLUMNS, columns);
  int whole_rows = row0 + (row1 - row0) / TALL * TALL;
  const __global ELEMENT *from = x + start;
  __global ELEMENT *to = y + start;
  // In whole lines only.
  bool past = STREAMS && (((size_t)to | (size_t)rows * sizeof(ELEMENT)) & 127) == 0;
  int column;
  for (int row = row0; row < whole_rows; row += TALL) {
    for (column = column0; column + VW <= column1; column += VW) {
      VELEMENT square[SQUARES][VW];
#pragma unroll
      for (int s = 0; s < SQUARES; ++s) {
#pragma unroll
        for (int i = 0; i < VW; ++i)
          square[s][i] =
              *(const __global LOOSE *)(from + (size_t)(row + s * VW + i) * columns + column);
        TRANSPOSE_LANES(VELEMENT, square[s])
      }
#pragma unroll
      for (int i = 0; i < VW; ++i) {
        __global ELEMENT *line = to + (size_t)(column + i) * rows + row;
#pragma unroll
        for (int s = 0; s < SQUARES; ++s) {
          if (past) {
            PUT_PAST(square[s][i], line + s * VW);
          } else {
            PUT_HERE(square[s][i], line + s * VW);
          }
        }
      }
    }
  }
  // What is left: the last columns of the whole rows, then the last rows.
  column = column0 + (column1 - column0) / VW * VW;
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
#undef STREAMS
#undef VELEMENT
#undef LOOSE
#undef SQUARES
#undef TALL
#undef PUT_HERE
#undef PUT_PAST
