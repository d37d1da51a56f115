// thread_pools: lets every thread call Oclgrind, as OpenCL allows.
//
// build  cc -O2 -shared -fPIC -o thread_pools.so thread_pools.c -ldl   (or Scripts/shims/build FOLDER)
// use    oclgrind … bash -c 'LD_PRELOAD=FOLDER/thread_pools.so:$LD_PRELOAD exec "$@"' bash COMMAND
//
// Oclgrind's check for uninitialised values (21.10) keeps a pool of memory for each thread, which it makes
// where a context is created. A buffer that another thread writes to finds none, and the process
// crashes. Swift's tasks change threads: here each makes its pool before its first call. Where Oclgrind
// has no such pool, nothing is done.
#define _GNU_SOURCE
#include <dlfcn.h>

#include "calls.h"

static _Thread_local int has_pool;

static void make_pool(void) {
  if (has_pool) return;
  has_pool = 1;
  // ShadowContext::createMemoryPool(), which touches only what belongs to the thread.
  void (*create)(void *) =
      (void (*)(void *))dlsym(RTLD_DEFAULT, "_ZN8oclgrind13ShadowContext16createMemoryPoolEv");
  char nothing[4096] = {0};
  if (create) create(nothing);
}

#define STATUS(name, parameters, arguments) \
  cl_int name parameters {                  \
    REAL(name);                             \
    make_pool();                            \
    return real arguments;                  \
  }
#define OBJECT(type, name, parameters, arguments) \
  type name parameters {                          \
    REAL(name);                                   \
    make_pool();                                  \
    return real arguments;                        \
  }
EACH_CALL(STATUS, OBJECT, STATUS, STATUS)
