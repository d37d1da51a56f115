// matmul_cpu: C = op(A) op(B) by a register tile, for a device with wide vectors and no local memory
// in      A [M, K], or [K, M] if TRANS_A, row stride lda; B [K, N], or [N, K] if TRANS_B, row stride
//         ldb; all row-major REAL
// out     C [M, N] RESULT, row stride ldc, each element through the epilogue once
// batch   if BATCHED, matrix z = first + get_global_id(2) of matmul_tile: the packed operands begin at
//         batch_offset with the steps a0.., b0.. in floats, C at z*M*ldc; the epilogue's row counts on from
//         matrix to matrix. matmul_pack packs every matrix of an operand once, a_step and b_step elements
//         apart; a_all = a_items times the number of left matrices
// scratch packed_a ceil(M/MR)*MR*K floats, panels [M/MR][K][MR]; packed_b ceil(N/NR)*NR*K floats,
//         panels [N/NR][K][NR], NR = 2*VW; absent lines repeat the last one
// launch  matmul_pack  local 1, global a_items + b_items, each times the operand's matrices if BATCHED,
//                      a_items = ceil(K/SLAB) if TRANS_A, else ceil(M/MR)*ceil(K/SLICE);
//                      b_items = ceil(N/NR)*ceil(K/SLICE) if TRANS_B, else ceil(K/SLAB)
//         matmul_tile  local (1,1,1), global (ceil(ceil(N/NR)/column_panels),
//                      ceil(ceil(M/MR)/row_panels), batch), row_panels at most ROW_PANELS, column_panels at
//                      most COLUMN_PANELS. Neighbours in dimension 0 share their panels of A
// options -D TRANS_A=0|1 (0)  -D TRANS_B=0|1 (0)  -D MR=8..14 (12), rows of the register tile
//         -D ROW_PANELS (10)  -D COLUMN_PANELS (4), most panels of A and of B a work-item
//         -D DEPTH (512), terms summed at a time; the panels of A of a work-item, ROW_PANELS*MR*DEPTH
//         floats, should fit the second cache  -D SLAB (16), -D SLICE (256), terms packed at a time
//         -D PREFETCH=0|1 (1 if VW >= 8), use the compiler's prefetch, where it has one. OpenCL's own is
//         often empty; Oclgrind, whose VW is 4, does not know the compiler's
//         -D REAL, RESULT=float|half|bfloat16 (float)  -D BATCHED=0|1 (0)
//         EPILOGUE_PARAMS (empty), extra parameters, beginning with a comma;
//         EPILOGUE_V(acc, row, col) (acc), VW neighbouring columns from col, all in range;
//         EPILOGUE_S(acc, row, col) (acc), one element
// local   none; private ROW_PANELS*COLUMN_PANELS*MR*NR*4 bytes, of which one register tile is used
//         unless K > DEPTH
// note    accumulates in float, each element in the order of K; tolerance K*2^-23*sum|a*b|
// test    GPUMLRuntimeTests/MatMulTests.swift

#ifndef TRANS_A
#define TRANS_A 0
#endif
#ifndef TRANS_B
#define TRANS_B 0
#endif
#ifndef MR
#define MR 12
#endif
#ifndef ROW_PANELS
#define ROW_PANELS 10
#endif
#ifndef COLUMN_PANELS
#define COLUMN_PANELS 4
#endif
#ifndef DEPTH
#define DEPTH 512
#endif
#ifndef SLAB
#define SLAB 16
#endif
#ifndef SLICE
#define SLICE 256
#endif
#ifndef PREFETCH
#define PREFETCH (VW >= 8)
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
#define NR (2 * VW)
#define STORE_RESULT(v, p, i) GPUML_PASTE(STORE_, RESULT)(v, p, i)
#define STOREV_RESULT(v, p) GPUML_PASTE(STOREV_, RESULT)(v, p)
#if BATCHED
#define BATCH_PARAMS \
  , int first, int d1, int d2, int a0, int a1, int a2, int b0, int b1, int b2
#define RESULT_ROW(row) (z * rows + (row))
#define PACK_PARAMS , int a_all, int b_items, int a_step, int b_step
#else
#define BATCH_PARAMS
#define RESULT_ROW(row) (row)
#define PACK_PARAMS
#endif

// Hints that a cache line will soon be read or written; the address need not be valid.
#define FETCH_READ(p, ahead)
#define FETCH_WRITE(p)
#if PREFETCH && defined(__has_builtin)
#if __has_builtin(__builtin_prefetch)
#undef FETCH_READ
#undef FETCH_WRITE
#define FETCH_READ(p, ahead) __builtin_prefetch((const void *)((size_t)(p) + (ahead) * 4), 0)
#define FETCH_WRITE(p) __builtin_prefetch((const void *)(size_t)(p), 1)
#endif
#endif

