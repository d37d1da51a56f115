// matmul_pack_cpu: copies the operands of a product into the panels that matmul_cpu reads
// in      A [M, K], or [K, M] if TRANS_A, row stride lda; B [K, N], or [N, K] if TRANS_B, row stride
//         ldb; all row-major REAL; as many matrices of each as a batch has different ones, a_step and
//         b_step elements apart
// out     packed_a ceil(M/MR)*ceil(K/VW)*VW*MR floats a matrix, panels of MR lines, in each squares
//         [K/VW][MR][VW], or rows [K][MR] if TRANS_A; packed_b ceil(N/NR)*K*NR floats a matrix, panels
//         [N/NR][K][NR], NR = 2*VW. Lines and terms beyond the last hold values that no element of the
//         product depends on
// launch  local 1, global (a_all + b_items times the matrices of B), a_all = a_items times those of A,
//         a_items = TRANS_A ? ceil(K/SLAB) : ceil(M/MR)*ceil(K/SLICE),
//         b_items = TRANS_B ? ceil(N/NR)*ceil(K/SLICE) : ceil(K/SLAB); an operand that needs no packing
//         has none
// options -D TRANS_A=0|1 (0)  -D TRANS_B=0|1 (0)  -D REAL=float|half|bfloat16 (float)
//         -D MR=4..14 (13), as matmul_cpu has it
//         -D SLAB (8), -D SLICE (256, a multiple of VW), terms packed at a time
// local   none
// test    GPUMLRuntimeTests/MatMulTests.swift

#ifndef TRANS_A
#define TRANS_A 0
#endif
#ifndef TRANS_B
#define TRANS_B 0
#endif
#ifndef MR
#define MR 13
#endif
#ifndef SLAB
#define SLAB 8
#endif
#ifndef SLICE
#define SLICE 256
#endif
#ifndef REAL
#define REAL float
#endif
#define NR (2 * VW)

// How many of the rows of a matrix [depth, lines] allow count elements to be read from column first on
// without leaving the matrix, be it that they lie in the next row.
static int KERNEL_NAME(whole_rows)(int first, int count, int lines, int depth, int stride) {
  int beyond = first + count - lines;
  return beyond <= 0 ? depth : max(0, depth - CEIL_DIV(beyond, stride));
}

// Packs lines that lie side by side, rows of k stride apart: the rows k0 to k1 of the panel of width
// lines from first on, k-major. A store may spill into the next row's place, which is written later.
static void KERNEL_NAME(pack_beside)(
    const __global REAL *from, int stride, int first, int width, int lines, int depth, int k0, int k1,
    __global float *to) {
  int reach = CEIL_DIV(width, VW) * VW;
  // The last row of a slab must not spill: after it follows another work-item's.
  int whole = min(KERNEL_NAME(whole_rows)(first, reach, lines, depth, stride),
                  reach == width ? k1 : k1 - 1);
  const __global REAL *row = from + (size_t)k0 * stride + first;
  int k = k0;
  for (; k < whole; ++k, row += stride, to += width) {
    for (int l = 0; l < width; l += VW) VSTORE(LOADV_REAL(row + l), to + l);
  }
  for (; k < k1; ++k, row += stride, to += width)
#pragma nounroll
    for (int l = 0; l < width; ++l) to[l] = LOAD_REAL(row, min(l, lines - first - 1));
}

#if !TRANS_A
// Packs lines that run along k: the terms k0 to k1 of a panel, in squares as they lie.
static void KERNEL_NAME(pack_left_panel)(
    const __global REAL *from, int stride, int first, int lines, int k0, int k1,
    __global float *to) {
  from += (size_t)first * stride;
  int last = lines - first - 1, k = k0;
  for (; k + VW <= k1; k += VW, to += MR * VW) {
#pragma unroll
    for (int r = 0; r < MR; ++r)
      VSTORE(LOADV_REAL(from + (size_t)min(r, last) * stride + k), to + r * VW);
  }
  if (k == k1) return;
#pragma nounroll
  for (int r = 0; r < MR; ++r)
#pragma nounroll
    for (int i = 0; i < VW; ++i)
      to[r * VW + i] = k + i < k1 ? LOAD_REAL(from, (size_t)min(r, last) * stride + k + i) : 0.0f;
}
#endif

