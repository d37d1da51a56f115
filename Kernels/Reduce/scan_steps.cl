// scan_steps: how scans go from one element to the next; a text before each of their files
// in      OP=0 sums | 1 products | 2 states of h = a*h + x, with factors a
//         FORM=0 after each element | 1 before it | 2, of OP 2 alone, each factor acts on the way to
//         the next element: y = c + x and c = a*y
// out     macros: STEP(state, a, x, y) advances the state and sets y; FIRST, the first state;
//         FACTORS(c), c where OP has factors; JOIN(state, a, x), the state after steps whose
//         factors have the product a and which lead to x from FIRST on
// launch  none
// options -D TYPE=float|long, what elements are computed in (float)
//         -D REAL, elements in memory, and REAL_OUT, results: float|half|bfloat16 for TYPE float,
//         else char|uchar|int|uint|long (float)
//         -D TRUTH=1 turns elements into 0 and 1 (0)  -D OP (0)  -D FORM (0)
//         -D TOTALS=1 gives, in place of y, the state at the end of each chunk and, for OP 2, the
//         product of its factors, as TYPE [outer, chunks, inner] (0)
//         -D START=1 takes the first state of each chunk from start [outer, chunks, inner] TYPE (0)
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
#ifndef FORM
#define FORM 0
#endif
#ifndef TOTALS
#define TOTALS 0
#endif
#ifndef START
#define START 0
#endif

#define VTYPE GPUML_PASTE(TYPE, VW)
#if TRUTH
// Not x != 0, whose vectors Oclgrind widens to 255.
#define LOAD_IN(p, i) min((TYPE)LOAD_REAL(p, i), (TYPE)1)
#define LOADV_IN(p) min(GPUML_PASTE(convert_, VTYPE)(LOADV_REAL(p)), (VTYPE)(1))
#else
#define LOAD_IN(p, i) ((TYPE)LOAD_REAL(p, i))
#define LOADV_IN(p) GPUML_PASTE(convert_, VTYPE)(LOADV_REAL(p))
#endif
#define STORE_OUT(v, p, i) GPUML_PASTE(STORE_, REAL_OUT)(v, p, i)
#define STOREV_OUT(v, p) GPUML_PASTE(STOREV_, REAL_OUT)(v, p)

#if OP == 2
#define FIRST 0
#define NEXT(state, a, x) ((a) * (state) + (x))
#define JOIN(state, a, x) ((a) * (state) + (x))
#define FACTORS(code) code
#define FACTORS_PARAM const __global REAL *restrict factors,
#elif OP == 1
#define FIRST 1
#define NEXT(state, a, x) ((state) * (x))
#define JOIN(state, a, x) ((state) * (x))
#define FACTORS(code)
#define FACTORS_PARAM
#else
#define FIRST 0
#define NEXT(state, a, x) ((state) + (x))
#define JOIN(state, a, x) ((state) + (x))
#define FACTORS(code)
#define FACTORS_PARAM
#endif

#if FORM == 0
#define STEP(state, a, x, y) y = state = NEXT(state, a, x)
#elif FORM == 1
#define STEP(state, a, x, y) y = state; state = NEXT(state, a, x)
#else
#define STEP(state, a, x, y) y = (state) + (x); state = (a) * (y)
#endif

#if TOTALS && OP == 2
#define RESULT_PARAM __global TYPE *restrict totals, __global TYPE *restrict products,
#elif TOTALS
#define RESULT_PARAM __global TYPE *restrict totals,
#else
#define RESULT_PARAM __global REAL_OUT *restrict y,
#endif
#if START
#define START_PARAM const __global TYPE *restrict start,
#define START_AT(i) start[i]
#define START_V(i) VLOAD(start + (i))
#else
#define START_PARAM
#define START_AT(i) FIRST
#define START_V(i) ((VTYPE)(FIRST))
#endif
