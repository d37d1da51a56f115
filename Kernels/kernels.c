#include "gpuml_kernels.h"

static const char elementwise_chain_cpu[] = {
#embed "Elementwise/chain_cpu.cl"
};
static const char elementwise_chain_gpu[] = {
#embed "Elementwise/chain_gpu.cl"
};
static const char layout_gather[] = {
#embed "Layout/gather.cl"
};
static const char layout_non_zero[] = {
#embed "Layout/non_zero.cl"
};
static const char layout_order[] = {
#embed "Layout/order.cl"
};
static const char layout_pad[] = {
#embed "Layout/pad.cl"
};
static const char layout_pad_gradient[] = {
#embed "Layout/pad_gradient.cl"
};
static const char layout_range[] = {
#embed "Layout/range.cl"
};
static const char layout_scan[] = {
#embed "Layout/scan.cl"
};
static const char layout_scatter[] = {
#embed "Layout/scatter.cl"
};
static const char layout_sort_cpu[] = {
#embed "Layout/sort_cpu.cl"
};
static const char layout_sort_gpu[] = {
#embed "Layout/sort_gpu.cl"
};
static const char layout_strided_copy[] = {
#embed "Layout/strided_copy.cl"
};
static const char layout_transpose_cpu[] = {
#embed "Layout/transpose_cpu.cl"
};
static const char layout_transpose_gpu[] = {
#embed "Layout/transpose_gpu.cl"
};
static const char layout_triangle[] = {
#embed "Layout/triangle.cl"
};
static const char layout_unsort[] = {
#embed "Layout/unsort.cl"
};
static const char loss_lines_cpu[] = {
#embed "Loss/lines_cpu.cl"
};
static const char loss_lines_gpu[] = {
#embed "Loss/lines_gpu.cl"
};
static const char loss_softmax_cpu[] = {
#embed "Loss/softmax_cpu.cl"
};
static const char loss_softmax_gpu[] = {
#embed "Loss/softmax_gpu.cl"
};
static const char matmul_matmul_cpu[] = {
#embed "MatMul/matmul_cpu.cl"
};
static const char matmul_matmul_direct_cpu[] = {
#embed "MatMul/matmul_direct_cpu.cl"
};
static const char matmul_matmul_direct_gpu[] = {
#embed "MatMul/matmul_direct_gpu.cl"
};
static const char matmul_matmul_gpu[] = {
#embed "MatMul/matmul_gpu.cl"
};
static const char matmul_matmul_integer[] = {
#embed "MatMul/matmul_integer.cl"
};
static const char matmul_matmul_matrix_gpu[] = {
#embed "MatMul/matmul_matrix_gpu.cl"
};
static const char matmul_matmul_pack_cpu[] = {
#embed "MatMul/matmul_pack_cpu.cl"
};
static const char matmul_matmul_slices_gpu[] = {
#embed "MatMul/matmul_slices_gpu.cl"
};
static const char matmul_matvec_cpu[] = {
#embed "MatMul/matvec_cpu.cl"
};
static const char matmul_matvec_gpu[] = {
#embed "MatMul/matvec_gpu.cl"
};
static const char matmul_peak_fma[] = {
#embed "MatMul/peak_fma.cl"
};
static const char optimizer_adagrad[] = {
#embed "Optimizer/adagrad.cl"
};
static const char optimizer_adam[] = {
#embed "Optimizer/adam.cl"
};
static const char optimizer_ema[] = {
#embed "Optimizer/ema.cl"
};
static const char optimizer_lamb[] = {
#embed "Optimizer/lamb.cl"
};
static const char optimizer_lion[] = {
#embed "Optimizer/lion.cl"
};
static const char optimizer_norm[] = {
#embed "Optimizer/norm.cl"
};
static const char optimizer_rmsprop[] = {
#embed "Optimizer/rmsprop.cl"
};
static const char optimizer_sgd[] = {
#embed "Optimizer/sgd.cl"
};
static const char optimizer_state[] = {
#embed "Optimizer/state.cl"
};
static const char prelude_builtins[] = {
#embed "Prelude/builtins.cl"
};
static const char prelude_numbers[] = {
#embed "Prelude/numbers.cl"
};
static const char prelude_prelude[] = {
#embed "Prelude/prelude.cl"
};
static const char prelude_random[] = {
#embed "Prelude/random.cl"
};
static const char prelude_tiles[] = {
#embed "Prelude/tiles.cl"
};
static const char prelude_update[] = {
#embed "Prelude/update.cl"
};
static const char reduce_argmax_cpu[] = {
#embed "Reduce/argmax_cpu.cl"
};
static const char reduce_argmax_gpu[] = {
#embed "Reduce/argmax_gpu.cl"
};
static const char reduce_operations[] = {
#embed "Reduce/operations.cl"
};
static const char reduce_reduce_cpu[] = {
#embed "Reduce/reduce_cpu.cl"
};
static const char reduce_reduce_gpu[] = {
#embed "Reduce/reduce_gpu.cl"
};
static const char reduce_row_norm_cpu[] = {
#embed "Reduce/row_norm_cpu.cl"
};
static const char reduce_row_norm_gpu[] = {
#embed "Reduce/row_norm_gpu.cl"
};
static const char reduce_scan_cpu[] = {
#embed "Reduce/scan_cpu.cl"
};
static const char reduce_scan_gpu[] = {
#embed "Reduce/scan_gpu.cl"
};
static const char reduce_scan_steps[] = {
#embed "Reduce/scan_steps.cl"
};

