#pragma once

#include <stdint.h>

#ifdef PARAFLUX_EMULATED
namespace emulation {
void must_be_for_device(const void* address);
}
#endif

#ifdef __CUDACC__
#define PARAFLUX_HOST_DEVICE __host__ __device__
#else
#define PARAFLUX_HOST_DEVICE
#endif

namespace paraflux {
namespace {

// Rows travel as integers (common.h).
template <typename T>
PARAFLUX_HOST_DEVICE inline T* pointer(int64_t address) {
  T* made = reinterpret_cast<T*>(static_cast<uintptr_t>(address));
#ifdef PARAFLUX_EMULATED
  emulation::must_be_for_device(made);
#endif
  return made;
}

inline int64_t address(const void* memory) { return static_cast<int64_t>(reinterpret_cast<uintptr_t>(memory)); }

}  // namespace
}  // namespace paraflux
