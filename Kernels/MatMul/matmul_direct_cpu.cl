// matmul_direct_cpu: C = op(A) op(B) read in place, for small or skinny products on a CPU
// in      A [M, K], or [K, M] if TRANS_A, row stride lda; B [K, N], or [N, K] if TRANS_B, row stride
//         ldb; all row-major REAL
// out     C [M, N] RESULT, row stride ldc, each element through the epilogue once
// batch   if BATCHED, matrix z = first + THIRD_ID: A, B and C begin at batch_offset with the steps
//         a0.., b0.. in elements, and at z*M*ldc; the epilogue's row counts on from matrix to matrix
// launch  TRANS_A=1 with TRANS_B=1: local (1,1), global (ceil(N/DIRECT_ROWS), ceil(M/(VECTORS*VW)))
//         TRANS_A=0 with TRANS_B=1: local (1,1), global (ceil(M/DOT_ROWS), ceil(N/DOT_COLUMNS))
//         TRANS_B=0:                local (1,1), global (ceil(M/DIRECT_ROWS), ceil(N/(VECTORS*VW)))
//         and the batch as dimension 2
// options -D TRANS_A=0|1 (0)  -D TRANS_B=0|1 (0)  -D DIRECT_ROWS (8)  -D VECTORS (1)
//         -D DOT_ROWS (4)
//         -D REAL, RESULT=float|half|bfloat16 (float)  -D BATCHED=0|1 (0)
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
#ifndef VECTORS
#define VECTORS 1
#endif
#ifndef DOT_ROWS
#define DOT_ROWS 4
#endif
#ifndef DOT_COLUMNS
#define DOT_COLUMNS 4
#endif
#ifndef REAL
#define REAL float
#endif
#ifndef RESULT
#define RESULT float
#endif
#ifndef BATCHED
#define BATCHED 0
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
#define STORE_RESULT(v, p, i) GPUML_PASTE(STORE_, RESULT)(v, p, i)
#define STOREV_RESULT(v, p) GPUML_PASTE(STOREV_, RESULT)(v, p)
#if BATCHED
#define BATCH_PARAMS \
  , int first, int d1, int d2, int a0, int a1, int a2, int b0, int b1, int b2
#define RESULT_ROW(row) (z * rows + (row))
#else
#define BATCH_PARAMS
#define RESULT_ROW(row) (row)
#endif

// The elements that a work-item's vectors span.
#define REACH (VECTORS * VW)

#if !TRANS_A && TRANS_B

// Both operands run along k: a tile of dot products, VW terms at a time.
__kernel void KERNEL_NAME(matmul_direct)(
    const __global REAL *restrict a, const __global REAL *restrict b, __global RESULT *restrict c,
    int rows, int columns, int depth, int lda, int ldb, int ldc BATCH_PARAMS EPILOGUE_PARAMS) {
#if BATCHED
  int z = first + (int)THIRD_ID;
  a += batch_offset(z, d1, d2, a0, a1, a2);
  b += batch_offset(z, d1, d2, b0, b1, b2);
  c += (size_t)z * rows * ldc;
#endif
  int row0 = (int)get_global_id(0) * DOT_ROWS, column0 = (int)get_global_id(1) * DOT_COLUMNS;
  const __global REAL *a_row[DOT_ROWS], *b_row[DOT_COLUMNS];
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
    for (int s = 0; s < DOT_COLUMNS; ++s) right[s] = LOADV_REAL(b_row[s] + k);
#pragma unroll
    for (int r = 0; r < DOT_ROWS; ++r) {
      VFLOAT left = LOADV_REAL(a_row[r] + k);
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
        acc = MULTIPLY_ADD(
            LOAD_REAL(a, (size_t)row * lda + i), LOAD_REAL(b, (size_t)column * ldb + i), acc);
      STORE_RESULT(EPILOGUE_S(acc, RESULT_ROW(row), column), c, (size_t)row * ldc + column);
    }
  }
}

#else

// The vectors w times each line's term at the place k.
static void KERNEL_NAME(add_terms)(
    const __global REAL **line, size_t k, VFLOAT *w, VFLOAT *sum) {
#pragma unroll
  for (int r = 0; r < DIRECT_ROWS; ++r) {
    VFLOAT term = (VFLOAT)(LOAD_REAL(line[r], k));
#pragma unroll
    for (int v = 0; v < VECTORS; ++v)
      sum[r * VECTORS + v] = MULTIPLY_ADD(term, w[v], sum[r * VECTORS + v]);
  }
}

