// operations: what the reduction kernels do with elements; a text before each of their files
// in      OP=0 sum | 1 product | 2 maximum | 3 minimum, both of which keep NaN | sums of 4 |x|,
//         5 x*x, 6 x - c, 7 (x - c)*(x - c), 8 exp(x - c), where c is a line's number of center
// out     macros: FIRST, what is combined with the first element; MAP(x, c) and MAP_V(x, c);
//         COMBINE(a, b) and COMBINE_V(a, b); FINISH(v); CENTERED, 1 if c is needed, and CENTER_PARAM
// launch  none
// options -D TYPE=float|int|uint|long, what elements are computed in (float)
//         -D REAL, elements in memory, and REAL_OUT, results: float|half|bfloat16 for TYPE float,
//         else char|uchar|int|uint|long (float)
//         -D TRUTH=1 turns elements into 0 and 1 (0)  -D OP (0)
//         -D END=0 as they are | 1 times scale | 2 the square root (0)
// test    GPUMLRuntimeTests/ConformanceTests.swift

#ifndef REAL
#define REAL float
#endif
#ifndef REAL_OUT
#define REAL_OUT float
#endif
#ifndef TYPE
#define TYPE float
#endif
#ifndef TRUTH
#define TRUTH 0
#endif
#ifndef OP
#define OP 0
#endif
#ifndef END
#define END 0
#endif

#define VTYPE GPUML_PASTE(TYPE, VW)
#define MASK_float int
#define MASK_int int
#define MASK_uint int
#define MASK_long long
#define VMASK GPUML_PASTE(GPUML_PASTE(MASK_, TYPE), VW)
#define CONVERT_MASK(v) GPUML_PASTE(convert_, VMASK)(v)
#define LOAD_IN(p, i) ((TYPE)LOAD_REAL(p, i))
#define LOADV_IN(p) GPUML_PASTE(convert_, VTYPE)(LOADV_REAL(p))
#define STORE_OUT(v, p, i) GPUML_PASTE(STORE_, REAL_OUT)(v, p, i)
#define STOREV_OUT(v, p) GPUML_PASTE(STOREV_, REAL_OUT)(v, p)

#define LOWEST_float -INFINITY
#define LOWEST_int INT_MIN
#define LOWEST_uint 0
#define LOWEST_long LONG_MIN
#define HIGHEST_float INFINITY
#define HIGHEST_int INT_MAX
#define HIGHEST_uint UINT_MAX
#define HIGHEST_long LONG_MAX
#define LARGER_float(a, b) max_nan(a, b)
#define LARGER_int(a, b) max(a, b)
#define LARGER_uint(a, b) max(a, b)
#define LARGER_long(a, b) max(a, b)
#define LARGER_V_float(a, b) max_nan_v(a, b)
#define LARGER_V_int(a, b) max(a, b)
#define LARGER_V_uint(a, b) max(a, b)
#define LARGER_V_long(a, b) max(a, b)
#define SMALLER_float(a, b) min_nan(a, b)
#define SMALLER_int(a, b) min(a, b)
#define SMALLER_uint(a, b) min(a, b)
#define SMALLER_long(a, b) min(a, b)
#define SMALLER_V_float(a, b) min_nan_v(a, b)
#define SMALLER_V_int(a, b) min(a, b)
#define SMALLER_V_uint(a, b) min(a, b)
#define SMALLER_V_long(a, b) min(a, b)

#if OP == 1
#define FIRST 1
#define COMBINE(a, b) ((a) * (b))
#define COMBINE_V(a, b) ((a) * (b))
#elif OP == 2
#define FIRST GPUML_PASTE(LOWEST_, TYPE)
#define COMBINE(a, b) GPUML_PASTE(LARGER_, TYPE)(a, b)
#define COMBINE_V(a, b) GPUML_PASTE(LARGER_V_, TYPE)(a, b)
#elif OP == 3
#define FIRST GPUML_PASTE(HIGHEST_, TYPE)
#define COMBINE(a, b) GPUML_PASTE(SMALLER_, TYPE)(a, b)
#define COMBINE_V(a, b) GPUML_PASTE(SMALLER_V_, TYPE)(a, b)
#else
#define FIRST 0
#define COMBINE(a, b) ((a) + (b))
#define COMBINE_V(a, b) ((a) + (b))
#endif

#if OP == 4
#define EACH(x, c) fabs(x)
#elif OP == 5
#define EACH(x, c) ((x) * (x))
#elif OP == 6
#define EACH(x, c) ((x) - (c))
#elif OP == 7
#define EACH(x, c) (((x) - (c)) * ((x) - (c)))
#elif OP == 8
#define EACH(x, c) exp((x) - (c))
#define EACH_V(x, c) exp_v((x) - (c))
#endif

#ifdef EACH
static float KERNEL_NAME(each)(float x, float c) { return EACH(x, c); }
#ifndef EACH_V
#define EACH_V(x, c) EACH(x, c)
#endif
static VFLOAT KERNEL_NAME(each_v)(VFLOAT x, VFLOAT c) { return EACH_V(x, c); }
#if OP >= 6
#define MAP(x, c) KERNEL_NAME(each)(x, c)
#define MAP_V(x, c) KERNEL_NAME(each_v)(x, c)
#else
#define MAP(x, c) KERNEL_NAME(each)(x, 0.0f)
#define MAP_V(x, c) KERNEL_NAME(each_v)(x, VZERO)
#endif
#elif TRUTH
// Not x != 0, whose vectors Oclgrind widens to 255. A float is 0 if all bits but the sign are.
#define TRUE_OF(x, U) min(x, (U)1)
#define TRUE_int(x) ((int)TRUE_OF((uint)(x), uint))
#define TRUE_uint(x) TRUE_OF((uint)(x), uint)
#define TRUE_long(x) ((long)TRUE_OF((ulong)(x), ulong))
#define TRUE_float(x) ((float)TRUE_OF(as_uint(x) << 1, uint))
#define TRUE_V_OF(x, U, T) GPUML_PASTE(convert_##T, VW)(min(x, (GPUML_PASTE(U, VW))(1)))
#define TRUE_V_int(x) TRUE_V_OF(GPUML_PASTE(as_uint, VW)(x), uint, int)
#define TRUE_V_uint(x) TRUE_V_OF(x, uint, uint)
#define TRUE_V_long(x) TRUE_V_OF(GPUML_PASTE(as_ulong, VW)(x), ulong, long)
#define TRUE_V_float(x) TRUE_V_OF(GPUML_PASTE(as_uint, VW)(x) << 1, uint, float)
#define MAP(x, c) GPUML_PASTE(TRUE_, TYPE)(x)
#define MAP_V(x, c) GPUML_PASTE(TRUE_V_, TYPE)(x)
#else
#define MAP(x, c) (x)
#define MAP_V(x, c) (x)
#endif

#if OP >= 6
#define CENTERED 1
#define CENTER_PARAM const __global float *restrict center,
#else
#define CENTERED 0
#define CENTER_PARAM
#endif

#if END == 1
#define FINISH(v) ((v) * scale)
#elif END == 2
#define FINISH(v) sqrt(v)
#else
#define FINISH(v) (v)
#endif
