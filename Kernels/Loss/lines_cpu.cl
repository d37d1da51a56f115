// lines_cpu: softmax, log-softmax and weighted cross-entropy along the middle axis of
//         [outer, classes, inner], for a CPU; a line is the classes at one place
// in      x (logits) [outer, classes, inner] REAL; labels [outer, inner] int;
//         weights [classes] REAL; upstream, upstream_kept [outer, inner] REAL
// out     softmax_lines                 y like x
//         log_softmax_lines             y like x: x - log(sum(exp(x)))
//         cross_entropy_lines           loss [outer, inner]: keep * weights[label] * cost[label] +
//                                       share * sum(weights * cost) with cost = -log_softmax(x);
//                                       kept [outer, inner]: weights[label]
//         cross_entropy_lines_backward  dx like x: the gradient of the losses by x
//         cross_entropy_lines_weights   dw like x: what each line adds to the gradient by weights
//         the label ignored, if has_ignored, makes them 0; one outside 0 to classes - 1, NaN
// launch  local 1, global ceil(tiles/tiles_per_item): a tile is a line with ROWS, otherwise VW
//         neighbouring lines, and ceil(inner/VW) of them fill a block
// options -D REAL=float|half|bfloat16 (float)
//         -D ROWS=0|1, whether inner is 1 and the lanes of a vector are classes of one line (0)
// local   none; the maximum is subtracted first: finite for +-1e4; tolerance 1e-5
// test    GPUMLRuntimeTests/LossTests.swift

#ifndef REAL
#define REAL float
#endif
#ifndef ROWS
#define ROWS 0
#endif
#if ROWS
#define LINES 1
#define STEP VW
#define ALL_SUM(v) ((VFLOAT)(sum_lanes(v)))
#define ALL_MAX(v) ((VFLOAT)(max_lanes(v)))
#else
#define LINES VW
#define STEP 1
#define ALL_SUM(v) (v)
#define ALL_MAX(v) (v)
#endif

// The elements from class i on: VW of one line, or one of each of width lines.
static VFLOAT KERNEL_NAME(load_classes)(
    const __global REAL *lines, int i, int classes, int inner, int width) {
#if ROWS
  int count = classes - i;
  lines += i;
#else
  int count = width;
  lines += (size_t)i * inner;
#endif
  if (count >= VW) return LOADV_REAL(lines);
  return LOAD_PARTIAL_REAL(lines, count, -INFINITY);
}

static void KERNEL_NAME(store_classes)(
    VFLOAT v, __global REAL *lines, int i, int classes, int inner, int width) {
#if ROWS
  int count = classes - i;
  lines += i;
#else
  int count = width;
  lines += (size_t)i * inner;
#endif
  if (count >= VW) {
    STOREV_REAL(v, lines);
  } else {
    STORE_PARTIAL_REAL(v, lines, count);
  }
}

// The weight of each lane's class; 0 past the last.
static VFLOAT KERNEL_NAME(load_weights)(const __global REAL *weights, int i, int classes) {
#if ROWS
  int count = classes - i;
  if (count >= VW) return LOADV_REAL(weights + i);
  return LOAD_PARTIAL_REAL(weights + i, count, 0.0f);
#else
  return (VFLOAT)(LOAD_REAL(weights, i));
#endif
}

// Each lane's class.
static VINT KERNEL_NAME(class_index)(int i) {
  return ROWS ? GPUML_PASTE(as_int, VW)(lane_numbers()) + i : (VINT)(i);
}

// One value a line; lanes without a line of their own repeat the first.
static VFLOAT KERNEL_NAME(load_lines)(const __global REAL *values, int width) {
  float lanes[VW];
  for (int lane = 0; lane < VW; ++lane) lanes[lane] = LOAD_REAL(values, lane < width ? lane : 0);
  return VLOAD(lanes);
}

static VINT KERNEL_NAME(load_labels)(const __global int *labels, int width) {
  int lanes[VW];
  for (int lane = 0; lane < VW; ++lane) lanes[lane] = labels[lane < width ? lane : 0];
  return VLOAD(lanes);
}

