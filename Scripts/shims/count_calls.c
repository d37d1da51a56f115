// count_calls: how often a process makes each OpenCL call, say in a training step.
//
// build  cc -O2 -shared -fPIC -o count_calls.so count_calls.c -ldl   (or Scripts/shims/build FOLDER)
// use    GPUML_COUNT_FILE=counts LD_PRELOAD=FOLDER/count_calls.so COMMAND
//   GPUML_COUNT_FILE           where to write `name=count` lines at exit (nowhere if unset)
//   GPUML_COUNT_AFTER_FLUSHES  count from zero after this many clFlush (count from the start)
//   GPUML_COUNT_UNTIL_FLUSHES  stop after this many clFlush (count to the end)
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "calls.h"

static atomic_long counts[CALLS];
static atomic_long flushes;
static atomic_int stopped, used;
static long after, until;

static long number(const char *variable) {
  const char *text = getenv(variable);
  return text ? atol(text) : 0;
}

__attribute__((constructor)) static void start(void) {
  after = number("GPUML_COUNT_AFTER_FLUSHES");
  until = number("GPUML_COUNT_UNTIL_FLUSHES");
}

static void count(int call) {
  atomic_store(&used, 1);
  if (atomic_load(&stopped)) return;
  atomic_fetch_add(&counts[call], 1);
  if (call != INDEX(clFlush)) return;
  long flush = atomic_fetch_add(&flushes, 1) + 1;
  if (after && flush == after)
    for (int i = 0; i < CALLS; i++) atomic_store(&counts[i], 0);
  if (until && flush == until) atomic_store(&stopped, 1);
}

#define STATUS(name, parameters, arguments) \
  cl_int name parameters {                  \
    REAL(name);                             \
    count(INDEX(name));                     \
    return real arguments;                  \
  }
#define OBJECT(type, name, parameters, arguments) \
  type name parameters {                          \
    REAL(name);                                   \
    count(INDEX(name));                           \
    return real arguments;                        \
  }
EACH_CALL(STATUS, OBJECT, STATUS, STATUS)

#define STATUS_NAME(name, parameters, arguments) #name,
#define OBJECT_NAME(type, name, parameters, arguments) #name,
static const char *const names[] = {EACH_CALL(STATUS_NAME, OBJECT_NAME, STATUS_NAME, STATUS_NAME)};

__attribute__((destructor)) static void report(void) {
  const char *path = getenv("GPUML_COUNT_FILE");
  if (!used) return;  // a wrapper such as timeout or env, whose report would replace COMMAND's
  FILE *file = path ? fopen(path, "w") : NULL;
  if (!file) return;
  for (int i = 0; i < CALLS; i++)
    if (counts[i]) fprintf(file, "%s=%ld\n", names[i], counts[i]);
  fclose(file);
}
