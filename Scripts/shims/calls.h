// Every OpenCL call of gpuml: its name, its parameters and what it passes on.
// STATUS: the call returns its status. OBJECT: it returns an object and sets a status through its last parameter.
// RELEASE: as STATUS, but a made failure comes after the object has been released.
// ENQUEUE: as STATUS, and the call makes an event if it is given a place for one.
#define CL_TARGET_OPENCL_VERSION 120
#define CL_USE_DEPRECATED_OPENCL_1_2_APIS
#include <CL/cl.h>

typedef void (CL_CALLBACK *event_callback)(cl_event, cl_int, void *);
typedef void (CL_CALLBACK *build_callback)(cl_program, void *);
typedef void (CL_CALLBACK *context_callback)(const char *, const void *, size_t, void *);

#define WAITS cl_uint n, const cl_event *w, cl_event *e

#define EACH_CALL(STATUS, OBJECT, RELEASE, ENQUEUE)                                                 \
  STATUS(clGetPlatformIDs, (cl_uint c, cl_platform_id *p, cl_uint *n), (c, p, n))                   \
  STATUS(clGetPlatformInfo, (cl_platform_id p, cl_platform_info i, size_t s, void *v, size_t *r),   \
         (p, i, s, v, r))                                                                           \
  STATUS(clGetDeviceIDs,                                                                            \
         (cl_platform_id p, cl_device_type t, cl_uint c, cl_device_id *d, cl_uint *n),              \
         (p, t, c, d, n))                                                                           \
  STATUS(clGetDeviceInfo, (cl_device_id d, cl_device_info i, size_t s, void *v, size_t *r),         \
         (d, i, s, v, r))                                                                           \
  OBJECT(cl_context, clCreateContext,                                                               \
         (const cl_context_properties *p, cl_uint n, const cl_device_id *d, context_callback f,     \
          void *u, cl_int *status), (p, n, d, f, u, status))                                        \
  RELEASE(clReleaseContext, (cl_context c), (c))                                                    \
  OBJECT(cl_command_queue, clCreateCommandQueue,                                                    \
         (cl_context c, cl_device_id d, cl_command_queue_properties p, cl_int *status),             \
         (c, d, p, status))                                                                         \
  RELEASE(clReleaseCommandQueue, (cl_command_queue q), (q))                                         \
  OBJECT(cl_mem, clCreateBuffer,                                                                    \
         (cl_context c, cl_mem_flags f, size_t s, void *h, cl_int *status), (c, f, s, h, status))   \
  OBJECT(cl_mem, clCreateSubBuffer,                                                                 \
         (cl_mem m, cl_mem_flags f, cl_buffer_create_type t, const void *i, cl_int *status),        \
         (m, f, t, i, status))                                                                      \
  RELEASE(clReleaseMemObject, (cl_mem m), (m))                                                      \
  OBJECT(cl_program, clCreateProgramWithSource,                                                     \
         (cl_context c, cl_uint n, const char **s, const size_t *l, cl_int *status),                \
         (c, n, s, l, status))                                                                      \
  OBJECT(cl_program, clCreateProgramWithBinary,                                                     \
         (cl_context c, cl_uint n, const cl_device_id *d, const size_t *l,                          \
          const unsigned char **b, cl_int *s, cl_int *status), (c, n, d, l, b, s, status))          \
  STATUS(clBuildProgram,                                                                            \
         (cl_program p, cl_uint n, const cl_device_id *d, const char *o, build_callback f, void *u),\
         (p, n, d, o, f, u))                                                                        \
  STATUS(clGetProgramInfo, (cl_program p, cl_program_info i, size_t s, void *v, size_t *r),         \
         (p, i, s, v, r))                                                                           \
  STATUS(clGetProgramBuildInfo,                                                                     \
         (cl_program p, cl_device_id d, cl_program_build_info i, size_t s, void *v, size_t *r),     \
         (p, d, i, s, v, r))                                                                        \
  RELEASE(clReleaseProgram, (cl_program p), (p))                                                    \
  OBJECT(cl_kernel, clCreateKernel, (cl_program p, const char *s, cl_int *status), (p, s, status))  \
  STATUS(clSetKernelArg, (cl_kernel k, cl_uint i, size_t s, const void *v), (k, i, s, v))           \
  RELEASE(clReleaseKernel, (cl_kernel k), (k))                                                      \
  ENQUEUE(clEnqueueNDRangeKernel,                                                                    \
         (cl_command_queue q, cl_kernel k, cl_uint d, const size_t *o, const size_t *g,             \
          const size_t *l, WAITS), (q, k, d, o, g, l, n, w, e))                                     \
  ENQUEUE(clEnqueueWriteBuffer,                                                                      \
         (cl_command_queue q, cl_mem m, cl_bool b, size_t o, size_t s, const void *p, WAITS),       \
         (q, m, b, o, s, p, n, w, e))                                                               \
  ENQUEUE(clEnqueueReadBuffer,                                                                       \
         (cl_command_queue q, cl_mem m, cl_bool b, size_t o, size_t s, void *p, WAITS),             \
         (q, m, b, o, s, p, n, w, e))                                                               \
  ENQUEUE(clEnqueueFillBuffer,                                                                       \
         (cl_command_queue q, cl_mem m, const void *p, size_t ps, size_t o, size_t s, WAITS),       \
         (q, m, p, ps, o, s, n, w, e))                                                              \
  ENQUEUE(clEnqueueMarkerWithWaitList, (cl_command_queue q, WAITS), (q, n, w, e))                    \
  ENQUEUE(clEnqueueBarrierWithWaitList, (cl_command_queue q, WAITS), (q, n, w, e))                   \
  STATUS(clFlush, (cl_command_queue q), (q))                                                        \
  STATUS(clFinish, (cl_command_queue q), (q))                                                       \
  STATUS(clWaitForEvents, (cl_uint n, const cl_event *e), (n, e))                                   \
  STATUS(clGetEventInfo, (cl_event e, cl_event_info i, size_t s, void *v, size_t *r),               \
         (e, i, s, v, r))                                                                           \
  STATUS(clGetEventProfilingInfo, (cl_event e, cl_profiling_info i, size_t s, void *v, size_t *r),  \
         (e, i, s, v, r))                                                                           \
  STATUS(clSetEventCallback, (cl_event e, cl_int t, event_callback f, void *u), (e, t, f, u))       \
  RELEASE(clReleaseEvent, (cl_event e), (e))

// One number a call, by name: INDEX(clFlush).
#define INDEX(name) index_of_##name
#define STATUS_INDEX(name, parameters, arguments) INDEX(name),
#define OBJECT_INDEX(type, name, parameters, arguments) INDEX(name),
enum { EACH_CALL(STATUS_INDEX, OBJECT_INDEX, STATUS_INDEX, STATUS_INDEX) CALLS };

// The call behind the one that stands in for it.
#define REAL(name)                                             \
  static __typeof__(&name) real;                               \
  if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)