// Packers write k-major: line l of a panel at k becomes to[k * width + l]; lines from `lines` on
// repeat the last one, since nothing made of them is stored.

// Lines side by side in memory, rows of k stride apart: the rows k0 to k1 of all panels, so that
// reading goes along the rows.
static void KERNEL_NAME(pack_beside)(
    const __global REAL *from, int stride, int lines, int width, int depth, int k0,
    __global float *to) {
  int k1 = min(k0 + SLAB, depth);
  for (int first = 0; first < lines; first += width) {
    const __global REAL *row = from + (size_t)k0 * stride + first;
    __global float *out = to + (size_t)first * depth + (size_t)k0 * width;
    if (first + width <= lines) {
      for (int k = k0; k < k1; ++k, row += stride, out += width) {
        int l = 0;
        for (; l + VW <= width; l += VW) VSTORE(LOADV_REAL(row + l), out + l);
        for (; l + 4 <= width; l += 4) vstore4(LOAD4_REAL(row + l), 0, out + l);
        for (; l < width; ++l) out[l] = LOAD_REAL(row, l);
      }
    } else {
      for (int k = k0; k < k1; ++k, row += stride, out += width)
        for (int l = 0; l < width; ++l) out[l] = LOAD_REAL(row, min(l, lines - first - 1));
    }
  }
}

// Lines that run along k, stride apart: one slice of one panel. Squares of VW by VW are transposed in
// registers; a store may spill into the next k's first lines, which are written later.
static void KERNEL_NAME(pack_along)(
    const __global REAL *from, int stride, int lines, int width, int depth, int id,
    __global float *to) {
  int slices = CEIL_DIV(depth, SLICE), panel = id / slices;
  int k0 = REMAINDER(id, slices, panel) * SLICE, count = min(SLICE, depth - k0);
  int present = lines - panel * width, whole = count / VW * VW;
  from += (size_t)panel * width * stride + k0;
  to += ((size_t)panel * depth + k0) * width;
  for (int k = 0; k < whole; k += VW) {
    for (int first = (width - 1) / VW * VW; first >= 0; first -= VW) {
      VFLOAT square[VW];
#pragma unroll
      for (int l = 0; l < VW; ++l)
        square[l] = LOADV_REAL(from + (size_t)min(first + l, present - 1) * stride + k);
      transpose_lanes(square);
      __global float *out = to + (size_t)k * width + first;
#pragma unroll
      for (int i = 0; i < VW - 1; ++i) VSTORE(square[i], out + i * width);
      out += (VW - 1) * width;
      // After the slice's last k follows another work-item's.
      if (k + VW < count || first + VW <= width) {
        VSTORE(square[VW - 1], out);
      } else {
        float last[VW];
        VSTORE(square[VW - 1], last);
        for (int l = 0; l < width - first; ++l) out[l] = last[l];
      }
    }
  }
  for (int k = whole; k < count; ++k) {
    for (int l = 0; l < width; ++l)
      to[k * width + l] = LOAD_REAL(from, (size_t)min(l, present - 1) * stride + k);
  }
}

__kernel void KERNEL_NAME(matmul_pack)(
    const __global REAL *restrict a, const __global REAL *restrict b,
    __global float *restrict packed_a, __global float *restrict packed_b, int rows, int columns,
    int depth, int lda, int ldb, int a_items PACK_PARAMS) {
  int id = (int)get_global_id(0);
#if BATCHED
  bool is_left = id < a_all;
  if (!is_left) id -= a_all;
  int items = is_left ? a_items : b_items, matrix = id / items;
  id = REMAINDER(id, items, matrix);
  if (is_left) {
    a += (size_t)matrix * a_step;
    packed_a += (size_t)matrix * CEIL_DIV(rows, MR) * MR * depth;
  } else {
    b += (size_t)matrix * b_step;
    packed_b += (size_t)matrix * CEIL_DIV(columns, NR) * NR * depth;
    id += a_items;
  }
#endif
  if (id < a_items) {
#if TRANS_A
    KERNEL_NAME(pack_beside)(a, lda, rows, MR, depth, id * SLAB, packed_a);
#else
    KERNEL_NAME(pack_along)(a, lda, rows, MR, depth, id, packed_a);
#endif
  } else {
#if TRANS_B
    KERNEL_NAME(pack_along)(b, ldb, columns, NR, depth, id - a_items, packed_b);
#else
    KERNEL_NAME(pack_beside)(b, ldb, columns, NR, depth, (id - a_items) * SLAB, packed_b);
#endif
  }
}

