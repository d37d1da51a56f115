// builtins: declares those functions of OpenCL C that the kernels use
// why     PoCL reads a header of 18 thousand lines for each program, two thirds of a short program's
//         cold start; with -D _OPENCL_H_, that header's guard, it reads these lines instead
// naming  the first text of a program, only where the host found that the compiler takes it
// rule    a kernel that needs another function declares it here: without, the host falls back to
//         the header, which is right, but slow, and a test says so
// options -D VW, as prelude
// test    GPUMLRuntimeTests/ConformanceTests.swift

#ifndef VW
#define VW 4
#endif

#define BUILTIN __attribute__((overloadable))
#define BUILTIN_CONST __attribute__((overloadable, const))
#define BUILTIN_PURE __attribute__((overloadable, pure))
#define BUILTIN_JOIN_(a, b) a##b
#define BUILTIN_JOIN(a, b) BUILTIN_JOIN_(a, b)
#define WIDE(type) BUILTIN_JOIN(type, VW)

// DECLARE(type, mask) for a scalar type and its vectors; the mask is the integer of the same size.
#define EACH_WIDTH(DECLARE, type, mask) \
  DECLARE(type, mask) DECLARE(type##4, mask##4) DECLARE(WIDE(type), WIDE(mask))
#define EACH_INTEGER(DECLARE) \
  EACH_WIDTH(DECLARE, char, char)     \
  EACH_WIDTH(DECLARE, uchar, char)    \
  EACH_WIDTH(DECLARE, short, short)   \
  EACH_WIDTH(DECLARE, ushort, short)  \
  EACH_WIDTH(DECLARE, int, int)       \
  EACH_WIDTH(DECLARE, uint, int)      \
  EACH_WIDTH(DECLARE, long, long)     \
  EACH_WIDTH(DECLARE, ulong, long)

// Work-items.
size_t BUILTIN_CONST get_global_id(uint);
size_t BUILTIN_CONST get_local_id(uint);
size_t BUILTIN_CONST get_group_id(uint);
size_t BUILTIN_CONST get_global_offset(uint);
size_t BUILTIN_CONST get_global_size(uint);
size_t BUILTIN_CONST get_local_size(uint);
size_t BUILTIN_CONST get_num_groups(uint);
void __attribute__((overloadable, convergent)) barrier(cl_mem_fence_flags);

// Functions of floats.
#define ONE(type, mask)                                                                  \
  type BUILTIN_CONST acos(type);  type BUILTIN_CONST asin(type);                         \
  type BUILTIN_CONST atan(type);  type BUILTIN_CONST ceil(type);                         \
  type BUILTIN_CONST cos(type);   type BUILTIN_CONST cosh(type);                         \
  type BUILTIN_CONST cospi(type); type BUILTIN_CONST erf(type);                          \
  type BUILTIN_CONST erfc(type);  type BUILTIN_CONST exp(type);                          \
  type BUILTIN_CONST exp2(type);  type BUILTIN_CONST expm1(type);                        \
  type BUILTIN_CONST fabs(type);  type BUILTIN_CONST floor(type);                        \
  type BUILTIN_CONST log(type);   type BUILTIN_CONST log1p(type);                        \
  type BUILTIN_CONST log2(type);  type BUILTIN_CONST rint(type);                         \
  type BUILTIN_CONST round(type); type BUILTIN_CONST rsqrt(type);                        \
  type BUILTIN_CONST sign(type);  type BUILTIN_CONST sin(type);                          \
  type BUILTIN_CONST sinh(type);  type BUILTIN_CONST sinpi(type);                        \
  type BUILTIN_CONST sqrt(type);  type BUILTIN_CONST tan(type);                          \
  type BUILTIN_CONST tanh(type);  type BUILTIN_CONST trunc(type);                        \
  type BUILTIN_CONST atan2(type, type);    type BUILTIN_CONST copysign(type, type);      \
  type BUILTIN_CONST fmax(type, type);     type BUILTIN_CONST fmin(type, type);          \
  type BUILTIN_CONST fmod(type, type);     type BUILTIN_CONST pow(type, type);           \
  type BUILTIN_CONST max(type, type);      type BUILTIN_CONST min(type, type);           \
  type BUILTIN_CONST clamp(type, type, type); type BUILTIN_CONST fma(type, type, type);  \
  mask BUILTIN_CONST isnan(type);    mask BUILTIN_CONST isinf(type);                     \
  mask BUILTIN_CONST isfinite(type); mask BUILTIN_CONST signbit(type);                   \
  type BUILTIN_CONST select(type, type, mask); type BUILTIN_CONST select(type, type, u##mask);
#define ONE_(type, mask) ONE(type, mask)
EACH_WIDTH(ONE_, float, int)
#undef ONE
#undef ONE_

// Functions of whole numbers.
#define ONE(type, mask)                                                                  \
  type BUILTIN_CONST max(type, type);      type BUILTIN_CONST min(type, type);           \
  type BUILTIN_CONST mul_hi(type, type);   type BUILTIN_CONST clamp(type, type, type);   \
  type BUILTIN_CONST select(type, type, mask); type BUILTIN_CONST select(type, type, u##mask);
#define ONE_(type, mask) ONE(type, mask)
EACH_INTEGER(ONE_)
#undef ONE
#undef ONE_

// Whether the top bit of any element, or of all, is set.
#define ONE(type, mask) int BUILTIN_CONST any(type); int BUILTIN_CONST all(type);
EACH_WIDTH(ONE, char, char)
EACH_WIDTH(ONE, short, short)
EACH_WIDTH(ONE, int, int)
EACH_WIDTH(ONE, long, long)
#undef ONE

// Conversions: each type from each other, in vectors too.
#define CONVERT(to, from)                                                            \
  to BUILTIN_CONST convert_##to(from); to##4 BUILTIN_CONST convert_##to##4(from##4); \
  WIDE(to) BUILTIN_CONST WIDE(convert_##to)(WIDE(from));
#define EACH_SOURCE(to)                                                              \
  CONVERT(to, char) CONVERT(to, uchar) CONVERT(to, short) CONVERT(to, ushort)        \
  CONVERT(to, int) CONVERT(to, uint) CONVERT(to, long) CONVERT(to, ulong) CONVERT(to, float)
#define CLIP(to, from) to BUILTIN_CONST convert_##to##_sat(from);
#define EACH_CLIPPED(to)                                                             \
  CLIP(to, char) CLIP(to, uchar) CLIP(to, short) CLIP(to, ushort)                    \
  CLIP(to, int) CLIP(to, uint) CLIP(to, long) CLIP(to, ulong)                        \
  to BUILTIN_CONST convert_##to##_sat_rtz(float);
EACH_SOURCE(char) EACH_SOURCE(uchar) EACH_SOURCE(short) EACH_SOURCE(ushort)
EACH_SOURCE(int) EACH_SOURCE(uint) EACH_SOURCE(long) EACH_SOURCE(ulong) EACH_SOURCE(float)
EACH_CLIPPED(char) EACH_CLIPPED(uchar) EACH_CLIPPED(short) EACH_CLIPPED(ushort)
EACH_CLIPPED(int) EACH_CLIPPED(uint) EACH_CLIPPED(long) EACH_CLIPPED(ulong)
uint2 BUILTIN_CONST convert_uint2(ushort2);
uint8 BUILTIN_CONST convert_uint8(ushort8);
#undef CONVERT
#undef EACH_SOURCE
#undef CLIP
#undef EACH_CLIPPED

// Vectors in memory.
#define ONE(type, space)                                                              \
  type##2 BUILTIN_PURE vload2(size_t, const space type *);                            \
  type##4 BUILTIN_PURE vload4(size_t, const space type *);                            \
  type##8 BUILTIN_PURE vload8(size_t, const space type *);                            \
  WIDE(type) BUILTIN_PURE WIDE(vload)(size_t, const space type *);                    \
  void BUILTIN vstore2(type##2, size_t, space type *);                                \
  void BUILTIN vstore4(type##4, size_t, space type *);                                \
  void BUILTIN vstore8(type##8, size_t, space type *);                                \
  void BUILTIN WIDE(vstore)(WIDE(type), size_t, space type *);
#define EACH_TYPE(space)                                                              \
  ONE(char, space) ONE(uchar, space) ONE(short, space) ONE(ushort, space) ONE(int, space) \
  ONE(uint, space) ONE(long, space) ONE(ulong, space) ONE(float, space)
EACH_TYPE(__global)
EACH_TYPE(__local)
EACH_TYPE(__private)
#undef ONE
#undef EACH_TYPE
#define ONE(space)                                                                    \
  float BUILTIN_PURE vload_half(size_t, const space half *);                          \
  float2 BUILTIN_PURE vload_half2(size_t, const space half *);                        \
  float4 BUILTIN_PURE vload_half4(size_t, const space half *);                        \
  float8 BUILTIN_PURE vload_half8(size_t, const space half *);                        \
  WIDE(float) BUILTIN_PURE WIDE(vload_half)(size_t, const space half *);              \
  void BUILTIN vstore_half_rte(float, size_t, space half *);                          \
  void BUILTIN vstore_half2_rte(float2, size_t, space half *);                        \
  void BUILTIN vstore_half4_rte(float4, size_t, space half *);                        \
  void BUILTIN vstore_half8_rte(float8, size_t, space half *);                        \
  void BUILTIN BUILTIN_JOIN(WIDE(vstore_half), _rte)(WIDE(float), size_t, space half *);
ONE(__global)
ONE(__local)
ONE(__private)
#undef ONE

#undef BUILTIN
#undef BUILTIN_CONST
#undef BUILTIN_PURE
#undef BUILTIN_JOIN
#undef BUILTIN_JOIN_
#undef WIDE
#undef EACH_WIDTH
#undef EACH_INTEGER
