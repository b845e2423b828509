#include "paraflux/library.h"

#include <stdlib.h>
#include <string.h>

#include "kernel/isa.h"

namespace paraflux {
namespace {

#ifdef PARAFLUX_X86
bool cpu_has_avx512() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}
bool cpu_has_avx2() { return __builtin_cpu_supports("avx2"); }
#endif
bool cpu_has_baseline() { return true; }

// Best first.
constexpr CpuKernels kIsas[] = {
#ifdef PARAFLUX_X86
    {"avx512", cpu_has_avx512, avx512::row_update, avx512::row_norms, avx512::row_change, avx512::row_gram,
     avx512::window_residual},
    {"avx2", cpu_has_avx2, avx2::row_update, avx2::row_norms, avx2::row_change, avx2::row_gram, avx2::window_residual},
#endif
    {"baseline", cpu_has_baseline, baseline::row_update, baseline::row_norms, baseline::row_change, baseline::row_gram,
     baseline::window_residual},
};

const CpuKernels* in_use = nullptr;

// The best that this CPU has and that bears the name, if one is given.
const CpuKernels* find(const char* name) {
  for (const CpuKernels& kernels : kIsas) {
    if ((name == nullptr || strcmp(name, kernels.isa) == 0) && kernels.cpu_has_it()) {
      return &kernels;
    }
  }
  return nullptr;
}

}  // namespace

const CpuKernels& cpu_kernels() {
  const CpuKernels* kernels = __atomic_load_n(&in_use, __ATOMIC_ACQUIRE);
  if (kernels == nullptr) {
    const char* wish = getenv("PARAFLUX_ISA");
    const CpuKernels* wished = wish == nullptr ? nullptr : find(wish);
    kernels = wished == nullptr ? find(nullptr) : wished;
    // Threads that meet here choose alike.
    __atomic_store_n(&in_use, kernels, __ATOMIC_RELEASE);
  }
  return *kernels;
}

}  // namespace paraflux

extern "C" int paraflux_interface_version(void) { return PARAFLUX_INTERFACE_VERSION; }

extern "C" const char* paraflux_isa(void) { return paraflux::cpu_kernels().isa; }

extern "C" int paraflux_use_isa(const char* name) {
  const paraflux::CpuKernels* kernels = name == nullptr ? nullptr : paraflux::find(name);
  if (kernels == nullptr) {
    return 1;
  }
  __atomic_store_n(&paraflux::in_use, kernels, __ATOMIC_RELEASE);
  return 0;
}
