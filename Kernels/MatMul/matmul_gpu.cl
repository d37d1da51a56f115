// matmul_gpu: C = op(A) op(B) by local-memory tiles and register tiles, for a GPU
// in      A [M, K], or [K, M] if TRANS_A, row stride lda; B [K, N], or [N, K] if TRANS_B, row stride
//         ldb; all row-major REAL
// out     C [M, N] RESULT, row stride ldc, each element through the epilogue once
// batch   if BATCHED, matrix z = first + get_global_id(2): A, B and C begin at batch_offset with the steps
//         a0.., b0.. in elements, and at z*M*ldc; the epilogue's row counts on from matrix to matrix
// launch  local (TX,TY,1), global (ceil(N/TN)*TX, ceil(M/TM)*TY, batch)
// options -D TRANS_A=0|1 (0)  -D TRANS_B=0|1 (0)  -D TM (64)  -D TN (64)  -D TK (16), the tile
//         -D TX (16)  -D TY (16), the work-group; TX divides TN, TY divides TM,
//         TX*TY divides TM*TK and TN*TK
//         -D REAL, RESULT=float|half|bfloat16 (float)  -D BATCHED=0|1 (0)
//         EPILOGUE_PARAMS, EPILOGUE_S as in matmul_cpu
// local   2*TK*(TM+TN+2)*4 bytes: the next tile is stored while the present one is used
// note    accumulates in float; tolerance K*2^-23*sum|a*b|
// test    GPUMLRuntimeTests/MatMulTests.swift

#ifndef TRANS_A
#define TRANS_A 0
#endif
#ifndef TRANS_B
#define TRANS_B 0
#endif
#ifndef TM
#define TM 64
#endif
#ifndef TN
#define TN 64
#endif
#ifndef TK
#define TK 16
#endif
#ifndef TX
#define TX 16
#endif
#ifndef TY
#define TY 16
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
#ifndef EPILOGUE_S
#define EPILOGUE_S(acc, row, col) (acc)
#endif
#define STORE_RESULT(v, p, i) GPUML_PASTE(STORE_, RESULT)(v, p, i)
#if BATCHED
#define BATCH_PARAMS \
  , int first, int d1, int d2, int a0, int a1, int a2, int b0, int b1, int b2
#define RESULT_ROW(row) (z * rows + (row))
#else
#define BATCH_PARAMS
#define RESULT_ROW(row) (row)
#endif
// Elements of a tile that one work-item loads and computes.
#define LOADS_A (TM * TK / (TX * TY))
#define LOADS_B (TN * TK / (TX * TY))
#define ITEM_ROWS (TM / TY)
#define ITEM_COLUMNS (TN / TX)
// One float of padding a line, so that transposing stores hit different banks.
#define PITCH_A (TM + 1)
#define PITCH_B (TN + 1)

// A work-item's share of a tile of [lines, k]: neighbours in memory go to neighbouring work-items.
// i is unsigned, so that powers of two need no division.
#define LINE_AT(i, lines, k_first) ((k_first) ? (i) / TK : (i) % (lines))
#define DEPTH_AT(i, lines, k_first) ((k_first) ? (i) % TK : (i) / (lines))