#if TRANS_B
// Packs lines that run along k: the terms k0 to k1 of a panel, k-major. Squares of VW by VW are
// transposed in registers.
static void KERNEL_NAME(pack_right_panel)(
    const __global REAL *from, int stride, int first, int lines, int k0, int k1,
    __global float *to) {
  from += (size_t)first * stride;
  int last = lines - first - 1, k = k0;
  for (; k + VW <= k1; k += VW, to += VW * NR) {
#pragma nounroll
    for (int part = 0; part < NR; part += VW) {
      VFLOAT square[VW];
#pragma unroll
      for (int l = 0; l < VW; ++l)
        square[l] = LOADV_REAL(from + (size_t)min(part + l, last) * stride + k);
      transpose_lanes(square);
#pragma unroll
      for (int i = 0; i < VW; ++i) VSTORE(square[i], to + i * NR + part);
    }
  }
  for (; k < k1; ++k, to += NR)
#pragma nounroll
    for (int l = 0; l < NR; ++l) to[l] = LOAD_REAL(from, (size_t)min(l, last) * stride + k);
}
#endif

// Item id of an operand's matrix: of its panels a slice each, or of all panels a slab.
static void KERNEL_NAME(pack_left)(
    const __global REAL *a, int stride, int rows, int depth, int id, __global float *packed) {
  int squares = CEIL_DIV(depth, VW);
#if TRANS_A
  int k0 = id * SLAB, k1 = min(k0 + SLAB, depth);
  for (int first = 0; first < rows; first += MR)
    KERNEL_NAME(pack_beside)(
        a, stride, first, MR, rows, depth, k0, k1,
        packed + ((size_t)first * squares * VW + (size_t)k0 * MR));
#else
  int slices = CEIL_DIV(depth, SLICE), panel = id / slices;
  int k0 = REMAINDER(id, slices, panel) * SLICE;
  KERNEL_NAME(pack_left_panel)(
      a, stride, panel * MR, rows, k0, min(k0 + SLICE, depth),
      packed + ((size_t)panel * squares * VW + k0) * MR);
#endif
}

static void KERNEL_NAME(pack_right)(
    const __global REAL *b, int stride, int columns, int depth, int id, __global float *packed) {
#if TRANS_B
  int slices = CEIL_DIV(depth, SLICE), panel = id / slices;
  int k0 = REMAINDER(id, slices, panel) * SLICE;
  KERNEL_NAME(pack_right_panel)(
      b, stride, panel * NR, columns, k0, min(k0 + SLICE, depth),
      packed + ((size_t)panel * depth + k0) * NR);
#else
  int k0 = id * SLAB, k1 = min(k0 + SLAB, depth);
  for (int first = 0; first < columns; first += NR)
    KERNEL_NAME(pack_beside)(
        b, stride, first, NR, columns, depth, k0, k1,
        packed + (size_t)first * depth + (size_t)k0 * NR);
#endif
}

__kernel void KERNEL_NAME(matmul_pack)(
    const __global REAL *restrict a, const __global REAL *restrict b,
    __global float *restrict packed_a, __global float *restrict packed_b, int rows, int columns,
    int depth, int lda, int ldb, int a_items, int a_all, int a_step, int b_items, int b_step) {
  int id = (int)get_global_id(0);
  if (id < a_all) {
    int matrix = id / a_items;
    KERNEL_NAME(pack_left)(
        a + (size_t)matrix * a_step, lda, rows, depth, REMAINDER(id, a_items, matrix),
        packed_a + (size_t)matrix * CEIL_DIV(rows, MR) * MR * CEIL_DIV(depth, VW) * VW);
  } else {
    int matrix = (id - a_all) / b_items;
    KERNEL_NAME(pack_right)(
        b + (size_t)matrix * b_step, ldb, columns, depth, REMAINDER(id - a_all, b_items, matrix),
        packed_b + (size_t)matrix * CEIL_DIV(columns, NR) * NR * depth);
  }
}

#undef TRANS_A
#undef TRANS_B
#undef MR
#undef SLAB
#undef SLICE
#undef REAL
#undef NR
