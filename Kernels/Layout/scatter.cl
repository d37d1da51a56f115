// scatter: what indices along one axis send to each place: the sum, or where the last one stands
// in      u [outer, picks, inner] TYPE (sums only); index INDEX, [picks] or with ALONG [outer, picks,
//         inner]: a negative one counts from the end, and what then is not in 0 to size - 1 is left out
// out     y [outer, size, inner] TYPE; sums are taken in ascending order of the picks
// launch  local WG, global round_up(outer*ceil(inner/columns)*ceil(size/span), WG): a work-item owns
//         columns columns of span places, goes over all indices and heeds those that name its places,
//         so that no two write to one element; how the work is cut changes no sum
// options -D TYPE=float, or the unsigned type of an integer's size, which wraps around (float)
//         -D INDEX=int|long (int)  -D ALONG=0 an index a slice|1 an index an element (0)
//         -D PLACES=0 sums|1 int places, -2^31 where there is none (0)
//         -D WG, work-group (1; 256 on a GPU)
// local   none; accumulates in TYPE; tolerance picks*2^-23*sum|u|
// test    GPUMLRuntimeTests/IndexingTests.swift

#ifndef TYPE
#define TYPE float
#endif
#ifndef INDEX
#define INDEX int
#endif
#ifndef ALONG
#define ALONG 0
#endif
#ifndef PLACES
#define PLACES 0
#endif
#ifndef WG
#define WG 1
#endif
#if PLACES
#define UPDATES
#define NOTHING (-2147483647 - 1)
#else
#define UPDATES const __global TYPE *restrict u,
#define NOTHING 0
#endif

__kernel __attribute__((reqd_work_group_size(WG, 1, 1))) void KERNEL_NAME(scatter)(
    UPDATES const __global INDEX *restrict index, __global TYPE *restrict y, int outer, int size,
    int picks, int inner, int columns, int span) {
  int chunks = CEIL_DIV(inner, columns), spans = CEIL_DIV(size, span);
  int id = (int)get_global_id(0);
  int rest = id / chunks, column = REMAINDER(id, chunks, rest) * columns;
  int block = rest / spans, first = REMAINDER(rest, spans, block) * span;
  if (block >= outer) return;
  int last = min(first + span, size), width = min(columns, inner - column);
  __global TYPE *to = y + (size_t)block * size * inner + column;
  for (int place = first; place < last; ++place)
    for (int c = 0; c < width; ++c) to[(size_t)place * inner + c] = NOTHING;
  for (int pick = 0; pick < picks; ++pick) {
    size_t from = ((size_t)block * picks + pick) * inner + column;
#if ALONG
    for (int c = 0; c < width; ++c) {
      INDEX named = index[from + c];
      int place = INDEXED_PLACE(named, size);
      if (place < first || place >= last) continue;
#if PLACES
      to[(size_t)place * inner + c] = pick;
#else
      to[(size_t)place * inner + c] += u[from + c];
#endif
    }
#else
    INDEX named = index[pick];
    int place = INDEXED_PLACE(named, size);
    if (place < first || place >= last) continue;
    __global TYPE *row = to + (size_t)place * inner;
    int c = 0;
    for (; c + VW <= width; c += VW) VSTORE(VLOAD(row + c) + VLOAD(u + from + c), row + c);
    for (; c < width; ++c) row[c] += u[from + c];
#endif
  }
}

#undef TYPE
#undef INDEX
#undef ALONG
#undef PLACES
#undef WG
#undef UPDATES
#undef NOTHING
