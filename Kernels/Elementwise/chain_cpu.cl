// chain_cpu: a chain of elementwise primitives as one kernel, for a CPU
// in      operands, broadcast along rows or columns; CHAIN_PARAMS declares them, then the result y,
//         the state block if random numbers are drawn, and steps and numbers
// out     y [outer, inner], contiguous
// launch  local (1,1), global (ceil(inner/inner_block), ceil(outer/outer_block))
// options CHAIN_PARAMS, parameters; CHAIN_ROW, statements that find each operand's row row_index;
//         CHAIN_S, statements for the element i of that row;
//         CHAIN_V, likewise for VW neighbours from i (left out where the types forbid vectors);
//         CHAIN_DRAWS, statements that draw the random words of a group of 64 elements, of which
//         place is the element i
// local   none; tolerance 1e-5
// test    GPUMLRuntimeTests/PrimitiveTests.swift

__kernel void KERNEL_NAME(chain)(
    CHAIN_PARAMS, int inner, int outer, int inner_block, int outer_block) {
  int first = (int)get_global_id(0) * inner_block, last = min(first + inner_block, inner);
  int first_row = (int)get_global_id(1) * outer_block, last_row = min(first_row + outer_block, outer);
  for (int row_index = first_row; row_index < last_row; ++row_index) {
    size_t row = (size_t)row_index * inner;
    CHAIN_ROW;
    int i = first;
#ifdef CHAIN_DRAWS
    while (i < last) {
      size_t at = row + i;
      uint group = (uint)(at >> 6);
      int place = (int)(at & 63), end = min(last, i + 64 - place);
      CHAIN_DRAWS
#ifdef CHAIN_V
      for (; i + VW <= end; i += VW, place += VW) {
        CHAIN_V
      }
#endif
      for (; i < end; ++i, ++place) {
        CHAIN_S
      }
    }
#else
#ifdef CHAIN_V
    for (; i + VW <= last; i += VW) {
      CHAIN_V
    }
#endif
    for (; i < last; ++i) {
      CHAIN_S
    }
#endif
  }
}
