// gather: slices, or single elements, that indices name along one axis
// in      x [outer, size, inner] ELEMENT; index INDEX, [picks] or with ALONG [outer, picks, inner]: a
//         negative one counts from the end, and what then is not in 0 to size - 1 gives FILL
// out     y [outer, picks, inner] ELEMENT
// launch  local WG, global round_up(ceil(n/RUN), WG), n = outer*picks*inner
// options -D ELEMENT=uchar|ushort|uint|ulong (uint), by size  -D FILL, bits of an element (0)
//         -D INDEX=int|long (int)  -D ALONG=0 an index a slice|1 an index an element (0)
//         -D RUN, elements a work-item (4096; 1 on a GPU)  -D WG, work-group (1; 256 on a GPU)
// local   none; exact
// test    GPUMLRuntimeTests/IndexingTests.swift

#ifndef ELEMENT
#define ELEMENT uint
#endif
#ifndef FILL
#define FILL 0
#endif
#ifndef INDEX
#define INDEX int
#endif
#ifndef ALONG
#define ALONG 0
#endif
#ifndef RUN
#define RUN 4096
#endif
#ifndef WG
#define WG 1
#endif

__kernel __attribute__((reqd_work_group_size(WG, 1, 1))) void KERNEL_NAME(gather)(
    const __global ELEMENT *restrict x, const __global INDEX *restrict index,
    __global ELEMENT *restrict y, uint n, int size, uint picks, uint inner) {
  size_t at = get_global_id(0) * (size_t)RUN;
  size_t last = min(at + RUN, (size_t)n);
  while (at < last) {
    uint row = (uint)at / inner, column = REMAINDER((uint)at, inner, row);
    uint block = row / picks, pick = REMAINDER(row, picks, block);
    const __global ELEMENT *from = x + (size_t)block * size * inner + column;
    // As far as the slice goes, or where a slice is an element, as far as the picks go.
    uint rest = inner == 1 ? picks - pick : inner - column;
    uint count = (uint)min((size_t)rest, last - at);
    if (ALONG || inner == 1) {
      size_t first = ALONG ? at : pick;
      size_t step = inner == 1 ? 0 : 1;
      for (uint j = 0; j < count; ++j) {
        INDEX named = index[first + j];
        int place = INDEXED_PLACE(named, size);
        y[at + j] = place >= 0 ? from[(size_t)place * inner + j * step] : (ELEMENT)FILL;
      }
    } else {
      INDEX named = index[pick];
      int place = INDEXED_PLACE(named, size);
      uint j = 0;
      if (place >= 0) {
        from += (size_t)place * inner;
        for (; j + VW <= count; j += VW) VSTORE(VLOAD(from + j), y + at + j);
        for (; j < count; ++j) y[at + j] = from[j];
      } else {
        for (; j < count; ++j) y[at + j] = (ELEMENT)FILL;
      }
    }
    at += count;
  }
}

#undef ELEMENT
#undef FILL
#undef INDEX
#undef ALONG
#undef RUN
#undef WG
