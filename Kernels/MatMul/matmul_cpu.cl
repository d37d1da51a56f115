// matmul_cpu: C = op(A) op(B) by a register tile, for a device with wide vectors and no local memory
// in      packed_a, packed_b: the panels that matmul_pack_cpu makes of A [M, K] and B [K, N]; if IN_PLACE,
//         a [M, K] as it lies, row stride lda, instead of packed_a
// out     C [M, N] RESULT, row stride ldc, each element through the epilogue once; if CROSSED, it is
//         written as [N, M], and the epilogue's row and col are those of that matrix
// batch   if BATCHED, matrix z = first + THIRD_ID: packed_a and packed_b begin at batch_offset
//         with the steps a0.., b0.. in floats, C at z*M*ldc; the epilogue's row counts on from matrix
//         to matrix
// launch  local 1, global (ceil(ceil(N/NR)/column_panels), ceil(ceil(M/MR)/row_panels), batch),
//         NR = 2*VW, row_panels at most ROW_PANELS. Neighbours in dimension 0 share their panels of A
// options -D TRANS_A=0|1 (0), which decides how panels of A are laid out
//         -D IN_PLACE=0|1 (0), read A without packing: for rows whose stride is no multiple of a page
//         -D CROSSED=0|1 (0), write the result transposed, so that the other operand may be the one
//         that is packed and kept close
//         -D MR=4..14 (13), rows of the register tile; 2*MR + 3 vectors should fit the registers
//         -D ROW_PANELS (10), most panels of A a work-item
//         -D DEPTH (1024), terms summed at a time, a multiple of VW; the panels of A and B of a
//         work-item, (row_panels*MR + NR)*DEPTH floats, should fit the second cache
//         -D PREFETCH=0|1 (1 if VW >= 8), use the compiler's prefetch, where it has one. OpenCL's own is
//         often empty; Oclgrind, whose VW is 4, does not know the compiler's
//         -D RESULT=float|half|bfloat16 (float)  -D BATCHED=0|1 (0)
//         EPILOGUE_PARAMS (empty), extra parameters, beginning with a comma;
//         EPILOGUE_V(acc, row, col) (acc), VW neighbouring columns from col, all in range;
//         EPILOGUE_S(acc, row, col) (acc), one element
// local   none; private ROW_PANELS*MR*NR*4 bytes, of which one register tile is used unless K > DEPTH or
//         CROSSED
// note    accumulates in float, each element in the order of K; tolerance K*2^-23*sum|a*b|
// test    GPUMLRuntimeTests/MatMulTests.swift

#ifndef TRANS_A
#define TRANS_A 0
#endif
#ifndef IN_PLACE
#define IN_PLACE 0
#endif
#ifndef CROSSED
#define CROSSED 0
#endif
#ifndef MR
#define MR 13
#endif
#ifndef ROW_PANELS
#define ROW_PANELS 10
#endif
#ifndef DEPTH
#define DEPTH 1024
#endif
#ifndef PREFETCH
#define PREFETCH (VW >= 8)
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
#define IS_PLAIN (1 - CROSSED)
#else
#define IS_PLAIN 0
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
#if CROSSED
#define RESULT_ROW(row) (z * columns + (row))
#else
#define RESULT_ROW(row) (z * rows + (row))
#endif
#else
#define BATCH_PARAMS
#define RESULT_ROW(row) (row)
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

// Where line r of a panel of A has term k: of the square at a, or of the lines that a points to.
#if IN_PLACE
#define LEFT const __global float *const *
#define LEFT_AT(a, k, r) ((a)[r][k])
#define LEFT_PARAMS , int lda
// All terms are one square.
#define SQUARE(count) (count)
#define SQUARE_AT(a, k) (a)
#else
#define LEFT const __global float *
#if TRANS_A
#define LEFT_AT(a, k, r) ((a)[(k) * MR + (r)])
#else
#define LEFT_AT(a, k, r) ((a)[(r) * VW + (k)])
#endif
#define LEFT_PARAMS
#define SQUARE(count) VW
#define SQUARE_AT(a, k) ((a) + (k) * MR)
#endif

