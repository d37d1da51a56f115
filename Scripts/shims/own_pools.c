// LD_PRELOAD for Oclgrind: lets any thread call it.
//
// Its check for uninitialised values keeps a pool of memory for each thread, and makes it where a
// context is created or a kernel runs. A thread that does neither, but writes to a buffer, finds none
// and crashes. Here each thread that hands over commands first creates a context that nobody uses.
#define _GNU_SOURCE
#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>
#include <dlfcn.h>

static _Thread_local int has_pool;

static void make_pool(cl_command_queue queue) {
  if (has_pool) return;
  has_pool = 1;
  cl_device_id device;
  if (clGetCommandQueueInfo(queue, CL_QUEUE_DEVICE, sizeof device, &device, 0) == CL_SUCCESS)
    clCreateContext(0, 1, &device, 0, 0, 0);
}

#define PASS(name, parameters, arguments, queue)                       \
  cl_int name parameters {                                             \
    static cl_int(*next) parameters;                                   \
    make_pool(queue);                                                  \
    if (!next) *(void **)&next = dlsym(RTLD_NEXT, #name);              \
    return next arguments;                                             \
  }
