#ifndef GPUML_BUILTIN_DATA_H
#define GPUML_BUILTIN_DATA_H

#include <stddef.h>

// The gzip-compressed CSV of the digits data set; README.md names its source and licence.
const unsigned char *gpuml_digits_csv_gz(void);
size_t gpuml_digits_csv_gz_size(void);

#endif
