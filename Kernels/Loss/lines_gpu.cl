// lines_gpu: softmax, log-softmax and weighted cross-entropy along the middle axis of
//         [outer, classes, inner], for a GPU; a line is the classes at one place
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
// launch  local WG; with ROWS a work-group a line: global outer*WG; otherwise a work-item a line, so
//         that neighbours read neighbours: global round_up(outer*inner, WG)
// options -D REAL=float|half|bfloat16 (float)
//         -D ROWS=0|1, whether inner is 1 (0)  -D WG=32..1024, a power of two (64)
// local   WG*4 bytes with ROWS; the maximum is subtracted first: finite for +-1e4; tolerance 1e-5
// test    GPUMLRuntimeTests/LossTests.swift

#ifndef REAL
#define REAL float
#endif
#ifndef ROWS
#define ROWS 0
#endif
#ifndef WG
#define WG 64
#endif
#if ROWS
#define FIRST ((int)get_local_id(0))
#define STEP WG
#define ALL_SUM(v) KERNEL_NAME(line_sum)(v, tree)
#define ALL_MAX(v) KERNEL_NAME(line_max)(v, tree)
#else
#define FIRST 0
#define STEP 1
#define ALL_SUM(v) (v)
#define ALL_MAX(v) (v)
#endif

// The group's values folded by a tree, given to all of its items.
#if ROWS
static float KERNEL_NAME(line_sum)(float value, __local float *tree) {
  int item = (int)get_local_id(0);
  tree[item] = value;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int size = WG / 2; size > 0; size /= 2) {
    if (item < size) tree[item] += tree[item + size];
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  float total = tree[0];
  barrier(CLK_LOCAL_MEM_FENCE);
  return total;
}

static float KERNEL_NAME(line_max)(float value, __local float *tree) {
  int item = (int)get_local_id(0);
  tree[item] = value;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int size = WG / 2; size > 0; size /= 2) {
    if (item < size) tree[item] = max_nan(tree[item], tree[item + size]);
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  float best = tree[0];
  barrier(CLK_LOCAL_MEM_FENCE);
  return best;
}
#endif

// The value where the label counts, 0 where it is ignored, NaN where it is none.
static float KERNEL_NAME(settled)(float v, int label, int classes, int has_ignored, int ignored) {
  if (has_ignored && label == ignored) return 0.0f;
  return label >= 0 && label < classes ? v : NAN;
}

// Finds the work-item's line: its number, where it begins in x, its maximum and sum of
// exp(x - maximum).
#if ROWS
#define FIND_LINE                           \
  __local float tree[WG];                   \
  size_t line = get_group_id(0);            \
  size_t begin = line * classes * inner;
#else
#define FIND_LINE                                               \
  size_t line = get_global_id(0);                               \
  if (line >= (size_t)outer * inner) return;                    \
  int block = (int)line / inner;                                \
  size_t begin = (size_t)block * classes * inner + REMAINDER((int)line, inner, block);
#endif
#define AT(i) (begin + (size_t)(i) * inner)
#define LOAD_X(i) LOAD_REAL(x, AT(i))
#define FOR_CLASSES(i) for (int i = FIRST; i < classes; i += STEP)
#define LINE_STATISTICS                                    \
  float high = -INFINITY, sum = 0.0f;                      \
  FOR_CLASSES(i) high = max_nan(high, LOAD_X(i));           \
  high = ALL_MAX(high);                                    \
  FOR_CLASSES(i) sum += exp(LOAD_X(i) - high);              \
  sum = ALL_SUM(sum);

#define LINE_KERNEL __kernel __attribute__((reqd_work_group_size(WG, 1, 1))) void

LINE_KERNEL KERNEL_NAME(softmax_lines)(
    const __global REAL *restrict x, __global REAL *restrict y, int outer, int classes,
    int inner) {
  FIND_LINE
  LINE_STATISTICS
  float inverse = 1.0f / sum;
  FOR_CLASSES(i) STORE_REAL(exp(LOAD_X(i) - high) * inverse, y, AT(i));
}

