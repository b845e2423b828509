// The twins of a library that was built without CUDA, and its devices, of which there are none.
#include "paraflux/kernels.h"

namespace {

constexpr const char* kWhy = "built without CUDA";

}  // namespace

extern "C" int paraflux_cuda_device_count(void) { return 0; }
extern "C" const char* paraflux_cuda_message(void) { return kWhy; }
extern "C" const char* paraflux_cuda_device_name(int) { return ""; }
extern "C" const char* paraflux_cuda_device_refusal(int) { return kWhy; }
extern "C" const char* paraflux_cuda_words(int) { return kWhy; }

extern "C" int paraflux_cuda_device_facts(int, int64_t*) { return PARAFLUX_CUDA_NOT_BUILT; }
extern "C" int paraflux_cuda_allocate(int, int64_t, int64_t*) { return PARAFLUX_CUDA_NOT_BUILT; }
extern "C" int paraflux_cuda_free(int, int64_t) { return PARAFLUX_CUDA_NOT_BUILT; }
extern "C" int paraflux_cuda_allocate_host(int, int64_t, int64_t*) { return PARAFLUX_CUDA_NOT_BUILT; }
extern "C" int paraflux_cuda_free_host(int, int64_t) { return PARAFLUX_CUDA_NOT_BUILT; }
extern "C" int paraflux_cuda_open_stream(int, int64_t*) { return PARAFLUX_CUDA_NOT_BUILT; }
extern "C" int paraflux_cuda_close_stream(int, int64_t) { return PARAFLUX_CUDA_NOT_BUILT; }
extern "C" int paraflux_cuda_wait(int, int64_t) { return PARAFLUX_CUDA_NOT_BUILT; }
extern "C" int paraflux_cuda_follow(int, int64_t, int, int64_t) { return PARAFLUX_CUDA_NOT_BUILT; }
extern "C" int paraflux_cuda_can_connect(int, int) { return 0; }
extern "C" int paraflux_cuda_connect(int, int) { return PARAFLUX_CUDA_NOT_BUILT; }
extern "C" int paraflux_cuda_copy(int, int64_t, int64_t, int64_t, int64_t) { return PARAFLUX_CUDA_NOT_BUILT; }
extern "C" int paraflux_cuda_fill(int, int64_t, int, int64_t, int64_t) { return PARAFLUX_CUDA_NOT_BUILT; }

extern "C" int paraflux_cuda_begin_capture(int, int64_t) { return PARAFLUX_CUDA_NOT_BUILT; }

extern "C" int paraflux_cuda_end_capture(int, int64_t, int64_t*) { return PARAFLUX_CUDA_NOT_BUILT; }

extern "C" int paraflux_cuda_launch_graph(int, int64_t, int64_t) { return PARAFLUX_CUDA_NOT_BUILT; }

extern "C" int paraflux_cuda_free_graph(int, int64_t) { return PARAFLUX_CUDA_NOT_BUILT; }
extern "C" int paraflux_cuda_wait_for_all(int) { return PARAFLUX_CUDA_NOT_BUILT; }

#define PARAFLUX_ABSENT(name, Call) \
  extern "C" int paraflux_##name##_cuda(const Call*, int, void*) { return PARAFLUX_CUDA_NOT_BUILT; }
PARAFLUX_KERNELS(PARAFLUX_ABSENT)
#undef PARAFLUX_ABSENT

extern "C" int64_t paraflux_window_scratch_cuda(int64_t, int64_t, int64_t) { return 0; }