// One term of the register tile.
static void KERNEL_NAME(matmul_term)(
    const __global float *a, const __global float *b, VFLOAT *left, VFLOAT *right) {
  VFLOAT b0 = VLOAD(b), b1 = VLOAD(b + VW);
#pragma unroll
  for (int r = 0; r < MR; ++r) {
    left[r] = MULTIPLY_ADD((VFLOAT)(a[r]), b0, left[r]);
    right[r] = MULTIPLY_ADD((VFLOAT)(a[r]), b1, right[r]);
  }
  FETCH_READ(a, 256);
  FETCH_READ(b, 512);
  FETCH_READ(b, 512 + VW);
}

// MR rows by NR columns, held in registers while count terms are added to what sums has; the first
// terms of a tile find nothing there yet.
static void KERNEL_NAME(matmul_registers)(
    const __global float *a, const __global float *b, int count, bool begins, float *sums) {
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
  int k = 0;
  // Two at a time, which halves what the loop itself costs.
  for (; k + 2 <= count; k += 2, a += 2 * MR, b += 2 * NR) {
    KERNEL_NAME(matmul_term)(a, b, left, right);
    KERNEL_NAME(matmul_term)(a + MR, b + NR, left, right);
  }
  if (k < count) KERNEL_NAME(matmul_term)(a, b, left, right);
#pragma unroll
  for (int r = 0; r < MR; ++r) {
    VSTORE(left[r], sums + r * NR);
    VSTORE(right[r], sums + r * NR + VW);
  }
}

// A work-item's block of C is row_panels by column_panels register tiles.
__kernel void KERNEL_NAME(matmul_tile)(
    const __global float *restrict packed_a, const __global float *restrict packed_b,
    __global RESULT *restrict c, int rows, int columns, int depth, int ldc, int row_panels,
    int column_panels BATCH_PARAMS EPILOGUE_PARAMS) {
#if BATCHED
  int z = first + (int)get_global_id(2);
  packed_a += batch_offset(z, d1, d2, a0, a1, a2);
  packed_b += batch_offset(z, d1, d2, b0, b1, b2);
  c += (size_t)z * rows * ldc;
#endif
  float sums[ROW_PANELS * COLUMN_PANELS * MR * NR] __attribute__((aligned(64)));
  int column0 = (int)get_global_id(0) * column_panels * NR;
  int column1 = min(column0 + column_panels * NR, columns);
  int row0 = (int)get_global_id(1) * row_panels * MR, row1 = min(row0 + row_panels * MR, rows);
  // Tiles that are finished in one go share one place.
  int tile_size = depth > DEPTH ? MR * NR : 0;
  // At least one turn, so that an empty product is zero.
  for (int k0 = 0; k0 == 0 || k0 < depth; k0 += DEPTH) {
    bool ends = k0 + DEPTH >= depth;
    float *tile = sums;
    for (int column = column0; column < column1; column += NR) {
      const __global float *b = packed_b + (size_t)column * depth + (size_t)k0 * NR;
      bool whole = column + NR <= columns;
      for (int first_row = row0; first_row < row1; first_row += MR, tile += tile_size) {
        const __global float *a = packed_a + (size_t)first_row * depth + (size_t)k0 * MR;
        __global RESULT *to = c + (size_t)first_row * ldc;
        int last = min(first_row + MR, rows);
        if (ends) {
          for (int row = first_row; row < last; ++row) {
            FETCH_WRITE(to + (size_t)(row - first_row) * ldc + column);
            FETCH_WRITE(to + (size_t)(row - first_row) * ldc + column + VW);
          }
        }
        KERNEL_NAME(matmul_registers)(a, b, min(DEPTH, depth - k0), k0 == 0, tile);
        if (!ends) continue;
        const float *from = tile;
        for (int row = first_row; row < last; ++row, from += NR, to += ldc) {
          if (whole) {
            VFLOAT acc = VLOAD(from);
            STOREV_RESULT(EPILOGUE_V(acc, RESULT_ROW(row), column), to + column);
            int right = column + VW;
            acc = VLOAD(from + VW);
            STOREV_RESULT(EPILOGUE_V(acc, RESULT_ROW(row), right), to + right);
          } else {
            for (int at = column; at < columns; ++at) {
              float acc = from[at - column];
              STORE_RESULT(EPILOGUE_S(acc, RESULT_ROW(row), at), to, at);
            }
          }
        }
      }
    }
  }
}

#undef TRANS_A
#undef TRANS_B
#undef MR
#undef ROW_PANELS
#undef COLUMN_PANELS
#undef DEPTH
#undef SLAB
#undef SLICE
#undef PREFETCH
#undef REAL
#undef RESULT
#undef BATCHED
#undef BATCH_PARAMS
#undef RESULT_ROW
#undef STORE_RESULT
#undef STOREV_RESULT
#undef PACK_PARAMS
#undef EPILOGUE_PARAMS
#undef EPILOGUE_V
#undef EPILOGUE_S
#undef NR
#undef FETCH_READ
#undef FETCH_WRITE
