// matvec_gpu: y = W x, a matrix times a vector, for a GPU: a group sums a few lines in local memory
// in      W REAL, the line stride is stride: [L, K] of matvec_along, [K, L] of matvec_across; x [K] REAL
// out     y [L] RESULT, each element through the epilogue once: as a row if IS_ROW, else as a column
// batch   if BATCHED, matrix z = first + get_global_id(2): W and x begin at batch_offset with the steps
//         a0.., b0.. in elements, y at z*L; the epilogue's row counts on from matrix to matrix
// launch  local (LANES*SLOTS,1,1); global (ceil(L/SLOTS)*LANES*SLOTS, 1, batch) of matvec_along,
//         (ceil(L/LANES)*LANES*SLOTS, 1, batch) of matvec_across
// options -D REAL, RESULT=float|half|bfloat16 (float)  -D BATCHED=0|1 (0)  -D IS_ROW=0|1 (0)
//         -D LANES (32), neighbours in memory  -D SLOTS (8), lines of matvec_along or shares of k of
//         matvec_across; both powers of two  -D V=1|2|4 (1), terms matvec_along reads at once: it divides
//         K, the stride and the steps
//         EPILOGUE_PARAMS, EPILOGUE_S as in matmul_cpu
// local   LANES*SLOTS*4 bytes; accumulates in float; tolerance K*2^-23*sum|w*x|
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
#ifndef LANES
#define LANES 32
#endif
#ifndef SLOTS
#define SLOTS 8
#endif
#ifndef V
#define V 1
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

// Each line runs along k: LANES neighbours of a line at a time, V terms each.
__kernel __attribute__((reqd_work_group_size(LANES * SLOTS, 1, 1))) void KERNEL_NAME(matvec_along)(
    const __global REAL *restrict w, const __global REAL *restrict x, __global RESULT *restrict y,
    int lines, int depth, int stride BATCH_PARAMS EPILOGUE_PARAMS) {
  __local float partial[LANES * SLOTS];
#if BATCHED
  int z = first + (int)get_global_id(2);
  w += batch_offset(z, d1, d2, a0, a1, a2);
  x += batch_offset(z, d1, d2, b0, b1, b2);
  y += (size_t)z * lines;
#endif
  uint item = (uint)get_local_id(0), lane = item & (LANES - 1);
  int at = (int)get_group_id(0) * SLOTS + (int)(item / LANES);
  FLOATS(V) sums = (FLOATS(V))(0.0f);
  if (at < lines) {
    const __global REAL *from = w + (size_t)at * stride;
    for (int k = (int)lane * V; k < depth; k += LANES * V)
      sums = MULTIPLY_ADD(READ(from + k, V), READ(x + k, V), sums);
  }
  float shares[V];
  PUT(sums, shares, V);
  float sum = shares[0];
#pragma unroll
  for (int i = 1; i < V; ++i) sum += shares[i];
  partial[item] = sum;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (uint size = LANES / 2; size > 0; size /= 2) {
    if (lane < size) partial[item] += partial[item + size];
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  if (lane == 0 && at < lines) {
    float acc = partial[item];
    FINISH(acc, at);
  }
}

// The lines lie side by side in each row of k: LANES lines, and every SLOTS-th k a work-item.
__kernel __attribute__((reqd_work_group_size(LANES * SLOTS, 1, 1))) void KERNEL_NAME(matvec_across)(
    const __global REAL *restrict w, const __global REAL *restrict x, __global RESULT *restrict y,
    int lines, int depth, int stride BATCH_PARAMS EPILOGUE_PARAMS) {
  __local float partial[LANES * SLOTS];
#if BATCHED
  int z = first + (int)get_global_id(2);
  w += batch_offset(z, d1, d2, a0, a1, a2);
  x += batch_offset(z, d1, d2, b0, b1, b2);
  y += (size_t)z * lines;
#endif
  uint item = (uint)get_local_id(0), slot = item / LANES;
  int at = (int)get_group_id(0) * LANES + (int)(item & (LANES - 1));
  float sum = 0.0f;
  if (at < lines) {
    for (int k = (int)slot; k < depth; k += SLOTS)
      sum = MULTIPLY_ADD(LOAD_REAL(w, (size_t)k * stride + at), LOAD_REAL(x, k), sum);
  }
  partial[item] = sum;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (uint size = SLOTS / 2; size > 0; size /= 2) {
    if (slot < size) partial[item] += partial[item + size * LANES];
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  if (slot == 0 && at < lines) {
    float acc = partial[item];
    FINISH(acc, at);
  }
}

#undef REAL
#undef RESULT
#undef BATCHED
#undef IS_ROW
#undef LANES
#undef SLOTS
#undef V
#undef EPILOGUE_PARAMS
#undef EPILOGUE_V
#undef EPILOGUE_S
#undef STORE_RESULT
#undef BATCH_PARAMS
#undef RESULT_ROW
#undef FINISH
