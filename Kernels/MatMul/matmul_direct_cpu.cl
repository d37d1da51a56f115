// matmul_direct_cpu: C = op(A) op(B) read in place, for small or skinny products on a CPU
// in      A [M, K], or [K, M] if TRANS_A, row stride lda; B [K, N], or [N, K] if TRANS_B, row stride
//         ldb; all row-major float
// out     C [M, N], row stride ldc, each element through the epilogue once
// launch  TRANS_A=1 with TRANS_B=1: local (1,1), global (ceil(N/DIRECT_ROWS), ceil(M/VW))
//         TRANS_A=0 with TRANS_B=1: local (1,1), global (ceil(M/DOT_ROWS), ceil(N/DOT_COLUMNS))
//         TRANS_B=0:                local (1,1), global (ceil(M/DIRECT_ROWS), ceil(N/VW))
// options -D TRANS_A=0|1 (0)  -D TRANS_B=0|1 (0)  -D DIRECT_ROWS (8)  -D DOT_ROWS (4)
//         -D DOT_COLUMNS (4)  EPILOGUE_PARAMS, EPILOGUE_V, EPILOGUE_S as in matmul_cpu
// local   none; accumulates in float; tolerance K*2^-23*sum|a*b|
// note    a vector may be read past a row's end into the next row, never past the matrix's last
//         element; such lanes are never stored
// test    GPUMLRuntimeTests/MatMulTests.swift

#ifndef TRANS_A
#define TRANS_A 0
#endif
#ifndef TRANS_B
#define TRANS_B 0
#endif
#ifndef DIRECT_ROWS
#define DIRECT_ROWS 8
#endif
#ifndef DOT_ROWS
#define DOT_ROWS 4
#endif
#ifndef DOT_COLUMNS
#define DOT_COLUMNS 4
#endif
#ifndef EPILOGUE_PARAMS
#define EPILOGUE_PARAMS
#endif
#ifndef EPILOGUE_V
#define EPILOGUE_V(acc, row, col) (acc)
#endif
#ifndef EPILOGUE_S
#define EPILOGUE_S(acc, row, col) (acc)
#endif

#if !TRANS_A && TRANS_B

// Both operands run along k: a tile of dot products, VW terms at a time.
__kernel void KERNEL_NAME(matmul_direct)(
    const __global float *restrict a, const __global float *restrict b, __global float *restrict c,
    int rows, int columns, int depth, int lda, int ldb, int ldc EPILOGUE_PARAMS) {
  int row0 = (int)get_global_id(0) * DOT_ROWS, column0 = (int)get_global_id(1) * DOT_COLUMNS;
  const __global float *a_row[DOT_ROWS], *b_row[DOT_COLUMNS];
  VFLOAT sum[DOT_ROWS * DOT_COLUMNS];
#pragma unroll
  for (int r = 0; r < DOT_ROWS; ++r) a_row[r] = a + (size_t)min(row0 + r, rows - 1) * lda;
#pragma unroll
  for (int s = 0; s < DOT_COLUMNS; ++s) b_row[s] = b + (size_t)min(column0 + s, columns - 1) * ldb;
#pragma unroll
  for (int i = 0; i < DOT_ROWS * DOT_COLUMNS; ++i) sum[i] = VZERO;
  int k = 0;
  for (; k + VW <= depth; k += VW) {
    VFLOAT right[DOT_COLUMNS];
#pragma unroll
    for (int s = 0; s < DOT_COLUMNS; ++s) right[s] = VLOAD(b_row[s] + k);
#pragma unroll
    for (int r = 0; r < DOT_ROWS; ++r) {
      VFLOAT left = VLOAD(a_row[r] + k);
#pragma unroll
      for (int s = 0; s < DOT_COLUMNS; ++s)
        sum[r * DOT_COLUMNS + s] = MULTIPLY_ADD(left, right[s], sum[r * DOT_COLUMNS + s]);
    }
  }
  float dots[DOT_ROWS * DOT_COLUMNS];
#pragma unroll
  for (int i = 0; i < DOT_ROWS * DOT_COLUMNS; ++i) dots[i] = sum_lanes(sum[i]);
  for (int r = 0; r < DOT_ROWS && row0 + r < rows; ++r) {
    for (int s = 0; s < DOT_COLUMNS && column0 + s < columns; ++s) {
      int row = row0 + r, column = column0 + s;
      float acc = dots[r * DOT_COLUMNS + s];
      for (int i = k; i < depth; ++i)
        acc = MULTIPLY_ADD(a[(size_t)row * lda + i], b[(size_t)column * ldb + i], acc);
      c[(size_t)row * ldc + column] = EPILOGUE_S(acc, row, column);
    }
  }
}

