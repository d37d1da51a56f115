// matmul_cpu: C = op(A) op(B) by a register tile, for a device with wide vectors and no local memory
// in      A [M, K], or [K, M] if TRANS_A, row stride lda; B [K, N], or [N, K] if TRANS_B, row stride
//         ldb; all row-major float
// out     C [M, N], row stride ldc, each element through the epilogue once
// scratch packed_a ceil(M/MR)*MR*K floats, panels [M/MR][K][MR]; with PACKED_B also packed_b
//         ceil(N/NR)*NR*K floats, panels [N/NR][K][NR], NR = 2*VW; absent lines repeat the last one
// launch  matmul_pack  local 1, global a_items + b_items, a_items = ceil(M/MR)*ceil(K/DEPTH), b_items
//                      = 0 without PACKED_B, else ceil(K/SLAB), or ceil(N/NR)*ceil(K/DEPTH) if
//                      TRANS_B; a_items 0 packs B only; the unused operand may be any buffer
//         matmul_tile  local (1,1), global (ceil(ceil(M/MR)/row_panels), ceil(N/NR)), row_panels
//                      at most ROW_PANELS; with PACKED_B b is packed_b, ldb is not used
//         PACKED_B pays where B is read more than once: M > ROW_PANELS*MR
// options -D TRANS_A=0|1 (0)  -D TRANS_B=0|1 (0)  -D PACKED_B=0|1 (0)  -D MR=4..14 (8), rows of
//         the register tile  -D ROW_PANELS (16), most row panels a work-item
//         -D DEPTH (128), terms summed at a time from one packed block of B  -D SLAB (16)
//         EPILOGUE_PARAMS (empty), extra parameters, beginning with a comma;
//         EPILOGUE_V(acc, row, col) (acc), VW neighbouring columns from col, all in range;
//         EPILOGUE_S(acc, row, col) (acc), one element
// local   none; private (ROW_PANELS*MR + DEPTH)*NR*4 bytes. Without PACKED_B a work-item
//         packs its blocks of B itself: its rows repay it, and no memory traffic is added
// note    accumulates in float; tolerance K*2^-23*sum|a*b|
// test    GPUMLRuntimeTests/MatMulTests.swift

#ifndef TRANS_A
#define TRANS_A 0
#endif
#ifndef TRANS_B
#define TRANS_B 0
#endif
#ifndef PACKED_B
#define PACKED_B 0
#endif
#ifndef MR
#define MR 8
#endif
#ifndef ROW_PANELS
#define ROW_PANELS 16
#endif
#ifndef DEPTH
#define DEPTH 128
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
#ifndef SLAB
#define SLAB 16
#endif
#define NR (2 * VW)

// Packers write k-major: line l of the panel at k becomes block[k * width + l]; lines from
// present on repeat the last one, since nothing made of them is stored.

// Lines side by side in memory, rows of k stride apart: each k is a copy.
static void KERNEL_NAME(pack_beside)(
    const __global float *from, int stride, int present, int width, int depth, float *block) {
  for (int k = 0; k < depth; ++k, from += stride, block += width) {
    if (present >= width) {
      for (int l = 0; l < width; ++l) block[l] = from[l];
    } else {
      for (int l = 0; l < width; ++l) block[l] = from[min(l, present - 1)];
    }
  }
}

// Lines that run along k, stride apart: squares of VW by VW are transposed in registers. A store may
// spill into the next k's first lines, which are written later; block has VW floats to spare.
static void KERNEL_NAME(pack_along)(
    const __global float *from, int stride, int present, int width, int depth, float *block) {
  int whole = depth / VW * VW;
  for (int first = (width - 1) / VW * VW; first >= 0; first -= VW) {
    for (int k = 0; k < whole; k += VW) {
      VFLOAT square[VW];
#pragma unroll
      for (int l = 0; l < VW; ++l)
        square[l] = VLOAD(from + (size_t)min(first + l, present - 1) * stride + k);
      transpose_lanes(square);
#pragma unroll
      for (int i = 0; i < VW; ++i) VSTORE(square[i], block + (k + i) * width + first);
    }
  }
  for (int k = whole; k < depth; ++k) {
    for (int l = 0; l < width; ++l)
      block[k * width + l] = from[(size_t)min(l, present - 1) * stride + k];
  }
}

// Block of B from row k0 and column on: count rows by NR columns.
static void KERNEL_NAME(pack_block)(
    const __global float *b, int ldb, int k0, int count, int column, int columns, float *block) {
#if TRANS_B
  KERNEL_NAME(pack_along)(b + (size_t)column * ldb + k0, ldb, columns - column, NR, count, block);
#else
  KERNEL_NAME(pack_beside)(b + (size_t)k0 * ldb + column, ldb, columns - column, NR, count, block);
#endif
}

