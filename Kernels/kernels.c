#include "gpuml_kernels.h"

const gpuml_kernel_file gpuml_kernel_files[] = {{0, 0, 0}};
const size_t gpuml_kernel_file_count = 0;
