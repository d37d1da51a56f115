// matmul_direct_gpu: C = op(A) op(B), one work-item an element, for small products on a GPU
// in      A [M, K], or [K, M] if TRANS_A, row stride lda; B [K, N], or [N, K] if TRANS_B, row stride
//         ldb; all row-major float
// out     C [M, N], row stride ldc, each element through the epilogue once
// launch  local (WX,WY), global (ceil(N/WX)*WX, ceil(M/WY)*WY)
// options -D TRANS_A=0|1 (0)  -D TRANS_B=0|1 (0)  -D WX (16)  -D WY (16), the work-group
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
#ifndef EPILOGUE_PARAMS
#define EPILOGUE_PARAMS
#endif
#ifndef EPILOGUE_S
#define EPILOGUE_S(acc, row, col) (acc)
#endif

__kernel __attribute__((reqd_work_group_size(WX, WY, 1))) void KERNEL_NAME(matmul_direct)(
    const __global float *restrict a, const __global float *restrict b, __global float *restrict c,
    int rows, int columns, int depth, int lda, int ldb, int ldc EPILOGUE_PARAMS) {
  int row = (int)get_global_id(1), column = (int)get_global_id(0);
  if (row >= rows || column >= columns) return;
  size_t a_step = TRANS_A ? lda : 1, b_step = TRANS_B ? 1 : ldb;
  const __global float *from_a = a + (size_t)row * (TRANS_A ? 1 : lda);
  const __global float *from_b = b + (size_t)column * (TRANS_B ? ldb : 1);
  float sum[4] = {0.0f, 0.0f, 0.0f, 0.0f};
  int k = 0;
  for (; k + 4 <= depth; k += 4) {
#pragma unroll
    for (int i = 0; i < 4; ++i)
      sum[i] = MULTIPLY_ADD(from_a[(k + i) * a_step], from_b[(k + i) * b_step], sum[i]);
  }
  for (; k < depth; ++k) sum[0] = MULTIPLY_ADD(from_a[k * a_step], from_b[k * b_step], sum[0]);
  float acc = (sum[0] + sum[1]) + (sum[2] + sum[3]);
  c[(size_t)row * ldc + column] = EPILOGUE_S(acc, row, column);
}

#undef TRANS_A
#undef TRANS_B
#undef WX
#undef WY
#undef EPILOGUE_PARAMS
#undef EPILOGUE_S