// The value where the label counts, 0 where it is ignored, NaN where it is none.
static VFLOAT KERNEL_NAME(settled)(
    VFLOAT v, VINT label, int classes, int has_ignored, int ignored) {
  VINT valid = (label >= (VINT)(0)) & (label < (VINT)(classes));
  VINT skipped = (label == (VINT)(ignored)) & (VINT)(-has_ignored);
  return select(select((VFLOAT)(NAN), v, valid), VZERO, skipped);
}

// The lines' maxima and sums of exp(x - maximum).
static void KERNEL_NAME(line_statistics)(
    const __global REAL *x, int classes, int inner, int width, VFLOAT *high, VFLOAT *sum) {
  VFLOAT largest = (VFLOAT)(-INFINITY), total = VZERO;
  for (int i = 0; i < classes; i += STEP)
    largest = max_nan_v(largest, KERNEL_NAME(load_classes)(x, i, classes, inner, width));
  largest = ALL_MAX(largest);
  for (int i = 0; i < classes; i += STEP)
    total += exp_below_v(KERNEL_NAME(load_classes)(x, i, classes, inner, width) - largest);
  *high = largest;
  *sum = ALL_SUM(total);
}

// The weights of the lines' labels, and the sum of all weights.
static void KERNEL_NAME(line_weights)(
    const __global REAL *weights, VINT label, int classes, VFLOAT *own, VFLOAT *all) {
  VFLOAT picked = VZERO, total = VZERO;
  for (int i = 0; i < classes; i += STEP) {
    VFLOAT w = KERNEL_NAME(load_weights)(weights, i, classes);
    picked = select(picked, w, KERNEL_NAME(class_index)(i) == label);
    total += w;
  }
  *own = ALL_SUM(picked);
  *all = ALL_SUM(total);
}

