// matmul_direct_gpu: C = op(A) op(B), one work-item an element, for small products on a GPU
// in      A [M, K], or [K, M] if TRANS_A, row stride lda; B [K, N], or [N, K] if TRANS_B, row stride
//         ldb; all row-major REAL
// out     C [M, N] RESULT, row stride ldc, each element through the epilogue once
// batch   if BATCHED, matrix z = first + get_global_id(2): A, B and C begin at batch_offset with the steps
//         a0.., b0.. in elements, and at z*M*ldc; the epilogue's row counts on from matrix to matrix
// launch  local (WX,WY,1), global (ceil(M/WY)*ceil(N/WX)*WX, WY, batch)
// options -D TRANS_A=0|1 (0)  -D TRANS_B=0|1 (0)  -D WX (16)  -D WY (16), the work-group
//         -D REAL, RESULT=float|half|bfloat16 (float)  -D BATCHED=0|1 (0)
//         EPILOGUE_PARAMS, EPILOGUE_S as in matmul_cpu
// local   none; accumulates in float; tolerance K*2^-23*sum|a*b|
// test    GPUMLRuntimeTests/MatMulTests.swift

#ifndef TRANS_A
#define TRANS_A 0
#endif
#ifndef TRANS_B
#define TRANS_B 0
#endif
#ifndef WX
#define WX 16
#endif
#ifndef WY
#define WY 16
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

__kernel __attribute__((reqd_work_group_size(WX, WY, 1))) void KERNEL_NAME(matmul_direct)(
    const __global REAL *restrict a, const __global REAL *restrict b, __global RESULT *restrict c,
    int rows, int columns, int depth, int lda, int ldb, int ldc BATCH_PARAMS EPILOGUE_PARAMS) {
#if BATCHED
  int z = first + (int)get_global_id(2);
  a += batch_offset(z, d1, d2, a0, a1, a2);
  b += batch_offset(z, d1, d2, b0, b1, b2);
  c += (size_t)z * rows * ldc;
#endif
  int2 tile = tile_of_group(CEIL_DIV(rows, WY), CEIL_DIV(columns, WX), WX);
  int row = tile.x * WY + (int)get_local_id(1), column = tile.y * WX + (int)get_local_id(0);
  if (row >= rows || column >= columns) return;
  size_t a_step = TRANS_A ? lda : 1, b_step = TRANS_B ? 1 : ldb;
  const __global REAL *from_a = a + (size_t)row * (TRANS_A ? 1 : lda);
  const __global REAL *from_b = b + (size_t)column * (TRANS_B ? ldb : 1);
  float sum[4] = {0.0f, 0.0f, 0.0f, 0.0f};
  int k = 0;
  for (; k + 4 <= depth; k += 4) {
#pragma unroll
    for (int i = 0; i < 4; ++i)
      sum[i] = MULTIPLY_ADD(
          LOAD_REAL(from_a, (k + i) * a_step), LOAD_REAL(from_b, (k + i) * b_step), sum[i]);
  }
  for (; k < depth; ++k)
    sum[0] = MULTIPLY_ADD(LOAD_REAL(from_a, k * a_step), LOAD_REAL(from_b, k * b_step), sum[0]);
  float acc = (sum[0] + sum[1]) + (sum[2] + sum[3]);
  STORE_RESULT(EPILOGUE_S(acc, RESULT_ROW(row), column), c, (size_t)row * ldc + column);
}

#undef TRANS_A
#undef TRANS_B
#undef WX
#undef WY
#undef REAL
#undef RESULT
#undef BATCHED
#undef BATCH_PARAMS
#undef RESULT_ROW
#undef STORE_RESULT
#undef EPILOGUE_PARAMS
#undef EPILOGUE_S
