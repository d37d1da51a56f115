// matmul_gpu: C = op(A) op(B) by local-memory tiles and register tiles, for a GPU
// in      A [M, K], or [K, M] if TRANS_A, row stride lda; B [K, N], or [N, K] if TRANS_B, row stride
//         ldb; all row-major REAL
// out     C [M, N] RESULT, row stride ldc, each element through the epilogue once
// batch   if BATCHED, matrix z = first + get_global_id(2): A, B and C begin at batch_offset with the steps
//         a0.., b0.. in elements, and at z*M*ldc; the epilogue's row counts on from matrix to matrix
// launch  local (NDIMC,MDIMC,1), global (ceil(M/MWG)*ceil(N/NWG)*NDIMC, MDIMC, batch)
// options -D TRANS_A=0|1 (0)  -D TRANS_B=0|1 (0)
//         -D MWG (64)  -D NWG (64)  -D KWG (16), the tile of a work-group along M, N and K
//         -D MDIMC (16)  -D NDIMC (16), its work-items along M and N
//         -D MDIMA (16)  -D NDIMB (16), along M and N while A and B are brought to local memory
//         -D KWI (2), unrolled turns over K  -D VWM (4)  -D VWN (4), vectors along M and N: 1, 2, 4, 8
//         -D STRM (0)  -D STRN (1), 1: a work-item's vectors lie MDIMC, NDIMC vectors apart; 0: together
//         -D SA (1)  -D SB (1), 1: A, B go through local memory; 0: they are read where they are used
//         -D VA (1)  -D VB (1)  -D VC (1), elements of A, B read at once and of C written at once; they
//         divide the operand's lines and steps in memory and what a work-item takes of a tile's line;
//         VC is 1 or VWN
//         MWG, NWG are multiples of MDIMC*VWM, NDIMC*VWN; KWG of KWI; with MDIMC*NDIMC = MDIMA*KDIMA =
//         NDIMB*KDIMB, a power of two, MDIMA divides MWG, NDIMB divides NWG, KDIMA and KDIMB divide KWG
//         -D REAL, RESULT=float|half|bfloat16 (float)  -D BATCHED=0|1 (0)
//         EPILOGUE_PARAMS, EPILOGUE_S as in matmul_cpu
// local   2*KWG*((MWG+VWM)*SA + (NWG+VWN)*SB)*4 bytes: the next tile is stored while this one is used
// note    accumulates in float; tolerance K*2^-23*sum|a*b|; the names of the parameters are those of
//         CLBlast (Nugteren 2017, arXiv:1705.05249)
// test    GPUMLRuntimeTests/MatMulTileTests.swift

#ifndef TRANS_A
#define TRANS_A 0
#endif
#ifndef TRANS_B
#define TRANS_B 0
#endif
#ifndef MWG
#define MWG 64
#endif
#ifndef NWG
#define NWG 64
#endif
#ifndef KWG
#define KWG 16
#endif
#ifndef MDIMC
#define MDIMC 16
#endif
#ifndef NDIMC
#define NDIMC 16
#endif
#ifndef MDIMA
#define MDIMA 16
#endif
#ifndef NDIMB
#define NDIMB 16
#endif
#ifndef KWI
#define KWI 2
#endif
#ifndef VWM
#define VWM 4
#endif
#ifndef VWN
#define VWN 4
#endif
#ifndef STRM
#define STRM 0
#endif
#ifndef STRN
#define STRN 1
#endif
#ifndef SA
#define SA 1
#endif
#ifndef SB
#define SB 1
#endif
#ifndef VA
#define VA 1
#endif
#ifndef VB
#define VB 1
#endif
#ifndef VC
#define VC 1
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
#if BATCHED
#define BATCH_PARAMS \
  , int first, int d1, int d2, int a0, int a1, int a2, int b0, int b1, int b2
#define RESULT_ROW(row) (z * rows + (row))
#else
#define BATCH_PARAMS
#define RESULT_ROW(row) (row)
#endif