__kernel __attribute__((reqd_work_group_size(TX, TY, 1))) void KERNEL_NAME(matmul_tile)(
    const __global REAL *restrict a, const __global REAL *restrict b, __global RESULT *restrict c,
    int rows, int columns, int depth, int lda, int ldb, int ldc BATCH_PARAMS EPILOGUE_PARAMS) {
#if BATCHED
  int z = first + (int)get_global_id(2);
  a += batch_offset(z, d1, d2, a0, a1, a2);
  b += batch_offset(z, d1, d2, b0, b1, b2);
  c += (size_t)z * rows * ldc;
#endif
  __local float tile_a[2][TK * PITCH_A];
  __local float tile_b[2][TK * PITCH_B];
  int x = (int)get_local_id(0), y = (int)get_local_id(1);
  uint item = (uint)(y * TX + x);
  int row0 = (int)get_group_id(1) * TM, column0 = (int)get_group_id(0) * TN;
  float next_a[LOADS_A], next_b[LOADS_B], sum[ITEM_ROWS][ITEM_COLUMNS];
#pragma unroll
  for (int r = 0; r < ITEM_ROWS; ++r)
#pragma unroll
    for (int s = 0; s < ITEM_COLUMNS; ++s) sum[r][s] = 0.0f;
  int tiles = CEIL_DIV(depth, TK);
  for (int t = 0; t <= tiles; ++t) {
    // Load tile t from memory while tile t - 1 is multiplied out of local memory.
#pragma unroll
    for (int l = 0; l < LOADS_A; ++l) {
      uint i = item + (uint)(l * TX * TY);
      int row = row0 + (int)LINE_AT(i, TM, !TRANS_A), k = t * TK + (int)DEPTH_AT(i, TM, !TRANS_A);
      next_a[l] = 0.0f;
      if (row < rows && k < depth)
        next_a[l] = LOAD_REAL(a, TRANS_A ? (size_t)k * lda + row : (size_t)row * lda + k);
    }
#pragma unroll
    for (int l = 0; l < LOADS_B; ++l) {
      uint i = item + (uint)(l * TX * TY);
      int column = column0 + (int)LINE_AT(i, TN, TRANS_B), k = t * TK + (int)DEPTH_AT(i, TN, TRANS_B);
      next_b[l] = 0.0f;
      if (column < columns && k < depth)
        next_b[l] = LOAD_REAL(b, TRANS_B ? (size_t)column * ldb + k : (size_t)k * ldb + column);
    }
    if (t > 0) {
      const __local float *from_a = tile_a[(t - 1) & 1], *from_b = tile_b[(t - 1) & 1];
#pragma unroll
      for (int k = 0; k < TK; ++k) {
        float left[ITEM_ROWS], right[ITEM_COLUMNS];
#pragma unroll
        for (int r = 0; r < ITEM_ROWS; ++r) left[r] = from_a[k * PITCH_A + r * TY + y];
#pragma unroll
        for (int s = 0; s < ITEM_COLUMNS; ++s) right[s] = from_b[k * PITCH_B + s * TX + x];
#pragma unroll
        for (int r = 0; r < ITEM_ROWS; ++r)
#pragma unroll
          for (int s = 0; s < ITEM_COLUMNS; ++s)
            sum[r][s] = MULTIPLY_ADD(left[r], right[s], sum[r][s]);
      }
    }
    __local float *to_a = tile_a[t & 1], *to_b = tile_b[t & 1];
#pragma unroll
    for (int l = 0; l < LOADS_A; ++l) {
      uint i = item + (uint)(l * TX * TY);
      to_a[DEPTH_AT(i, TM, !TRANS_A) * PITCH_A + LINE_AT(i, TM, !TRANS_A)] = next_a[l];
    }
#pragma unroll
    for (int l = 0; l < LOADS_B; ++l) {
      uint i = item + (uint)(l * TX * TY);
      to_b[DEPTH_AT(i, TN, TRANS_B) * PITCH_B + LINE_AT(i, TN, TRANS_B)] = next_b[l];
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }
#pragma unroll
  for (int r = 0; r < ITEM_ROWS; ++r) {
    int row = row0 + r * TY + y;
#pragma unroll
    for (int s = 0; s < ITEM_COLUMNS; ++s) {
      int column = column0 + s * TX + x;
      if (row < rows && column < columns) {
        float acc = sum[r][s];
        STORE_RESULT(EPILOGUE_S(acc, RESULT_ROW(row), column), c, (size_t)row * ldc + column);
      }
    }
  }
}

#undef TRANS_A
#undef TRANS_B
#undef TM
#undef TN
#undef TK
#undef TX
#undef TY
#undef REAL
#undef RESULT
#undef BATCHED
#undef BATCH_PARAMS
#undef RESULT_ROW
#undef STORE_RESULT
#undef EPILOGUE_PARAMS
#undef EPILOGUE_S
#undef LOADS_A
#undef LOADS_B
#undef ITEM_ROWS
#undef ITEM_COLUMNS
#undef PITCH_A
#undef PITCH_B
#undef LINE_AT
#undef DEPTH_AT
