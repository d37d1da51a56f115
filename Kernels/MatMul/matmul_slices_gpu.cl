// matmul_slices_gpu: C = the sum of the products of slices of K, one work-item an element: the second pass
//         of a product whose terms matmul_gpu or matvec_gpu has summed in slices side by side
// in      partial [slices, M, N] float
// out     C [M, N] RESULT, each element through the epilogue once
// launch  local (64,1,1), global ceil(M*N/64)*64
// options -D RESULT=float|half|bfloat16 (float)
//         EPILOGUE_PARAMS, EPILOGUE_S as in matmul_cpu
// note    adds in the order of the slices, four sums by turns; tolerance as of the product itself
// test    GPUMLRuntimeTests/MatMulTileTests.swift

#ifndef RESULT
#define RESULT float
#endif
#ifndef EPILOGUE_PARAMS
#define EPILOGUE_PARAMS
#endif
#ifndef EPILOGUE_S
#define EPILOGUE_S(acc, row, col) (acc)
#endif
#define STORE_RESULT(v, p, i) GPUML_PASTE(STORE_, RESULT)(v, p, i)

__kernel __attribute__((reqd_work_group_size(64, 1, 1))) void KERNEL_NAME(matmul_slices)(
    const __global float *restrict partial, __global RESULT *restrict c, int slices, int rows,
    int columns EPILOGUE_PARAMS) {
  int at = (int)get_global_id(0), count = rows * columns;
  if (at >= count) return;
  float sum[4] = {0.0f, 0.0f, 0.0f, 0.0f};
  int s = 0;
  for (; s + 4 <= slices; s += 4) {
#pragma unroll
    for (int i = 0; i < 4; ++i) sum[i] += partial[(size_t)(s + i) * count + at];
  }
  for (; s < slices; ++s) sum[0] += partial[(size_t)s * count + at];
  float acc = (sum[0] + sum[1]) + (sum[2] + sum[3]);
  int row = at / columns, column = REMAINDER(at, columns, row);
  STORE_RESULT(EPILOGUE_S(acc, row, column), c, at);
}

#undef RESULT
#undef EPILOGUE_PARAMS
#undef EPILOGUE_S
#undef STORE_RESULT