#define THREADS (MDIMC * NDIMC)
#define MWI (MWG / MDIMC)
#define NWI (NWG / NDIMC)
// One vector of padding a line: transposing stores then meet different banks.
#define PITCH_A (MWG + VWM)
#define PITCH_B (NWG + VWN)
// How the work-items spread over a tile: LANES of them along a line in memory, so that neighbours read
// neighbours, the others over ROWS lines at a time.
#define KDIMA (THREADS / MDIMA)
#define KDIMB (THREADS / NDIMB)
#define LANES_A (TRANS_A ? MDIMA : KDIMA)
#define LANES_B (TRANS_B ? KDIMB : NDIMB)
#define ROWS_A (THREADS / LANES_A)
#define ROWS_B (THREADS / LANES_B)
// What each work-item takes of it: vectors of a line, and lines.
#define ALONG_A ((TRANS_A ? MWG : KWG) / (LANES_A * VA))
#define ALONG_B ((TRANS_B ? KWG : NWG) / (LANES_B * VB))
#define ACROSS_A ((TRANS_A ? KWG : MWG) / ROWS_A)
#define ACROSS_B ((TRANS_B ? NWG : KWG) / ROWS_B)

#define STORE_RESULT(v, p, i) GPUML_PASTE(STORE_, RESULT)(v, p, i)

// Where a work-item's i-th vector begins within the tile.
#define ROW_AT(i) (STRM ? ((i) * MDIMC + y) * VWM : y * MWI + (i) * VWM)
#define COLUMN_AT(j) (STRN ? ((j) * NDIMC + x) * VWN : x * NWI + (j) * VWN)

