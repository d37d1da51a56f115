// pad_gradient: along one axis, for each element the sum over the places that a padding took it to
// in      x [outer, padded, inner] REAL
// out     y [outer, size, inner] REAL_OUT
// launch  local WG, global round_up(ceil(outer/rows)*ceil(size*inner/run), WG); a work-item writes up
//         to run elements of each of up to rows rows of [outer, size*inner]
// options -D REAL, REAL_OUT=float|half|bfloat16 (float)  -D MODE=1 edge, 2 reflect, 3 wrap (1)
//         -D WIDE=1 for vectors of VW (0)  -D WG, work-group (1; 128 on a GPU)
// base    MODE 1: the place of element 0; 2 and 3: its first place that is not negative, less than the
//         period, which is size, or 2*(size - 1) mirrored
// plain   elements [plain_first, plain_last) have one place each, base0 behind the element's number
// local   none; sums in float, from the first place to the last, those mirrored after the others
// test    GPUMLRuntimeTests/ConformanceTests.swift

#ifndef REAL
#define REAL float
#endif
#ifndef REAL_OUT
#define REAL_OUT float
#endif
#ifndef MODE
#define MODE 1
#endif
#ifndef WIDE
#define WIDE 0
#endif
#ifndef WG
#define WG 1
#endif

#define STORE_OUT(v, p, i) GPUML_PASTE(STORE_, REAL_OUT)(v, p, i)
#define STOREV_OUT(v, p) GPUML_PASTE(STOREV_, REAL_OUT)(v, p)

// The sum for element j; x points at the column.
static float KERNEL_NAME(pad_sum)(
    const __global REAL *x, int j, int padded, int size, int inner, int base) {
  float sum = 0.0f;
#if MODE == 1
  long first = j == 0 ? 0 : max((long)base + j, 0L);
  long last = j == size - 1 ? padded : min((long)base + j + 1, (long)padded);
  for (long i = first; i < last; ++i) sum += LOAD_REAL(x, i * inner);
#else
  long period = MODE == 3 ? size : size > 1 ? 2L * (size - 1) : 1L;
  long first = (long)base + j;
  if (first >= period) first -= period;
  for (long i = first; i < padded; i += period) sum += LOAD_REAL(x, i * inner);
#if MODE == 2
  if (j > 0 && j < size - 1) {
    first = (long)base - j;
    if (first < 0) first += period;
    for (long i = first; i < padded; i += period) sum += LOAD_REAL(x, i * inner);
  }
#endif
#endif
  return sum;
}

__kernel __attribute__((reqd_work_group_size(WG, 1, 1))) void KERNEL_NAME(pad_gradient)(
    const __global REAL *restrict x, __global REAL_OUT *restrict y, int padded, int size, int inner,
    int base, int base0, int plain_first, int plain_last, int width, int outer, int rows, int run,
    int runs) {
  int4 part = rows_and_run(width, outer, rows, run, runs);
  int first = part.z, last = part.w;
  for (int row = part.x; row < part.y; ++row) {
    const __global REAL *from = x + (size_t)row * padded * inner;
    __global REAL_OUT *to = y + (size_t)row * width;
    int i = first;
#if WIDE
    int plain = clamp(plain_first * inner, first, last);
    int behind = clamp(plain_last * inner, first, last);
    for (; i < plain; ++i) {
      int j = i / inner;
      const __global REAL *column = from + REMAINDER(i, inner, j);
      STORE_OUT(KERNEL_NAME(pad_sum)(column, j, padded, size, inner, base), to, i);
    }
    const __global REAL *moved = from + (long)base0 * inner;
    for (; behind - i >= VW; i += VW) STOREV_OUT(LOADV_REAL(moved + i), to + i);
    for (; i < behind; ++i) STORE_OUT(LOAD_REAL(moved, i), to, i);
#endif
    for (; i < last; ++i) {
      int j = i / inner;
      const __global REAL *column = from + REMAINDER(i, inner, j);
      STORE_OUT(KERNEL_NAME(pad_sum)(column, j, padded, size, inner, base), to, i);
    }
  }
}

#undef STORE_OUT
#undef STOREV_OUT
#undef REAL
#undef REAL_OUT
#undef MODE
#undef WIDE
#undef WG