// Term k of a, times the row of B at b.
static void KERNEL_NAME(matmul_term)(
    LEFT a, int k, const __global float *b, VFLOAT *left, VFLOAT *right) {
  VFLOAT b0 = VLOAD(b), b1 = VLOAD(b + VW);
#pragma unroll
  for (int r = 0; r < MR; ++r) {
    left[r] = MULTIPLY_ADD((VFLOAT)(LEFT_AT(a, k, r)), b0, left[r]);
    right[r] = MULTIPLY_ADD((VFLOAT)(LEFT_AT(a, k, r)), b1, right[r]);
  }
#if !IN_PLACE
  FETCH_READ(a, 256 + k * 16);
#endif
  FETCH_READ(b, 512);
  FETCH_READ(b, 512 + VW);
}

// Adds count terms to MR rows by NR columns, which stay in registers. Meanwhile a line for every two
// terms is fetched from next on.
static void KERNEL_NAME(matmul_terms)(
    LEFT a, const __global float *b, int count, const __global float *next, int next_step,
    VFLOAT *left, VFLOAT *right) {
  for (int k = 0; k < count; k += SQUARE(count)) {
    LEFT square = SQUARE_AT(a, k);
    int terms = min(SQUARE(count), count - k), i = 0;
    // Two at a time, which halves what the loop itself costs.
    for (; i + 2 <= terms; i += 2, b += 2 * NR, next += next_step) {
      FETCH_READ(next, 0);
      KERNEL_NAME(matmul_term)(square, i, b, left, right);
      KERNEL_NAME(matmul_term)(square, i + 1, b + NR, left, right);
    }
    if (i < terms) KERNEL_NAME(matmul_term)(square, i, b, left, right);
  }
}