#else

// Vectors run along the lines of one operand (B's columns; A's rows if both are transposed), and
// DIRECT_ROWS elements of the other are broadcast. swept is the vectors' extent, lines the other's.
__kernel void KERNEL_NAME(matmul_direct)(
    const __global float *restrict a, const __global float *restrict b, __global float *restrict c,
    int rows, int columns, int depth, int lda, int ldb, int ldc EPILOGUE_PARAMS) {
#if TRANS_B
  const __global float *restrict wide = a, *restrict narrow = b;
  int swept = rows, lines = columns, wide_stride = lda, line_stride = ldb, k_stride = 1;
#else
  const __global float *restrict wide = b, *restrict narrow = a;
  int swept = columns, lines = rows, wide_stride = ldb;
#if TRANS_A
  int line_stride = 1, k_stride = lda;
#else
  int line_stride = lda, k_stride = 1;
#endif
#endif
  int line0 = (int)get_global_id(0) * DIRECT_ROWS, at = (int)get_global_id(1) * VW;
  int count = min(VW, swept - at);
  const __global float *line[DIRECT_ROWS];
  VFLOAT sum[DIRECT_ROWS];
#pragma unroll
  for (int r = 0; r < DIRECT_ROWS; ++r) {
    line[r] = narrow + (size_t)min(line0 + r, lines - 1) * line_stride;
    sum[r] = VZERO;
  }
  // Rows of the wide operand from which VW floats can be read without leaving the matrix.
  int whole = depth;
  if (count < VW) whole = max(0, depth - CEIL_DIV(VW - count, wide_stride));
  for (int k = 0; k < whole; ++k) {
    VFLOAT w = VLOAD(wide + (size_t)k * wide_stride + at);
#pragma unroll
    for (int r = 0; r < DIRECT_ROWS; ++r)
      sum[r] = MULTIPLY_ADD((VFLOAT)(line[r][(size_t)k * k_stride]), w, sum[r]);
  }
  for (int k = whole; k < depth; ++k) {
    VFLOAT w = load_partial(wide + (size_t)k * wide_stride + at, count, 0.0f);
#pragma unroll
    for (int r = 0; r < DIRECT_ROWS; ++r)
      sum[r] = MULTIPLY_ADD((VFLOAT)(line[r][(size_t)k * k_stride]), w, sum[r]);
  }
  float tile[DIRECT_ROWS * VW];
#pragma unroll
  for (int r = 0; r < DIRECT_ROWS; ++r) VSTORE(sum[r], tile + r * VW);
  int line1 = min(line0 + DIRECT_ROWS, lines);
#if TRANS_B
  for (int row = at; row < at + count; ++row) {
    for (int column = line0; column < line1; ++column) {
      float acc = tile[(column - line0) * VW + row - at];
      c[(size_t)row * ldc + column] = EPILOGUE_S(acc, row, column);
    }
  }
#else
  for (int row = line0; row < line1; ++row) {
    const float *from = tile + (row - line0) * VW;
    __global float *to = c + (size_t)row * ldc;
    if (count == VW) {
      VFLOAT acc = VLOAD(from);
      VSTORE(EPILOGUE_V(acc, row, at), to + at);
    } else {
      for (int column = at; column < at + count; ++column) {
        float acc = from[column - at];
        to[column] = EPILOGUE_S(acc, row, column);
      }
    }
  }
#endif
}

#endif

#undef TRANS_A
#undef TRANS_B
#undef DIRECT_ROWS
#undef DOT_ROWS
#undef DOT_COLUMNS
#undef EPILOGUE_PARAMS
#undef EPILOGUE_V
#undef EPILOGUE_S