#define FILE_ENTRY(name, text) {name, text, sizeof text}

static const gpuml_kernel_file files[] = {
    FILE_ENTRY("Elementwise/chain_cpu", elementwise_chain_cpu),
    FILE_ENTRY("Elementwise/chain_gpu", elementwise_chain_gpu),
    FILE_ENTRY("Layout/gather", layout_gather),
    FILE_ENTRY("Layout/non_zero", layout_non_zero),
    FILE_ENTRY("Layout/order", layout_order),
    FILE_ENTRY("Layout/pad", layout_pad),
    FILE_ENTRY("Layout/pad_gradient", layout_pad_gradient),
    FILE_ENTRY("Layout/range", layout_range),
    FILE_ENTRY("Layout/scan", layout_scan),
    FILE_ENTRY("Layout/scatter", layout_scatter),
    FILE_ENTRY("Layout/sort_cpu", layout_sort_cpu),
    FILE_ENTRY("Layout/sort_gpu", layout_sort_gpu),
    FILE_ENTRY("Layout/strided_copy", layout_strided_copy),
    FILE_ENTRY("Layout/transpose_cpu", layout_transpose_cpu),
    FILE_ENTRY("Layout/transpose_gpu", layout_transpose_gpu),
    FILE_ENTRY("Layout/triangle", layout_triangle),
    FILE_ENTRY("Layout/unsort", layout_unsort),
    FILE_ENTRY("Loss/lines_cpu", loss_lines_cpu),
    FILE_ENTRY("Loss/lines_gpu", loss_lines_gpu),
    FILE_ENTRY("Loss/softmax_cpu", loss_softmax_cpu),
    FILE_ENTRY("Loss/softmax_gpu", loss_softmax_gpu),
    FILE_ENTRY("MatMul/matmul_cpu", matmul_matmul_cpu),
    FILE_ENTRY("MatMul/matmul_direct_cpu", matmul_matmul_direct_cpu),
    FILE_ENTRY("MatMul/matmul_direct_gpu", matmul_matmul_direct_gpu),
    FILE_ENTRY("MatMul/matmul_gpu", matmul_matmul_gpu),
    FILE_ENTRY("MatMul/matmul_integer", matmul_matmul_integer),
    FILE_ENTRY("MatMul/matmul_matrix_gpu", matmul_matmul_matrix_gpu),
    FILE_ENTRY("MatMul/matmul_pack_cpu", matmul_matmul_pack_cpu),
    FILE_ENTRY("MatMul/matmul_slices_gpu", matmul_matmul_slices_gpu),
    FILE_ENTRY("MatMul/matvec_cpu", matmul_matvec_cpu),
    FILE_ENTRY("MatMul/matvec_gpu", matmul_matvec_gpu),
    FILE_ENTRY("MatMul/peak_fma", matmul_peak_fma),
    FILE_ENTRY("Optimizer/adagrad", optimizer_adagrad),
    FILE_ENTRY("Optimizer/adam", optimizer_adam),
    FILE_ENTRY("Optimizer/ema", optimizer_ema),
    FILE_ENTRY("Optimizer/lamb", optimizer_lamb),
    FILE_ENTRY("Optimizer/lion", optimizer_lion),
    FILE_ENTRY("Optimizer/norm", optimizer_norm),
    FILE_ENTRY("Optimizer/rmsprop", optimizer_rmsprop),
    FILE_ENTRY("Optimizer/sgd", optimizer_sgd),
    FILE_ENTRY("Optimizer/state", optimizer_state),
    FILE_ENTRY("Prelude/builtins", prelude_builtins),
    FILE_ENTRY("Prelude/numbers", prelude_numbers),
    FILE_ENTRY("Prelude/prelude", prelude_prelude),
    FILE_ENTRY("Prelude/random", prelude_random),
    FILE_ENTRY("Prelude/tiles", prelude_tiles),
    FILE_ENTRY("Prelude/update", prelude_update),
    FILE_ENTRY("Reduce/argmax_cpu", reduce_argmax_cpu),
    FILE_ENTRY("Reduce/argmax_gpu", reduce_argmax_gpu),
    FILE_ENTRY("Reduce/operations", reduce_operations),
    FILE_ENTRY("Reduce/reduce_cpu", reduce_reduce_cpu),
    FILE_ENTRY("Reduce/reduce_gpu", reduce_reduce_gpu),
    FILE_ENTRY("Reduce/row_norm_cpu", reduce_row_norm_cpu),
    FILE_ENTRY("Reduce/row_norm_gpu", reduce_row_norm_gpu),
    FILE_ENTRY("Reduce/scan_cpu", reduce_scan_cpu),
    FILE_ENTRY("Reduce/scan_gpu", reduce_scan_gpu),
    FILE_ENTRY("Reduce/scan_steps", reduce_scan_steps),
};

const size_t gpuml_kernel_file_count = sizeof files / sizeof files[0];

gpuml_kernel_file gpuml_kernel_file_at(size_t index) { return files[index]; }