// A work-item's block of C is row_panels by column_panels register tiles.
__kernel void KERNEL_NAME(matmul_tile)(
    const __global float *restrict packed_a, const __global float *restrict packed_b,
    __global RESULT *restrict c, int rows, int columns, int depth, int ldc, int row_panels,
    int column_panels LEFT_PARAMS BATCH_PARAMS EPILOGUE_PARAMS) {
#if BATCHED
  int z = first + (int)THIRD_ID;
  packed_a += batch_offset(z, d1, d2, a0, a1, a2);
  packed_b += batch_offset(z, d1, d2, b0, b1, b2);
  c += (size_t)z * (CROSSED ? columns : rows) * ldc;
#endif
  float sums[ROW_PANELS * MR * NR] __attribute__((aligned(64)));
  int row0 = (int)get_global_id(1) * row_panels * MR, row1 = min(row0 + row_panels * MR, rows);
  int column0 = (int)get_global_id(0) * column_panels * NR;
  int column1 = min(column0 + column_panels * NR, columns);
  // Tiles that are finished in one go share one place.
  int tile_size = CROSSED || depth > DEPTH ? MR * NR : 0;
  for (int column = column0; column < column1; column += NR) {
    bool whole = column + NR <= columns;
    // At least one turn, so that an empty product is zero.
    for (int k0 = 0; k0 == 0 || k0 < depth; k0 += DEPTH) {
      int count = min(DEPTH, depth - k0);
      bool ends = k0 + DEPTH >= depth;
      const __global float *b = packed_b + (size_t)column * depth + (size_t)k0 * NR;
      // The panel that comes after this one; each of the first tiles fetches a quarter of it.
      const __global float *next = b + count * NR;
      int next_step = 16;
      float *tile = sums;
      for (int row = row0; row < row1; row += MR, tile += tile_size) {
        __global RESULT *to = c + (size_t)row * ldc;
        int last = min(row + MR, rows);
        if (ends && !CROSSED) {
          for (int r = 0; r < last - row; ++r) {
            FETCH_WRITE(to + (size_t)r * ldc + column);
            FETCH_WRITE(to + (size_t)r * ldc + column + VW);
          }
        }
        VFLOAT left[MR], right[MR];
#pragma unroll
        for (int r = 0; r < MR; ++r) {
          left[r] = k0 == 0 ? VZERO : VLOAD(tile + r * NR);
          right[r] = k0 == 0 ? VZERO : VLOAD(tile + r * NR + VW);
        }
#if IN_PLACE
        const __global float *a[MR];
#pragma unroll
        for (int r = 0; r < MR; ++r) a[r] = packed_a + (size_t)min(row + r, rows - 1) * lda + k0;
#else
        const __global float *a =
            packed_a + ((size_t)row * CEIL_DIV(depth, VW) + (size_t)k0 / VW * MR) * VW;
#endif
        KERNEL_NAME(matmul_terms)(a, b, count, next, next_step, left, right);
        next += count / 2 * next_step;
        if (row - row0 == 3 * MR) next_step = 0;
        // Without an epilogue, which would be repeated for each row, straight from the registers.
        if (IS_PLAIN && ends && whole && last - row == MR) {
#pragma unroll
          for (int r = 0; r < MR; ++r) {
            STOREV_RESULT(left[r], to + (size_t)r * ldc + column);
            STOREV_RESULT(right[r], to + (size_t)r * ldc + column + VW);
          }
          continue;
        }
#pragma unroll
        for (int r = 0; r < MR; ++r) {
          VSTORE(left[r], tile + r * NR);
          VSTORE(right[r], tile + r * NR + VW);
        }
        if (!ends || CROSSED) continue;
        const float *from = tile;
        for (int at = row; at < last; ++at, from += NR, to += ldc) {
          if (whole) {
            VFLOAT acc = VLOAD(from);
            STOREV_RESULT(EPILOGUE_V(acc, RESULT_ROW(at), column), to + column);
            int beside = column + VW;
            acc = VLOAD(from + VW);
            STOREV_RESULT(EPILOGUE_V(acc, RESULT_ROW(at), beside), to + beside);
          } else {
            for (int col = column; col < columns; ++col) {
              float acc = from[col - column];
              STORE_RESULT(EPILOGUE_S(acc, RESULT_ROW(at), col), to, col);
            }
          }
        }
      }
    }
#if CROSSED
    // The tiles' lines become columns, VW at a time.
    int end = min(column + NR, columns), row = row0;
    const float *from = sums;
    for (; row + VW <= row1; row += VW, from += VW * NR) {
#pragma nounroll
      for (int part = column; part < end; part += VW) {
        VFLOAT square[VW];
        float crossed[VW * VW];
#pragma unroll
        for (int l = 0; l < VW; ++l) square[l] = VLOAD(from + l * NR + part - column);
        transpose_lanes(square);
#pragma unroll
        for (int l = 0; l < VW; ++l) VSTORE(square[l], crossed + l * VW);
        for (int at = part; at < min(part + VW, end); ++at) {
          VFLOAT acc = VLOAD(crossed + (at - part) * VW);
          STOREV_RESULT(EPILOGUE_V(acc, RESULT_ROW(at), row), c + (size_t)at * ldc + row);
        }
      }
    }
    for (; row < row1; ++row, from += NR) {
#pragma nounroll
      for (int at = column; at < end; ++at) {
        float acc = from[at - column];
        STORE_RESULT(EPILOGUE_S(acc, RESULT_ROW(at), row), c, (size_t)at * ldc + row);
      }
    }
#endif
  }
}

#undef TRANS_A
#undef MR
#undef ROW_PANELS
#undef DEPTH
#undef PREFETCH
#undef RESULT
#undef BATCHED
#undef EPILOGUE_PARAMS
#undef EPILOGUE_V
#undef EPILOGUE_S
#undef IS_PLAIN
#undef NR
#undef STORE_RESULT
#undef STOREV_RESULT
#undef BATCH_PARAMS
#undef RESULT_ROW
#undef FETCH_READ
#undef FETCH_WRITE
#undef LEFT
#undef LEFT_AT
#undef LEFT_PARAMS
#undef SQUARE
#undef SQUARE_AT
#undef IN_PLACE
#undef CROSSED