// Goes through the tiles of a work-item: where each begins in x, its first line, its width.
#define FOR_TILES                                                             \
  int across = CEIL_DIV(inner, LINES);                                        \
  int first_tile = (int)get_global_id(0) * tiles_per_item;                    \
  int last_tile = min(first_tile + tiles_per_item, outer * across);           \
  for (int tile = first_tile; tile < last_tile; ++tile) {                     \
    int block = tile / across, column = REMAINDER(tile, across, block) * LINES; \
    int width = min(LINES, inner - column);                                   \
    size_t begin = (size_t)block * classes * inner + column;                  \
    size_t line = (size_t)block * inner + column;                             \
    VFLOAT high, sum;                                                         \
    KERNEL_NAME(line_statistics)(x + begin, classes, inner, width, &high, &sum);
#define END_TILES }
#define LOAD_X(i) KERNEL_NAME(load_classes)(x + begin, i, classes, inner, width)
#define STORE_X(v, y, i) KERNEL_NAME(store_classes)(v, y + begin, i, classes, inner, width)

__kernel void KERNEL_NAME(softmax_lines)(
    const __global REAL *restrict x, __global REAL *restrict y, int outer, int classes,
    int inner, int tiles_per_item) {
  FOR_TILES
    VFLOAT inverse = 1.0f / sum;
    for (int i = 0; i < classes; i += STEP) STORE_X(exp_below_v(LOAD_X(i) - high) * inverse, y, i);
  END_TILES
}

__kernel void KERNEL_NAME(log_softmax_lines)(
    const __global REAL *restrict x, __global REAL *restrict y, int outer, int classes,
    int inner, int tiles_per_item) {
  FOR_TILES
    VFLOAT log_sum = log(sum);
    for (int i = 0; i < classes; i += STEP) STORE_X((LOAD_X(i) - high) - log_sum, y, i);
  END_TILES
}

__kernel void KERNEL_NAME(cross_entropy_lines)(
    const __global REAL *restrict x, const __global int *restrict labels,
    const __global REAL *restrict weights, __global REAL *restrict loss,
    __global REAL *restrict kept, int outer, int classes, int inner, float keep, float share,
    int has_ignored, int ignored, int tiles_per_item) {
  FOR_TILES
    VINT label = KERNEL_NAME(load_labels)(labels + line, width);
    VFLOAT log_sum = log(sum), picked = VZERO, spread = VZERO, own, all;
    KERNEL_NAME(line_weights)(weights, label, classes, &own, &all);
    for (int i = 0; i < classes; i += STEP)
      picked = select(
          picked, log_sum - (LOAD_X(i) - high), KERNEL_NAME(class_index)(i) == label);
    VFLOAT value = keep * own * ALL_SUM(picked);
    if (share != 0.0f) {
      for (int i = 0; i < classes; i += STEP) {
        VFLOAT term = KERNEL_NAME(load_weights)(weights, i, classes) * (log_sum - (LOAD_X(i) - high));
        spread += select(VZERO, term, KERNEL_NAME(class_index)(i) < (VINT)(classes));
      }
      value += share * ALL_SUM(spread);
    }
    STORE_PARTIAL_REAL(
        KERNEL_NAME(settled)(value, label, classes, has_ignored, ignored), loss + line, width);
    STORE_PARTIAL_REAL(
        KERNEL_NAME(settled)(own, label, classes, has_ignored, ignored), kept + line, width);
  END_TILES
}

__kernel void KERNEL_NAME(cross_entropy_lines_backward)(
    const __global REAL *restrict x, const __global int *restrict labels,
    const __global REAL *restrict weights, const __global REAL *restrict upstream,
    __global REAL *restrict dx, int outer, int classes, int inner, float keep, float share,
    int has_ignored, int ignored, int tiles_per_item) {
  FOR_TILES
    VINT label = KERNEL_NAME(load_labels)(labels + line, width);
    VFLOAT inverse = 1.0f / sum, own, all;
    VFLOAT gradient = KERNEL_NAME(load_lines)(upstream + line, width);
    KERNEL_NAME(line_weights)(weights, label, classes, &own, &all);
    own *= keep;
    VFLOAT factor = share == 0.0f ? own : own + share * all;
    for (int i = 0; i < classes; i += STEP) {
      VFLOAT target = select(VZERO, own, KERNEL_NAME(class_index)(i) == label);
      if (share != 0.0f) target += share * KERNEL_NAME(load_weights)(weights, i, classes);
      VFLOAT value = (exp_below_v(LOAD_X(i) - high) * inverse * factor - target) * gradient;
      STORE_X(KERNEL_NAME(settled)(value, label, classes, has_ignored, ignored), dx, i);
    }
  END_TILES
}

__kernel void KERNEL_NAME(cross_entropy_lines_weights)(
    const __global REAL *restrict x, const __global int *restrict labels,
    const __global REAL *restrict weights, const __global REAL *restrict upstream,
    const __global REAL *restrict upstream_kept, __global REAL *restrict dw, int outer,
    int classes, int inner, float keep, float share, int has_ignored, int ignored,
    int tiles_per_item) {
  FOR_TILES
    VINT label = KERNEL_NAME(load_labels)(labels + line, width);
    VFLOAT log_sum = log(sum);
    VFLOAT gradient = KERNEL_NAME(load_lines)(upstream + line, width);
    VFLOAT kept = KERNEL_NAME(load_lines)(upstream_kept + line, width);
    for (int i = 0; i < classes; i += STEP) {
      VINT own = KERNEL_NAME(class_index)(i) == label;
      VFLOAT part = select((VFLOAT)(share), (VFLOAT)(share + keep), own);
      VFLOAT cost = log_sum - (LOAD_X(i) - high);
      // An infinite cost must not make NaN of a part of nothing.
      VFLOAT value = select(cost * part * gradient, VZERO, part == VZERO);
      value += select(VZERO, kept, own);
      STORE_X(KERNEL_NAME(settled)(value, label, classes, has_ignored, ignored), dw, i);
    }
  END_TILES
}

#undef REAL
#undef ROWS
#undef LINES
#undef STEP
#undef ALL_SUM
#undef ALL_MAX
#undef FOR_TILES
#undef END_TILES
#undef LOAD_X
#undef STORE_X
