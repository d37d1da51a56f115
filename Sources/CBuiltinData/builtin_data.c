#include "builtin_data.h"

static const unsigned char digits_csv_gz[] = {
#embed "digits.csv.gz"
};

// Functions, because Swift imports no arrays of unknown length.
const unsigned char *gpuml_digits_csv_gz(void) { return digits_csv_gz; }
size_t gpuml_digits_csv_gz_size(void) { return sizeof digits_csv_gz; }
