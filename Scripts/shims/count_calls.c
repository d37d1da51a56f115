// count_calls: how often a process makes each OpenCL call, say in a training step.
//
// build  cc -O2 -shared -fPIC -o count_calls.so count_calls.c -ldl   (or Scripts/shims/build FOLDER)
// use    GPUML_COUNT_FILE=counts LD_PRELOAD=FOLDER/count_calls.so COMMAND
//   GPUML_COUNT_FILE           where to write `name=count` lines at exit (nowhere if unset)
//   GPUML_COUNT_AFTER_FLUSHES  count from zero after this many clFlush (count from the start)
//   GPUML_COUNT_UNTIL_FLUSHES  stop after this many clFlush (count to the end)
// It also tells by how many blocks and bytes the heap has grown while calls were counted, as
// `heap_blocks=` and `heap_bytes=`: the least in use at any clFlush of the last third of them, less
// the least of the first third, because what a step needs for itself comes and goes.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "calls.h"

static atomic_long counts[CALLS];
static atomic_long flushes;
static atomic_long blocks, bytes;
static long least_blocks[2] = {LONG_MAX, LONG_MAX}, least_bytes[2] = {LONG_MAX, LONG_MAX};
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

// The C library's own heap, below the functions that stand in for it here.
void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);
void __libc_free(void *);

static void *came(void *block) {
  if (!block) return block;
  atomic_fetch_add_explicit(&blocks, 1, memory_order_relaxed);
  atomic_fetch_add_explicit(&bytes, malloc_usable_size(block), memory_order_relaxed);
  return block;
}

static void goes(void *block) {
  if (!block) return;
  atomic_fetch_sub_explicit(&blocks, 1, memory_order_relaxed);
  atomic_fetch_sub_explicit(&bytes, malloc_usable_size(block), memory_order_relaxed);
}

void *malloc(size_t size) { return came(__libc_malloc(size)); }
void *calloc(size_t count, size_t size) { return came(__libc_calloc(count, size)); }
void free(void *block) {
  goes(block);
  __libc_free(block);
}
void *realloc(void *block, size_t size) {
  goes(block);
  void *moved = __libc_realloc(block, size);
  came(!moved && size ? block : moved);  // where there was no room, the old block stays
  return moved;
}
void *memalign(size_t alignment, size_t size) { return came(__libc_memalign(alignment, size)); }
void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }
int posix_memalign(void **block, size_t alignment, size_t size) {
  if (alignment % sizeof(void *) || !alignment || alignment & (alignment - 1)) return EINVAL;
  void *found = memalign(alignment, size);
  if (!found) return ENOMEM;
  *block = found;
  return 0;
}

// Looks at the heap at a flush, if it is in the first or the last third of those that count.
static void look(long flush) {
  static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  long third = (until - after) / 3;
  int place = flush <= after + third ? 0 : flush > until - third ? 1 : -1;
  if (!until || flush < after || place < 0) return;
  pthread_mutex_lock(&lock);
  if (blocks < least_blocks[place]) least_blocks[place] = blocks;
  if (bytes < least_bytes[place]) least_bytes[place] = bytes;
  pthread_mutex_unlock(&lock);
}

static void count(int call) {
  atomic_store(&used, 1);
  if (atomic_load(&stopped)) return;
  atomic_fetch_add(&counts[call], 1);
  if (call != INDEX(clFlush)) return;
  long flush = atomic_fetch_add(&flushes, 1) + 1;
  look(flush);
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
  if (least_blocks[1] != LONG_MAX)
    fprintf(file, "heap_blocks=%ld\nheap_bytes=%ld\n", least_blocks[1] - least_blocks[0],
            least_bytes[1] - least_bytes[0]);
  fclose(file);
}
