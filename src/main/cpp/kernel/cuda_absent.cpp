// The twins of a library that was built without CUDA.
#include "paraflux/kernels.h"

extern "C" int paraflux_cuda_device_count(void) { return 0; }

extern "C" const char* paraflux_cuda_message(void) { return "built without CUDA"; }

#define PARAFLUX_ABSENT(name, Call) \
  extern "C" int paraflux_##name##_cuda(const Call*, int, void*) { return PARAFLUX_CUDA_NOT_BUILT; }
PARAFLUX_KERNELS(PARAFLUX_ABSENT)
#undef PARAFLUX_ABSENT

extern "C" int64_t paraflux_window_scratch_cuda(int64_t, int64_t) { return 0; }