__kernel __attribute__((reqd_work_group_size(NDIMC, MDIMC, 1))) void KERNEL_NAME(matmul_tile)(
    const __global REAL *restrict a, const __global REAL *restrict b, __global RESULT *restrict c,
    int rows, int columns, int depth, int lda, int ldb, int ldc BATCH_PARAMS EPILOGUE_PARAMS) {
#if BATCHED
  int z = first + (int)get_global_id(2);
  a += batch_offset(z, d1, d2, a0, a1, a2);
  b += batch_offset(z, d1, d2, b0, b1, b2);
  c += (size_t)z * rows * ldc;
#endif
  int x = (int)get_local_id(0), y = (int)get_local_id(1);
  int2 tile = tile_of_group(CEIL_DIV(rows, MWG), CEIL_DIV(columns, NWG), NDIMC);
  int row0 = tile.x * MWG, column0 = tile.y * NWG;
#if SA || SB
  uint item = (uint)(y * NDIMC + x);
#endif
#if SA
  __local FLOATS(VWM) tile_a[2][KWG * PITCH_A / VWM];
  uint other_A = item / LANES_A, lane_A = REMAINDER(item, LANES_A, other_A);
  float next_a[ALONG_A * ACROSS_A * VA];
#endif
#if SB
  __local FLOATS(VWN) tile_b[2][KWG * PITCH_B / VWN];
  uint other_B = item / LANES_B, lane_B = REMAINDER(item, LANES_B, other_B);
  float next_b[ALONG_B * ACROSS_B * VB];
#endif
  FLOATS(VWN) sum[MWI][NWI / VWN];
#pragma unroll
  for (int i = 0; i < MWI; ++i)
#pragma unroll
    for (int j = 0; j < NWI / VWN; ++j) sum[i][j] = (FLOATS(VWN))(0.0f);
  int tiles = CEIL_DIV(depth, KWG);
  for (int t = 0; t <= tiles; ++t) {
    // Tile t comes from memory while tile t - 1 is multiplied.
    if (t < tiles) {
#if SA && TRANS_A
      FETCH(next_a, a, lda, t * KWG, depth, row0, rows, A, VA)
#elif SA
      FETCH(next_a, a, lda, row0, rows, t * KWG, depth, A, VA)
#endif
#if SB && TRANS_B
      FETCH(next_b, b, ldb, column0, columns, t * KWG, depth, B, VB)
#elif SB
      FETCH(next_b, b, ldb, t * KWG, depth, column0, columns, B, VB)
#endif
    }
    if (t > 0) {
#if SA
      const __local float *from_a = (const __local float *)tile_a[(t - 1) & 1];
#endif
#if SB
      const __local float *from_b = (const __local float *)tile_b[(t - 1) & 1];
#endif
#if SA && SB
      int end = KWG;
#else
      int end = min(KWG, depth - (t - 1) * KWG);
#endif
      for (int k0 = 0; k0 < end; k0 += KWI) {
#pragma unroll
        for (int u = 0; u < KWI; ++u) {
#if !SA || !SB
          if (k0 + u >= end) break;
          int k = (t - 1) * KWG + k0 + u;
#endif
          float left[MWI];
          FLOATS(VWN) right[NWI / VWN];
#pragma unroll
          for (int i = 0; i < MWI / VWM; ++i) {
#if SA
            PUT(LOCAL_GET(from_a + (k0 + u) * PITCH_A + ROW_AT(i), VWM), left + i * VWM, VWM);
#else
            READ_PLACE(left + i * VWM, a, lda, row0 + ROW_AT(i), rows, !TRANS_A, VWM, VA)
#endif
          }
#pragma unroll
          for (int j = 0; j < NWI / VWN; ++j) {
#if SB
            right[j] = LOCAL_GET(from_b + (k0 + u) * PITCH_B + COLUMN_AT(j), VWN);
#else
            float lanes[VWN];
            READ_PLACE(lanes, b, ldb, column0 + COLUMN_AT(j), columns, TRANS_B, VWN, VB)
            right[j] = GET(lanes, VWN);
#endif
          }
#pragma unroll
          for (int i = 0; i < MWI; ++i)
#pragma unroll
            for (int j = 0; j < NWI / VWN; ++j)
              sum[i][j] = MULTIPLY_ADD(left[i], right[j], sum[i][j]);
        }
      }
    }
#if SA || SB
    if (t < tiles) {
#if SA
      __local float *to_a = (__local float *)tile_a[t & 1];
      STAGE(next_a, to_a, PITCH_A, !TRANS_A, A, VA)
#endif
#if SB
      __local float *to_b = (__local float *)tile_b[t & 1];
      STAGE(next_b, to_b, PITCH_B, TRANS_B, B, VB)
#endif
    }
    barrier(CLK_LOCAL_MEM_FENCE);
#endif
  }
#pragma unroll
  for (int i = 0; i < MWI; ++i) {
    int row = row0 + ROW_AT(i / VWM) + i % VWM;
    if (row >= rows) continue;
#pragma unroll
    for (int j = 0; j < NWI / VWN; ++j) {
      int column = column0 + COLUMN_AT(j);
      float lanes[VWN];
      PUT(sum[i][j], lanes, VWN);
      size_t at = (size_t)row * ldc + column;
#if VC == VWN
      if (column < columns) {
#pragma unroll
        for (int w = 0; w < VWN; ++w) {
          float acc = lanes[w];
          lanes[w] = EPILOGUE_S(acc, RESULT_ROW(row), column + w);
        }
        WRITE(lanes, c + at, VWN);
      }
#else
#pragma unroll
      for (int w = 0; w < VWN; ++w)
        if (column + w < columns) {
          float acc = lanes[w];
          STORE_RESULT(EPILOGUE_S(acc, RESULT_ROW(row), column + w), c, at + w);
        }
#endif
    }
  }
}

#undef TRANS_A
#undef TRANS_B
#undef MWG
#undef NWG
#undef KWG
#undef MDIMC
#undef NDIMC
#undef MDIMA
#undef NDIMB
#undef KWI
#undef VWM
#undef VWN
#undef STRM
#undef STRN
#undef SA
#undef SB
#undef VA
#undef VB
#undef VC
#undef REAL
#undef RESULT
#undef BATCHED
#undef EPILOGUE_PARAMS
#undef EPILOGUE_S
#undef BATCH_PARAMS
#undef RESULT_ROW
#undef THREADS
#undef MWI
#undef NWI
#undef PITCH_A
#undef PITCH_B
#undef KDIMA
#undef KDIMB
#undef LANES_A
#undef LANES_B
#undef ROWS_A
#undef ROWS_B
#undef ALONG_A
#undef ALONG_B
#undef ACROSS_A
#undef ACROSS_B
#undef STORE_RESULT
#undef ROW_AT
#undef COLUMN_AT
