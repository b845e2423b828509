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
#define PARAFLUX_ENTRY(name, Call) avx512::name,
    {"avx512", cpu_has_avx512, PARAFLUX_KERNELS(PARAFLUX_ENTRY)},
#undef PARAFLUX_ENTRY
#define PARAFLUX_ENTRY(name, Call) avx2::name,
    {"avx2", cpu_has_avx2, PARAFLUX_KERNELS(PARAFLUX_ENTRY)},
#undef PARAFLUX_ENTRY
#endif
#define PARAFLUX_ENTRY(name, Call) baseline::name,
    {"baseline", cpu_has_baseline, PARAFLUX_KERNELS(PARAFLUX_ENTRY)},
#undef PARAFLUX_ENTRY
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