// The A panels' slices come first, a_items of them; then B, by slabs of rows, which read and write
// in long runs, or, if it is transposed, by slices of panels like A.
__kernel void KERNEL_NAME(matmul_pack)(
    const __global float *restrict a, const __global float *restrict b,
    __global float *restrict packed_a, __global float *restrict packed_b, int rows, int columns,
    int depth, int lda, int ldb, int a_items) {
  int id = (int)get_global_id(0), slices = CEIL_DIV(depth, DEPTH);
  if (id < a_items) {
    float block[DEPTH * MR + VW];
    int panel = id / slices, k0 = REMAINDER(id, slices, panel) * DEPTH, row = panel * MR;
    int count = min(DEPTH, depth - k0);
#if TRANS_A
    KERNEL_NAME(pack_beside)(a + (size_t)k0 * lda + row, lda, rows - row, MR, count, block);
#else
    KERNEL_NAME(pack_along)(a + (size_t)row * lda + k0, lda, rows - row, MR, count, block);
#endif
    __global float *to = packed_a + ((size_t)panel * depth + k0) * MR;
    for (int i = 0; i < count * MR; ++i) to[i] = block[i];
    return;
  }
  id -= a_items;
#if TRANS_B
  float block[DEPTH * NR + VW];
  int panel = id / slices, k0 = REMAINDER(id, slices, panel) * DEPTH;
  int count = min(DEPTH, depth - k0);
  KERNEL_NAME(pack_block)(b, ldb, k0, count, panel * NR, columns, block);
  __global float *to = packed_b + ((size_t)panel * depth + k0) * NR;
  for (int i = 0; i < count * NR; i += VW) VSTORE(VLOAD(block + i), to + i);
#else
  int k0 = id * SLAB, k1 = min(k0 + SLAB, depth);
  for (int column = 0; column < columns; column += NR) {
    __global float *to = packed_b + (size_t)column * depth + (size_t)k0 * NR;
    for (int k = k0; k < k1; ++k, to += NR) {
      const __global float *from = b + (size_t)k * ldb + column;
      if (column + NR <= columns) {
        VSTORE(VLOAD(from), to);
        VSTORE(VLOAD(from + VW), to + VW);
      } else {
        for (int l = 0; l < NR; ++l) to[l] = from[min(l, columns - column - 1)];
      }
    }
  }
#endif
}

#if PACKED_B
#define B_BLOCK const __global float *
#else
#define B_BLOCK const float *
#endif

// MR rows by NR columns, held in registers while count terms are added to what sums has; the first
// terms of a tile find nothing there yet.
static void KERNEL_NAME(matmul_registers)(
    const __global float *a, B_BLOCK b, int count, bool begins, float *sums) {
  VFLOAT left[MR], right[MR];
  if (begins) {
#pragma unroll
    for (int r = 0; r < MR; ++r) left[r] = right[r] = VZERO;
  } else {
#pragma unroll
    for (int r = 0; r < MR; ++r) {
      left[r] = VLOAD(sums + r * NR);
      right[r] = VLOAD(sums + r * NR + VW);
    }
  }
  for (int k = 0; k < count; ++k) {
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
    VSTORE(left[r], sums + r * NR);
    VSTORE(right[r], sums + r * NR + VW);
  }
}

__kernel void KERNEL_NAME(matmul_tile)(
    const __global float *restrict packed_a, const __global float *restrict b,
    __global float *restrict c, int rows, int columns, int depth, int ldb, int ldc,
    int row_panels EPILOGUE_PARAMS) {
  float sums[ROW_PANELS * MR * NR] __attribute__((aligned(64)));
#if !PACKED_B
  float block[DEPTH * NR + VW] __attribute__((aligned(64)));
#endif
  int row0 = (int)get_global_id(0) * row_panels * MR;
  int row1 = min(row0 + row_panels * MR, rows);
  int column0 = (int)get_global_id(1) * NR;
  int column1 = min(column0 + NR, columns);
  // At least one turn, so that an empty product is zero.
  for (int k0 = 0; k0 == 0 || k0 < depth; k0 += DEPTH) {
    int count = min(DEPTH, depth - k0);
#if PACKED_B
    const __global float *block = b + (size_t)column0 * depth + (size_t)k0 * NR;
#else
    KERNEL_NAME(pack_block)(b, ldb, k0, count, column0, columns, block);
#endif
    for (int row = row0; row < row1; row += MR) {
      KERNEL_NAME(matmul_registers)
      (packed_a + (size_t)row * depth + (size_t)k0 * MR, block, count, k0 == 0,
       sums + (row - row0) * NR);
    }
  }
  for (int row = row0; row < row1; ++row) {
    const float *from = sums + (row - row0) * NR;
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

#undef TRANS_A
#undef TRANS_B
#undef PACKED_B
#undef MR
#undef ROW_PANELS
#undef DEPTH
#undef EPILOGUE_PARAMS
#undef EPILOGUE_V
#undef EPILOGUE_S
#undef SLAB
#undef NR
#undef B_BLOCK
