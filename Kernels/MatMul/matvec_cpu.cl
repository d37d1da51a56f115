// matvec_cpu: y = W x, a matrix times a vector, for a device with wide vectors
// in      W REAL, the line stride is stride: [L, K] of matvec_along, [K, L] of matvec_across; x [K] REAL
// out     y [L] RESULT, each element through the epilogue once: as a row if IS_ROW, else as a column
// batch   if BATCHED, matrix z = first + THIRD_ID: W and x begin at batch_offset with the steps
//         a0.., b0.. in elements, y at z*L; the epilogue's row counts on from matrix to matrix
// launch  matvec_along   local (1,1,1), global (ceil(L/(LINES*blocks)), 1, batch)
//         matvec_across  local (1,1,1), global (ceil(L/(STRIP*VW)), 1, batch)
// options -D REAL, RESULT=float|half|bfloat16 (float)  -D BATCHED=0|1 (0)  -D IS_ROW=0|1 (0)
//         -D LINES (8), lines summed side by side  -D STRIP (4), vectors summed side by side
//         EPILOGUE_PARAMS, EPILOGUE_S as in matmul_cpu
// local   none; accumulates in float; tolerance K*2^-23*sum|w*x|
// note    a vector may be read past a row's end into the next row, never past the matrix's last
//         element; such lanes are never stored
// test    GPUMLRuntimeTests/MatMulTests.swift

#ifndef REAL
#define REAL float
#endif
#ifndef RESULT
#define RESULT float
#endif
#ifndef BATCHED
#define BATCHED 0
#endif
#ifndef IS_ROW
#define IS_ROW 0
#endif
#ifndef LINES
#define LINES 8
#endif
#ifndef STRIP
#define STRIP 4
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
#define RESULT_ROW(at) (IS_ROW ? z : z * lines + (at))
#else
#define BATCH_PARAMS
#define RESULT_ROW(at) (IS_ROW ? 0 : (at))
#endif
#define FINISH(acc, at) \
  STORE_RESULT(EPILOGUE_S(acc, RESULT_ROW(at), (IS_ROW ? (at) : 0)), y, at)

// Each line runs along k: dot products side by side, VW terms at a time.
__kernel void KERNEL_NAME(matvec_along)(
    const __global REAL *restrict w, const __global REAL *restrict x, __global RESULT *restrict y,
    int lines, int depth, int stride, int blocks BATCH_PARAMS EPILOGUE_PARAMS) {
#if BATCHED
  int z = first + (int)THIRD_ID;
  w += batch_offset(z, d1, d2, a0, a1, a2);
  x += batch_offset(z, d1, d2, b0, b1, b2);
  y += (size_t)z * lines;
#endif
  int begin = (int)get_global_id(0) * blocks * LINES, end = min(begin + blocks * LINES, lines);
  for (int line0 = begin; line0 < end; line0 += LINES) {
    const __global REAL *line[LINES];
    VFLOAT sum[LINES];
#pragma unroll
    for (int r = 0; r < LINES; ++r) {
      line[r] = w + (size_t)min(line0 + r, lines - 1) * stride;
      sum[r] = VZERO;
    }
    int k = 0;
    for (; k + VW <= depth; k += VW) {
      VFLOAT v = LOADV_REAL(x + k);
#pragma unroll
      for (int r = 0; r < LINES; ++r) sum[r] = MULTIPLY_ADD(LOADV_REAL(line[r] + k), v, sum[r]);
    }
    float dots[LINES];
#pragma unroll
    for (int r = 0; r < LINES; ++r) dots[r] = sum_lanes(sum[r]);
    for (int at = line0; at < min(line0 + LINES, end); ++at) {
      float acc = dots[at - line0];
      const __global REAL *from = w + (size_t)at * stride;
      for (int i = k; i < depth; ++i)
        acc = MULTIPLY_ADD(LOAD_REAL(from, i), LOAD_REAL(x, i), acc);
      FINISH(acc, at);
    }
  }
}

// The lines lie side by side in each row of k: a strip of them is summed at a time.
__kernel void KERNEL_NAME(matvec_across)(
    const __global REAL *restrict w, const __global REAL *restrict x, __global RESULT *restrict y,
    int lines, int depth, int stride BATCH_PARAMS EPILOGUE_PARAMS) {
#if BATCHED
  int z = first + (int)THIRD_ID;
  w += batch_offset(z, d1, d2, a0, a1, a2);
  x += batch_offset(z, d1, d2, b0, b1, b2);
  y += (size_t)z * lines;
#endif
  int begin = (int)get_global_id(0) * STRIP * VW;
  if (begin + STRIP * VW <= lines) {
    VFLOAT sum[STRIP];
#pragma unroll
    for (int s = 0; s < STRIP; ++s) sum[s] = VZERO;
    for (int k = 0; k < depth; ++k) {
      const __global REAL *row = w + (size_t)k * stride + begin;
      VFLOAT v = (VFLOAT)(LOAD_REAL(x, k));
#pragma unroll
      for (int s = 0; s < STRIP; ++s) sum[s] = MULTIPLY_ADD(LOADV_REAL(row + s * VW), v, sum[s]);
    }
    float sums[STRIP * VW];
#pragma unroll
    for (int s = 0; s < STRIP; ++s) VSTORE(sum[s], sums + s * VW);
    for (int i = 0; i < STRIP * VW; ++i) {
      float acc = sums[i];
      FINISH(acc, begin + i);
    }
    return;
  }
  for (int at = begin; at < lines; at += VW) {
    int count = min(VW, lines - at);
    // Rows from which VW elements can be read without leaving the matrix.
    int whole = depth;
    if (count < VW) whole = max(0, depth - CEIL_DIV(VW - count, stride));
    VFLOAT sum = VZERO;
    for (int k = 0; k < whole; ++k)
      sum = MULTIPLY_ADD(
          LOADV_REAL(w + (size_t)k * stride + at), (VFLOAT)(LOAD_REAL(x, k)), sum);
    float sums[VW];
    VSTORE(sum, sums);
    for (int i = 0; i < count; ++i) {
      float acc = sums[i];
      for (int k = whole; k < depth; ++k)
        acc = MULTIPLY_ADD(LOAD_REAL(w, (size_t)k * stride + at + i), LOAD_REAL(x, k), acc);
      FINISH(acc, at + i);
    }
  }
}

#undef REAL
#undef RESULT
#undef BATCHED
#undef IS_ROW
#undef LINES
#undef STRIP
#undef EPILOGUE_PARAMS
#undef EPILOGUE_V
#undef EPILOGUE_S
#undef STORE_RESULT
#undef BATCH_PARAMS
#undef RESULT_ROW
#undef FINISH