// VECTORS vectors run along the lines of one operand (B's columns; A's rows if both are transposed), and
// DIRECT_ROWS elements of the other are broadcast. swept is the vectors' extent, lines the other's.
__kernel void KERNEL_NAME(matmul_direct)(
    const __global REAL *restrict a, const __global REAL *restrict b, __global RESULT *restrict c,
    int rows, int columns, int depth, int lda, int ldb, int ldc BATCH_PARAMS EPILOGUE_PARAMS) {
#if BATCHED
  int z = first + (int)THIRD_ID;
  a += batch_offset(z, d1, d2, a0, a1, a2);
  b += batch_offset(z, d1, d2, b0, b1, b2);
  c += (size_t)z * rows * ldc;
#endif
#if TRANS_B
  const __global REAL *restrict wide = a, *restrict narrow = b;
  int swept = rows, lines = columns, wide_stride = lda, line_stride = ldb, k_stride = 1;
#else
  const __global REAL *restrict wide = b, *restrict narrow = a;
  int swept = columns, lines = rows, wide_stride = ldb;
#if TRANS_A
  int line_stride = 1, k_stride = lda;
#else
  int line_stride = lda, k_stride = 1;
#endif
#endif
  int line0 = (int)get_global_id(0) * DIRECT_ROWS, at = (int)get_global_id(1) * REACH;
  int count = min(REACH, swept - at);
  const __global REAL *line[DIRECT_ROWS];
  VFLOAT sum[DIRECT_ROWS * VECTORS];
#pragma unroll
  for (int r = 0; r < DIRECT_ROWS; ++r)
    line[r] = narrow + (size_t)min(line0 + r, lines - 1) * line_stride;
#pragma unroll
  for (int i = 0; i < DIRECT_ROWS * VECTORS; ++i) sum[i] = VZERO;
  // Rows of the wide operand from which REACH elements can be read without leaving the matrix.
  int whole = depth;
  if (count < REACH) whole = max(0, depth - CEIL_DIV(REACH - count, wide_stride));
  for (int k = 0; k < whole; ++k) {
    const __global REAL *from = wide + (size_t)k * wide_stride + at;
    VFLOAT w[VECTORS];
#pragma unroll
    for (int v = 0; v < VECTORS; ++v) w[v] = LOADV_REAL(from + v * VW);
    KERNEL_NAME(add_terms)(line, (size_t)k * k_stride, w, sum);
  }
  for (int k = whole; k < depth; ++k) {
    const __global REAL *from = wide + (size_t)k * wide_stride + at;
    float lanes[REACH];
    for (int i = 0; i < REACH; ++i) lanes[i] = i < count ? LOAD_REAL(from, i) : 0.0f;
    VFLOAT w[VECTORS];
#pragma unroll
    for (int v = 0; v < VECTORS; ++v) w[v] = VLOAD(lanes + v * VW);
    KERNEL_NAME(add_terms)(line, (size_t)k * k_stride, w, sum);
  }
  float tile[DIRECT_ROWS * REACH];
#pragma unroll
  for (int i = 0; i < DIRECT_ROWS * VECTORS; ++i) VSTORE(sum[i], tile + i * VW);
  int line1 = min(line0 + DIRECT_ROWS, lines);
#if TRANS_B
  for (int row = at; row < at + count; ++row) {
    for (int column = line0; column < line1; ++column) {
      float acc = tile[(column - line0) * REACH + row - at];
      STORE_RESULT(EPILOGUE_S(acc, RESULT_ROW(row), column), c, (size_t)row * ldc + column);
    }
  }
#else
  for (int row = line0; row < line1; ++row) {
    const float *from = tile + (row - line0) * REACH;
    __global RESULT *to = c + (size_t)row * ldc;
    int column = at;
    for (; column + VW <= at + count; column += VW) {
      VFLOAT acc = VLOAD(from + column - at);
      STOREV_RESULT(EPILOGUE_V(acc, RESULT_ROW(row), column), to + column);
    }
    for (; column < at + count; ++column) {
      float acc = from[column - at];
      STORE_RESULT(EPILOGUE_S(acc, RESULT_ROW(row), column), to, column);
    }
  }
#endif
}

#endif

#undef TRANS_A
#undef TRANS_B
#undef DIRECT_ROWS
#undef VECTORS
#undef REACH
#undef DOT_ROWS
#undef DOT_COLUMNS
#undef REAL
#undef RESULT
#undef BATCHED
#undef BATCH_PARAMS
#undef RESULT_ROW
#undef STORE_RESULT
#undef STOREV_RESULT
#undef EPILOGUE_PARAMS
#undef EPILOGUE_V
#undef EPILOGUE_S
