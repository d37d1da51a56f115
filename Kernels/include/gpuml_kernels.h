#ifndef GPUML_KERNELS_H
#define GPUML_KERNELS_H

#include <stddef.h>

// One embedded OpenCL C file: its path below Kernels without the suffix, and its text, which is not
// terminated by a zero byte.
typedef struct {
  const char *name;
  const char *text;
  size_t size;
} gpuml_kernel_file;

extern const size_t gpuml_kernel_file_count;

// The file numbered index, which is below gpuml_kernel_file_count.
gpuml_kernel_file gpuml_kernel_file_at(size_t index);

#endif
