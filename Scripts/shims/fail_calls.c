// fail_calls: makes one OpenCL call fail, to sweep what happens then over a whole run.
//
// build  cc -O2 -shared -fPIC -o fail_calls.so fail_calls.c -ldl   (or Scripts/shims/build FOLDER)
// use    GPUML_FAIL_AT=7 GPUML_FAIL_CODE=-4 LD_PRELOAD=FOLDER/fail_calls.so COMMAND
//   GPUML_FAIL_AT    the number of the call that fails, from 1; 0 or unset: none
//   GPUML_FAIL_NAME  count calls of this name alone, such as clFinish (all)
//   GPUML_FAIL_CODE  its status: -4, -5, -6, -36 or another (-5)
//   GPUML_FAIL_FILE  where to write at exit `calls=COUNT` and, if one failed, `failed=NAME`
// A release that fails still releases, so that a leak afterwards is one of the program's own.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calls.h"

static atomic_long calls;
static _Atomic(const char *) failed;
static const char *fail_name;
static long fail_at;
static cl_int fail_code = CL_OUT_OF_RESOURCES;

__attribute__((constructor)) static void start(void) {
  const char *at = getenv("GPUML_FAIL_AT"), *code = getenv("GPUML_FAIL_CODE");
  fail_name = getenv("GPUML_FAIL_NAME");
  if (at) fail_at = atol(at);
  if (code) fail_code = atoi(code);
}

static int fails(const char *name) {
  if (fail_name && strcmp(name, fail_name) != 0) return 0;
  if (atomic_fetch_add(&calls, 1) + 1 != fail_at) return 0;
  atomic_store(&failed, name);
  return 1;
}

#define STATUS(name, parameters, arguments) \
  cl_int name parameters {                  \
    REAL(name);                             \
    if (fails(#name)) return fail_code;     \
    return real arguments;                  \
  }
#define OBJECT(type, name, parameters, arguments) \
  type name parameters {                          \
    REAL(name);                                   \
    if (fails(#name)) {                           \
      if (status) *status = fail_code;            \
      return NULL;                                \
    }                                             \
    return real arguments;                        \
  }
#define RELEASE(name, parameters, arguments)    \
  cl_int name parameters {                      \
    REAL(name);                                 \
    cl_int code = real arguments;               \
    return fails(#name) ? fail_code : code;     \
  }
EACH_CALL(STATUS, OBJECT, RELEASE)

__attribute__((destructor)) static void report(void) {
  const char *path = getenv("GPUML_FAIL_FILE");
  if (!calls) return;  // a wrapper such as timeout or env, whose report would replace COMMAND's
  FILE *file = path ? fopen(path, "w") : NULL;
  if (!file) return;
  fprintf(file, "calls=%ld\n", calls);
  if (failed) fprintf(file, "failed=%s\n", failed);
  fclose(file);
}
