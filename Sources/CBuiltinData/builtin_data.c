#include "builtin_data.h"

const unsigned char gpuml_digits_csv_gz[] = {
#embed "digits.csv.gz"
};
const size_t gpuml_digits_csv_gz_size = sizeof gpuml_digits_csv_gz;
