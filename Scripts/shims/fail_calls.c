// fail_calls: makes one OpenCL call fail, to sweep what happens then, and counts the objects that are
// not released.
//
// build  cc -O2 -shared -fPIC -o fail_calls.so fail_calls.c -ldl   (or Scripts/shims/build FOLDER)
// use    GPUML_FAIL_AT=7 GPUML_FAIL_CODE=-4 LD_PRELOAD=FOLDER/fail_calls.so COMMAND
//   GPUML_FAIL_AT    the number of the call that fails, from 1; 0 or unset: none
//   GPUML_FAIL_NAME  count calls of this name alone, such as clFinish (all)
//   GPUML_FAIL_CODE  its status: -4, -5, -6, -36 or another (-5)
//   GPUML_FAIL_SKIP  the first release of this name is left out, to prove that leaks show (none)
//   GPUML_FAIL_FILE  where to write at exit `calls=COUNT`, `failed=NAME` if one failed, and
//                    `live=KIND COUNT` for each kind of which not as many were released as made
// within COMMAND, found by dlsym:
//   void gpuml_fail_call(long at, int code)   the same, counting from here
//   long gpuml_calls(void)                    how many calls since
//   const char *gpuml_failed(void)            the name of the one that failed, or a null pointer
//   long gpuml_live(int kind)                 objects made and not released: 0 contexts, 1 queues,
//                                             2 memory, 3 programs, 4 kernels, 5 events
// A release that fails still releases, so that a leak afterwards is one of the program's own.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "calls.h"

enum { CONTEXT, QUEUE, MEMORY, PROGRAM, KERNEL, EVENT, KINDS };
static const char *const kinds[] = {"contexts", "queues", "memory", "programs", "kernels", "events"};

static atomic_long calls, fail_at, live[KINDS];
static _Atomic(const char *) failed;
static const char *fail_name;
static _Atomic(const char *) skip_name;
static atomic_int fail_code = CL_OUT_OF_RESOURCES;

__attribute__((constructor)) static void start(void) {
  const char *at = getenv("GPUML_FAIL_AT"), *code = getenv("GPUML_FAIL_CODE");
  fail_name = getenv("GPUML_FAIL_NAME");
  skip_name = getenv("GPUML_FAIL_SKIP");
  if (at) fail_at = atol(at);
  if (code) fail_code = atoi(code);
}

void gpuml_fail_call(long at, int code) {
  fail_code = code;
  failed = NULL;
  calls = 0;
  fail_at = at;
}

long gpuml_calls(void) { return calls; }

const char *gpuml_failed(void) { return failed; }

long gpuml_live(int kind) { return kind >= 0 && kind < KINDS ? (long)live[kind] : -1; }

static int fails(const char *name) {
  if (fail_name && strcmp(name, fail_name) != 0) return 0;
  if (atomic_fetch_add(&calls, 1) + 1 != fail_at) return 0;
  failed = name;
  return 1;
}

static int skips(const char *name) {
  const char *skip = skip_name;
  if (!skip || strcmp(name, skip) != 0) return 0;
  return atomic_compare_exchange_strong(&skip_name, &skip, NULL);
}

// What a call makes or releases, by its name.
static int kind(const char *name) {
  static const char *const words[] = {"Context", "Queue", "Buffer", "Program", "Kernel", "Event"};
  if (strstr(name, "MemObject")) return MEMORY;
  for (int i = 0; i < KINDS; i++)
    if (strstr(name, words[i])) return i;
  return EVENT;
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
    type object = real arguments;                 \
    if (object) live[kind(#name)]++;              \
    return object;                                \
  }
#define RELEASE(name, parameters, arguments)    \
  cl_int name parameters {                      \
    REAL(name);                                 \
    if (skips(#name)) return CL_SUCCESS;        \
    cl_int code = real arguments;               \
    if (code == CL_SUCCESS) live[kind(#name)]--;\
    return fails(#name) ? fail_code : code;     \
  }
#define ENQUEUE(name, parameters, arguments)             \
  cl_int name parameters {                               \
    REAL(name);                                          \
    if (fails(#name)) return fail_code;                  \
    cl_int code = real arguments;                        \
    if (code == CL_SUCCESS && e && *e) live[EVENT]++;    \
    return code;                                         \
  }
EACH_CALL(STATUS, OBJECT, RELEASE, ENQUEUE)

static int any_live(void) {
  for (int i = 0; i < KINDS; i++)
    if (live[i]) return 1;
  return 0;
}

__attribute__((destructor)) static void report(void) {
  const char *path = getenv("GPUML_FAIL_FILE");
  if (!calls) return;  // a wrapper such as timeout or env, whose report would replace COMMAND's
  FILE *file = path ? fopen(path, "w") : NULL;
  if (!file) return;
  // Other threads may be about to release what they hold as the process ends.
  for (int turn = 0; turn < 100 && any_live(); turn++) nanosleep(&(struct timespec){0, 10000000}, NULL);
  fprintf(file, "calls=%ld\n", (long)calls);
  if (failed) fprintf(file, "failed=%s\n", failed);
  for (int i = 0; i < KINDS; i++)
    if (live[i]) fprintf(file, "live=%s %ld\n", kinds[i], (long)live[i]);
  fclose(file);
}
