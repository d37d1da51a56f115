#include "gpuml_kernels.h"
