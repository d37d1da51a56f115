// The OpenCL 1.2 interface: all that every driver gpuml supports offers.
#define CL_TARGET_OPENCL_VERSION 120
#define CL_USE_DEPRECATED_OPENCL_1_2_APIS
#include <CL/cl.h>

// Tells the processor that a thread waits by asking again and again.
static inline void gpuml_spin_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__) || defined(__arm__)
  __asm__ volatile("yield");
#endif
}

// What gpuml uses of cl_khr_command_buffer 0.9 and of cl_khr_extended_versioning; installed headers may
// lack them or declare another version.
typedef struct gpuml_name_version {
  cl_uint version;
  char name[64];
} gpuml_name_version;
enum { gpuml_device_extensions_with_version = 0x1060 };

typedef struct gpuml_command_buffer_object *gpuml_command_buffer;
typedef gpuml_command_buffer(CL_API_CALL *gpuml_create_command_buffer)(
    cl_uint queue_count, const cl_command_queue *queues, const cl_ulong *properties, cl_int *status);
typedef cl_int(CL_API_CALL *gpuml_command_kernel)(
    gpuml_command_buffer buffer, cl_command_queue queue, const cl_ulong *properties, cl_kernel kernel,
    cl_uint dimensions, const size_t *offset, const size_t *global, const size_t *local,
    cl_uint wait_count, const cl_uint *waits, cl_uint *point, void **handle);
typedef cl_int(CL_API_CALL *gpuml_finalize_command_buffer)(gpuml_command_buffer buffer);
typedef cl_int(CL_API_CALL *gpuml_release_command_buffer)(gpuml_command_buffer buffer);
typedef cl_int(CL_API_CALL *gpuml_enqueue_command_buffer)(
    cl_uint queue_count, cl_command_queue *queues, gpuml_command_buffer buffer, cl_uint wait_count,
    const cl_event *waits, cl_event *event);
