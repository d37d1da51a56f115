// pad: elements before and after those along axes: a number, the edge, mirrored or over and over
// in      x ELEMENT, contiguous, sizes n0, n1, ..., n; element p of an axis comes to place p + before
// out     y ELEMENT, contiguous, outer rows of inner elements
// launch  local WG, global round_up(ceil(outer/rows)*ceil(inner/run), WG); a work-item writes up to
//         run elements of each of up to rows rows
// options -D ELEMENT=uchar|ushort|uint|ulong (uint), by size  -D WG, work-group (1; 256 on a GPU)
//         -D MODE=0 number, 1 edge, 2 reflect, 3 wrap (0)  -D WIDE=1 for vectors of VW (0)
//         PAD_PARAMS, parameters: for each axis of rows a padded size (but the first), n and b
//         PAD_ROW, statements that go through the axes of row by PAD_AXIS(place, n, b)
// b       MODE 0 and 1: before; 2 and 3: what brings place 0 to its element within the period, which
//         is n, or 2*(n - 1) mirrored
// value   the number's bits, the lower and the upper 32
// plain   places [plain_first, plain_last) of a row are the elements from plain_first - before on
// local   none; exact
// test    GPUMLRuntimeTests/ConformanceTests.swift

#ifndef ELEMENT
#define ELEMENT uint
#endif
#ifndef MODE
#define MODE 0
#endif
#ifndef WIDE
#define WIDE 0
#endif
#ifndef WG
#define WG 1
#endif

// The element that comes to a place, or -1 for the number.
static int KERNEL_NAME(pad_index)(int place, int n, int b) {
#if MODE == 0
  long p = (long)place - b;
  return p >= 0 && p < n ? (int)p : -1;
#elif MODE == 1
  return (int)clamp((long)place - b, 0L, (long)n - 1);
#else
  uint period = MODE == 3 ? (uint)n : n > 1 ? 2u * (uint)(n - 1) : 1u;
  uint p = (uint)place + (uint)b;
  uint turns = p / period;
  p = REMAINDER(p, period, turns);
  return (int)(p < (uint)n ? p : period - p);
#endif
}

#define PAD_AXIS(place, n, b)                      \
  {                                                \
    int p = KERNEL_NAME(pad_index)(place, n, b);   \
    inside &= p >= 0;                              \
    from = from * (n) + p;                         \
  }

__kernel __attribute__((reqd_work_group_size(WG, 1, 1))) void KERNEL_NAME(pad)(
    const __global ELEMENT *restrict x, __global ELEMENT *restrict y, int n, int b, int before,
    int plain_first, int plain_last, int value_low, int value_high, int inner, int outer, int rows,
    int run, int runs PAD_PARAMS) {
  ELEMENT value = (ELEMENT)(((ulong)(uint)value_high << 32) | (uint)value_low);
  int4 part = rows_and_run(inner, outer, rows, run, runs);
  int first = part.z, last = part.w;
  for (int row = part.x; row < part.y; ++row) {
    long from = 0;
    int inside = 1;
    PAD_ROW;
    from *= n;
    size_t to = (size_t)row * inner;
    int i = first;
    if (!inside) {
      for (; i < last; ++i) y[to + i] = value;
      continue;
    }
#if WIDE
    int plain = clamp(plain_first, first, last), behind = clamp(plain_last, first, last);
    for (; i < plain; ++i) {
      int p = KERNEL_NAME(pad_index)(i, n, b);
      y[to + i] = p < 0 ? value : x[from + p];
    }
    for (; behind - i >= VW; i += VW)
      GPUML_PASTE(vstore, VW)(GPUML_PASTE(vload, VW)(0, x + from + (i - before)), 0, y + to + i);
    for (; i < behind; ++i) y[to + i] = x[from + (i - before)];
#endif
    for (; i < last; ++i) {
      int p = KERNEL_NAME(pad_index)(i, n, b);
      y[to + i] = p < 0 ? value : x[from + p];
    }
  }
}

#undef PAD_AXIS
#undef ELEMENT
#undef MODE
#undef WIDE
#undef WG
