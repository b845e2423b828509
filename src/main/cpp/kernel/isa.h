// The CPU kernels of kernels.h are compiled once per instruction set, each time into a namespace of that name. Such
// code must have no symbol in common with another file, for the linker keeps any one copy of an inline function,
// perhaps the one this CPU cannot run: no standard library there, and helpers live in anonymous namespaces.
#pragma once

#include "paraflux/kernels.h"

namespace paraflux {

#define PARAFLUX_DECLARE(name, Call) int name(const Call* call);
namespace baseline {
PARAFLUX_KERNELS(PARAFLUX_DECLARE)
}
namespace avx2 {
PARAFLUX_KERNELS(PARAFLUX_DECLARE)
}
namespace avx512 {
PARAFLUX_KERNELS(PARAFLUX_DECLARE)
}
#undef PARAFLUX_DECLARE

struct CpuKernels {
  const char* isa;
  bool (*cpu_has_it)();
#define PARAFLUX_MEMBER(name, Call) int (*name)(const Call* call);
  PARAFLUX_KERNELS(PARAFLUX_MEMBER)
#undef PARAFLUX_MEMBER
};

// The kernels in use; the first call chooses them.
const CpuKernels& cpu_kernels();

}  // namespace paraflux
