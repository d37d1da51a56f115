// matmul_cpu: C = op(A) op(B) from packed panels, for a device with wide vectors and no local memory
// in      A [M, K], or [K, M] if TRANS_A, row stride lda; B [K, N], or [N, K] if TRANS_B, row stride
//         ldb; all row-major float
// out     C [M, N], row stride ldc, each element through the epilogue once
// scratch packed_a ceil(M/MR)*MR*K floats, panels [M/MR][K][MR]; packed_b ceil(N/NR)*NR*K floats,
//         panels [N/NR][K][NR], NR = 2*VW; both padded with zeros
// launch  matmul_pack  local 1, global a_items + b_items, a_items = ceil(M/MR)*ceil(K/PACK_DEPTH),
//                      b_items = ceil(N/NR)*ceil(K/PACK_DEPTH); a_items 0 packs B only,
//                      global a_items packs A only
//         matmul_tile  local (1,1), global (ceil(ceil(M/MR)/ROW_PANELS), ceil(N/NR))
// options -D TRANS_A=0|1 (0)  -D TRANS_B=0|1 (0)  -D MR=4..14 (14), rows of the register tile
//         -D ROW_PANELS (8), row panels a work-item  -D PACK_DEPTH (256)
//         EPILOGUE_PARAMS (empty), extra parameters, beginning with a comma;
//         EPILOGUE_V(acc, row, col) (acc), VW neighbouring columns from col, all in range;
//         EPILOGUE_S(acc, row, col) (acc), one element
// local   none; accumulates in float; tolerance K*2^-23*sum|a*b|
// test    GPUMLRuntimeTests/MatMulTests.swift

#ifndef TRANS_A
#define TRANS_A 0
#endif
#ifndef TRANS_B
#define TRANS_B 0
#endif
#ifndef MR
#define MR 14
#endif
#ifndef ROW_PANELS
#define ROW_PANELS 8
#endif
#ifndef PACK_DEPTH
#define PACK_DEPTH 256
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
#define NR (2 * VW)

// Rows k0 to k1 of one panel: WIDTH lines of op(x) side by side, k-major, absent lines zero.
// lines is how many of the panel's lines exist; along says whether they are neighbours in memory.
static void KERNEL_NAME(pack_panel)(
    const __global float *x, int line_stride, int k_stride, int lines, int width, int k0, int k1,
    __global float *panel) {
  for (int k = k0; k < k1; ++k) {
    const __global float *from = x + (size_t)k * k_stride;
    __global float *to = panel + (size_t)k * width;
    for (int line = 0; line < lines; ++line) to[line] = from[(size_t)line * line_stride];
    for (int line = lines; line < width; ++line) to[line] = 0.0f;
  }
}

__kernel void KERNEL_NAME(matmul_pack)(
    const __global float *restrict a, const __global float *restrict b,
    __global float *restrict packed_a, __global float *restrict packed_b, int rows, int columns,
    int depth, int lda, int ldb, int a_items) {
  int id = (int)get_global_id(0);
  int slices = CEIL_DIV(depth, PACK_DEPTH);
  if (id < a_items) {
    int panel = id / slices, k0 = REMAINDER(id, slices, panel) * PACK_DEPTH;
    int row = panel * MR;
    __global float *to = packed_a + (size_t)panel * MR * depth;
#if TRANS_A
    KERNEL_NAME(pack_panel)
    (a + row, 1, lda, min(MR, rows - row), MR, k0, min(k0 + PACK_DEPTH, depth), to);
#else
    KERNEL_NAME(pack_panel)
    (a + (size_t)row * lda, lda, 1, min(MR, rows - row), MR, k0, min(k0 + PACK_DEPTH, depth), to);
#endif
  } else {
    id -= a_items;
    int panel = id / slices, k0 = REMAINDER(id, slices, panel) * PACK_DEPTH;
    int column = panel * NR;
    __global float *to = packed_b + (size_t)panel * NR * depth;
#if TRANS_B
    KERNEL_NAME(pack_panel)
    (b + (size_t)column * ldb, ldb, 1, min(NR, columns - column), NR, k0,
     min(k0 + PACK_DEPTH, depth), to);
#else
    KERNEL_NAME(pack_panel)
    (b + column, 1, ldb, min(NR, columns - column), NR, k0, min(k0 + PACK_DEPTH, depth), to);
#endif
  }
}

// One tile of MR rows by NR columns, summed in registers and left in tile.
static void KERNEL_NAME(matmul_registers)(
    const __global float *a, const __global float *b, int depth, float *tile) {
  VFLOAT left[MR], right[MR];
#pragma unroll
  for (int r = 0; r < MR; ++r) left[r] = right[r] = VZERO;
  for (int k = 0; k < depth; ++k) {
    VFLOAT b0 = VLOAD(b), b1 = VLOAD(b + VW);
#pragma unroll
    for (int r = 0; r < MR; ++r) {
      left[r] = MULTIPLY_ADD((VFLOAT)(a[r]), b0, left[r]);
      right[r] = MULTIPLY_ADD((VFLOAT)(a[r]), b1, right[r]);
    }
    a += MR;
    b += NR;
  }
#pragma unroll
  for (int r = 0; r < MR; ++r) {
    VSTORE(left[r], tile + r * NR);
    VSTORE(right[r], tile + r * NR + VW);
  }
}

__kernel void KERNEL_NAME(matmul_tile)(
    const __global float *restrict packed_a, const __global float *restrict packed_b,
    __global float *restrict c, int rows, int columns, int depth, int ldc EPILOGUE_PARAMS) {
  int first_panel = (int)get_global_id(0) * ROW_PANELS;
  int last_panel = min(first_panel + ROW_PANELS, CEIL_DIV(rows, MR));
  int column0 = (int)get_global_id(1) * NR;
  int column1 = min(column0 + NR, columns);
  const __global float *b = packed_b + (size_t)column0 * depth;
  float tile[MR * NR];
  for (int panel = first_panel; panel < last_panel; ++panel) {
    KERNEL_NAME(matmul_registers)(packed_a + (size_t)panel * MR * depth, b, depth, tile);
    int row1 = min(panel * MR + MR, rows);
    for (int row = panel * MR; row < row1; ++row) {
      const float *from = tile + (row - panel * MR) * NR;
      __global float *to = c + (size_t)row * ldc;
      int column = column0;
      for (; column + VW <= column1; column += VW) {
        VFLOAT acc = VLOAD(from + column - column0);
        VSTORE(EPILOGUE_V(acc, row, column), to + column);
      }
      for (; column < column1; ++column) {
        float acc = from[column - column0];
        to[column] = EPILOGUE_S(acc, row, column);
      }
    }
  }
}

#undef TRANS_A
#undef TRANS_B
#undef MR
#undef ROW_PANELS
#undef PACK_DEPTH
#undef EPILOGUE_PARAMS
#undef EPILOGUE_V
#undef EPILOGUE_S
#undef NR