LINE_KERNEL KERNEL_NAME(log_softmax_lines)(
    const __global REAL *restrict x, __global REAL *restrict y, int outer, int classes,
    int inner) {
  FIND_LINE
  LINE_STATISTICS
  float log_sum = log(sum);
  FOR_CLASSES(i) STORE_REAL((LOAD_X(i) - high) - log_sum, y, AT(i));
}

LINE_KERNEL KERNEL_NAME(cross_entropy_lines)(
    const __global REAL *restrict x, const __global int *restrict labels,
    const __global REAL *restrict weights, __global REAL *restrict loss,
    __global REAL *restrict kept, int outer, int classes, int inner, float keep, float share,
    int has_ignored, int ignored) {
  FIND_LINE
  LINE_STATISTICS
  float spread = 0.0f, log_sum = log(sum);
  if (share != 0.0f) {
    FOR_CLASSES(i) spread += LOAD_REAL(weights, i) * (log_sum - (LOAD_X(i) - high));
    spread = ALL_SUM(spread);
  }
  if (FIRST != 0) return;
  int label = labels[line];
  bool valid = label >= 0 && label < classes;
  float own = valid ? LOAD_REAL(weights, label) : NAN;
  float cost = valid ? log_sum - (LOAD_X(label) - high) : NAN;
  float value = keep * own * cost;
  if (share != 0.0f) value += share * spread;
  STORE_REAL(
      KERNEL_NAME(settled)(value, label, classes, has_ignored, ignored), loss, line);
  STORE_REAL(
      KERNEL_NAME(settled)(own, label, classes, has_ignored, ignored), kept, line);
}

LINE_KERNEL KERNEL_NAME(cross_entropy_lines_backward)(
    const __global REAL *restrict x, const __global int *restrict labels,
    const __global REAL *restrict weights, const __global REAL *restrict upstream,
    __global REAL *restrict dx, int outer, int classes, int inner, float keep, float share,
    int has_ignored, int ignored) {
  FIND_LINE
  LINE_STATISTICS
  float all = 0.0f, inverse = 1.0f / sum, gradient = LOAD_REAL(upstream, line);
  if (share != 0.0f) {
    FOR_CLASSES(i) all += LOAD_REAL(weights, i);
    all = ALL_SUM(all);
  }
  int label = labels[line];
  float own = label >= 0 && label < classes ? keep * LOAD_REAL(weights, label) : NAN;
  float factor = share == 0.0f ? own : own + share * all;
  FOR_CLASSES(i) {
    float target = i == label ? own : 0.0f;
    if (share != 0.0f) target += share * LOAD_REAL(weights, i);
    float value = (exp(LOAD_X(i) - high) * inverse * factor - target) * gradient;
    STORE_REAL(
        KERNEL_NAME(settled)(value, label, classes, has_ignored, ignored), dx, AT(i));
  }
}

LINE_KERNEL KERNEL_NAME(cross_entropy_lines_weights)(
    const __global REAL *restrict x, const __global int *restrict labels,
    const __global REAL *restrict weights, const __global REAL *restrict upstream,
    const __global REAL *restrict upstream_kept, __global REAL *restrict dw, int outer,
    int classes, int inner, float keep, float share, int has_ignored, int ignored) {
  FIND_LINE
  LINE_STATISTICS
  float log_sum = log(sum), gradient = LOAD_REAL(upstream, line), kept = LOAD_REAL(upstream_kept, line);
  int label = labels[line];
  FOR_CLASSES(i) {
    float part = i == label ? share + keep : share;
    // An infinite cost must not make NaN of a part of nothing.
    float value =
        part == 0.0f ? 0.0f : (log_sum - (LOAD_X(i) - high)) * part * gradient;
    if (i == label) value += kept;
    STORE_REAL(
        KERNEL_NAME(settled)(value, label, classes, has_ignored, ignored), dw, AT(i));
  }
}

#undef REAL
#undef ROWS
#undef WG
#undef FIRST
#undef STEP
#undef ALL_SUM
#undef ALL_MAX
#undef FIND_LINE
#undef AT
#undef LOAD_X
#undef FOR_CLASSES
#undef LINE_STATISTICS
#undef LINE_KERNEL
