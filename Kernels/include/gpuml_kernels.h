#ifndef GPUML_KERNELS_H
#define GPUML_KERNELS_H

#include <stddef.h>

// One embedded OpenCL C file: its path below Kernels without the suffix, and its text.
typedef struct {
  const char *name;
  const char *text;
  size_t size;
} gpuml_kernel_file;

extern const gpuml_kernel_file gpuml_kernel_files[];
extern const size_t gpuml_kernel_file_count;

#endif
