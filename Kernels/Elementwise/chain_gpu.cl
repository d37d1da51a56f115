// chain_gpu: a chain of elementwise primitives as one kernel, for a GPU
// in      operands, broadcast along rows or columns; CHAIN_PARAMS declares them, then the result y,
//         the state block if random numbers are drawn, and steps and numbers
// out     y [outer, inner], contiguous
// launch  one work-item an element: local any, global at least outer*inner
// options CHAIN_PARAMS, parameters; CHAIN_ROW, statements that find each operand's row row_index;
//         CHAIN_S, statements for the element i of that row
// local   none; tolerance 1e-5
// test    GPUMLRuntimeTests/PrimitiveTests.swift

__kernel void KERNEL_NAME(chain)(CHAIN_PARAMS, int inner, int outer) {
  // No tensor has 2^31 elements, and a GPU divides 64 bits many times slower.
  uint id = (uint)get_global_id(0), quotient = id / (uint)inner;
  if (id >= (uint)inner * (uint)outer) return;
  int row_index = (int)quotient, i = (int)REMAINDER(id, (uint)inner, quotient);
  size_t row = (size_t)row_index * inner;
  CHAIN_ROW;
  CHAIN_S
}
