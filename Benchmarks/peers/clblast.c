// CLBlast's single-precision product on PoCL, timed as timing.py does.
//
// build  cc -O2 -o clblast clblast.c -lclblast -lOpenCL -lm   (Debian: libclblast-dev)
// use    clblast SECONDS M,N,K[,FORM] ...   FORM is none, left or right: the operand that is transposed
//
// Matrices are row-major and lie on the device; each result is compared with sums in double precision.
#define CL_TARGET_OPENCL_VERSION 120
#include <clblast_c.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double seconds_now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec * 1e-9;
}

static void check(int code, const char *call) {
  if (code == 0) return;
  fprintf(stderr, "%s: %d\n", call, code);
  exit(1);
}

static cl_device_id pocl(void) {
  cl_platform_id platforms[16];
  cl_uint count = 0;
  check(clGetPlatformIDs(16, platforms, &count), "clGetPlatformIDs");
  for (cl_uint i = 0; i < count; i++) {
    char name[256] = "";
    cl_device_id device;
    clGetPlatformInfo(platforms[i], CL_PLATFORM_NAME, sizeof name, name, NULL);
    if (strcmp(name, "Portable Computing Language") == 0 &&
        clGetDeviceIDs(platforms[i], CL_DEVICE_TYPE_CPU, 1, &device, NULL) == CL_SUCCESS)
      return device;
  }
  fprintf(stderr, "there is no PoCL\n");
  exit(1);
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static float *numbers(size_t count, unsigned seed) {
  float *values = malloc(count * sizeof(float));
  for (size_t i = 0; i < count; i++) {
    seed = seed * 1664525u + 1013904223u;
    values[i] = (float)(seed >> 8) / (1 << 23) - 1.0f;
  }
  return values;
}

// Whether up to a thousand elements, spread over the result, are right.
static int is_right(const float *a, const float *b, const float *c, size_t m, size_t n, size_t k, int left,
                    int right) {
  size_t step = m * n / 1000 + 1;
  for (size_t place = 0; place < m * n; place += step) {
    size_t i = place / n, j = place % n;
    double sum = 0, size = 0;
    for (size_t p = 0; p < k; p++) {
      double term = (double)a[left ? p * m + i : i * k + p] * b[right ? j * k + p : p * n + j];
      sum += term;
      size += fabs(term);
    }
    if (!(fabs(c[place] - sum) <= size * k * 0x1p-23)) return 0;
  }
  return 1;
}

int main(int count, char **arguments) {
  if (count < 3) return fprintf(stderr, "usage: clblast SECONDS M,N,K[,FORM] ...\n"), 64;
  double limit = atof(arguments[1]);
  cl_device_id device = pocl();
  cl_int code;
  cl_context context = clCreateContext(NULL, 1, &device, NULL, NULL, &code);
  check(code, "clCreateContext");
  cl_command_queue queue = clCreateCommandQueue(context, device, 0, &code);
  check(code, "clCreateCommandQueue");
  for (int argument = 2; argument < count; argument++) {
    size_t m, n, k;
    char form[16] = "none";
    if (sscanf(arguments[argument], "%zu,%zu,%zu,%15s", &m, &n, &k, form) < 3) return 64;
    int left = !strcmp(form, "left"), right = !strcmp(form, "right");
    float *a = numbers(m * k, 1), *b = numbers(k * n, 2), *c = malloc(m * n * sizeof(float));
    cl_mem buffers[3];
    size_t sizes[3] = {m * k, k * n, m * n};
    float *values[3] = {a, b, NULL};
    for (int i = 0; i < 3; i++) {
      buffers[i] = clCreateBuffer(context, CL_MEM_READ_WRITE | (values[i] ? CL_MEM_COPY_HOST_PTR : 0),
                                  sizes[i] * sizeof(float), values[i], &code);
      check(code, "clCreateBuffer");
    }
    double *times = malloc(sizeof(double) * 1000000), begin = 0;
    int runs = -2;  // two to warm up
    while (runs < 5 || (seconds_now() - begin < limit && runs < 1000000)) {
      if (runs == 0) begin = seconds_now();
      double start = seconds_now();
      cl_event event;
      check(CLBlastSgemm(CLBlastLayoutRowMajor, left ? CLBlastTransposeYes : CLBlastTransposeNo,
                         right ? CLBlastTransposeYes : CLBlastTransposeNo, m, n, k, 1.0f, buffers[0], 0,
                         left ? m : k, buffers[1], 0, right ? k : n, 0.0f, buffers[2], 0, n, &queue, &event),
            "CLBlastSgemm");
      check(clWaitForEvents(1, &event), "clWaitForEvents");
      clReleaseEvent(event);
      if (runs >= 0) times[runs] = seconds_now() - start;
      runs++;
    }
    check(clEnqueueReadBuffer(queue, buffers[2], CL_TRUE, 0, m * n * sizeof(float), c, 0, NULL, NULL),
          "clEnqueueReadBuffer");
    if (!is_right(a, b, c, m, n, k, left, right)) {
      fprintf(stderr, "%s: wrong product\n", arguments[argument]);
      return 1;
    }
    qsort(times, runs, sizeof(double), ascending);
    double median = times[runs / 2];
    printf("{\"bench\": \"matmul\", \"peer\": \"clblast\", \"m\": %zu, \"n\": %zu, \"k\": %zu, "
           "\"transpose\": \"%s\", \"median_ms\": %g, \"min_ms\": %g, \"gflops\": %g}\n",
           m, n, k, form, median * 1e3, times[0] * 1e3, 2e-9 * m * n * k / median);
    fflush(stdout);
    for (int i = 0; i < 3; i++) clReleaseMemObject(buffers[i]);
    free(a), free(b), free(c), free(times);
  }
  clReleaseCommandQueue(queue);
  clReleaseContext(context);
  return 0;
}
