// matmul_integer: C = op(A) op(B) of whole numbers, for either family; sums wrap around
// in      A [M, K] LEFT, or [K, M] if TRANS_A, row stride lda; B [K, N] RIGHT, or [N, K] if TRANS_B,
//         row stride ldb; all row-major
// out     C [M, N] RESULT, row stride ldc
// batch   matrix z = first + THIRD_ID: A, B and C begin at batch_offset with the steps a0..,
//         b0.. in elements, and at z*M*ldc
// launch  local (WX,WY,1), global (ceil(M/WY)*ceil(N/(RUN*WX))*WX, WY, batch)
// options -D TRANS_A=0|1 (0)  -D TRANS_B=0|1 (0)  -D LEFT, RIGHT, RESULT, integer types (char, char,
//         int)  -D SUM=uint|ulong (uint), the result's bits, so that sums wrap around
//         -D RUN, columns a work-item (1; 32 on a CPU)  -D WX, -D WY, work-group (16, 16; 1 on a CPU)
// local   none; exact
// test    GPUMLRuntimeTests/MatMulTests.swift

#ifndef TRANS_A
#define TRANS_A 0
#endif
#ifndef TRANS_B
#define TRANS_B 0
#endif
#ifndef LEFT
#define LEFT char
#endif
#ifndef RIGHT
#define RIGHT char
#endif
#ifndef RESULT
#define RESULT int
#endif
#ifndef SUM
#define SUM uint
#endif
#ifndef RUN
#define RUN 1
#endif
#ifndef WX
#define WX 16
#endif
#ifndef WY
#define WY 16
#endif

__kernel __attribute__((reqd_work_group_size(WX, WY, 1))) void KERNEL_NAME(matmul_integer)(
    const __global LEFT *restrict a, const __global RIGHT *restrict b, __global RESULT *restrict c,
    int rows, int columns, int depth, int lda, int ldb, int ldc, int first, int d1, int d2, int a0,
    int a1, int a2, int b0, int b1, int b2) {
  int2 tile = tile_of_group(CEIL_DIV(rows, WY), CEIL_DIV(columns, RUN * WX), WX);
  int row = tile.x * WY + (int)get_local_id(1);
  int column = (tile.y * WX + (int)get_local_id(0)) * RUN;
  if (row >= rows || column >= columns) return;
  int z = first + (int)THIRD_ID;
  a += batch_offset(z, d1, d2, a0, a1, a2) + (size_t)row * (TRANS_A ? 1 : lda);
  b += batch_offset(z, d1, d2, b0, b1, b2) + (size_t)column * (TRANS_B ? ldb : 1);
  c += (size_t)z * rows * ldc + (size_t)row * ldc + column;
  int count = min(RUN, columns - column);
  SUM sums[RUN];
  for (int s = 0; s < RUN; ++s) sums[s] = 0;
  for (int k = 0; k < depth; ++k) {
    SUM left = (SUM)a[(size_t)k * (TRANS_A ? lda : 1)];
    const __global RIGHT *right = b + (size_t)k * (TRANS_B ? 1 : ldb);
    for (int s = 0; s < count; ++s) sums[s] += left * (SUM)right[(size_t)s * (TRANS_B ? ldb : 1)];
  }
  for (int s = 0; s < count; ++s) c[s] = (RESULT)sums[s];
}

#undef TRANS_A
#undef TRANS_B
#undef LEFT
#undef RIGHT
#undef RESULT
#undef SUM
#undef RUN
#undef WX
#undef WY
