#pragma once

#include "paraflux/common.h"

#ifdef __cplusplus
extern "C" {
#endif

// Version of this interface, raised with every change of a signature, a struct or a meaning in this folder. The Java
// side compares it when it loads the library, and refuses another.
#define PARAFLUX_INTERFACE_VERSION 7
PARAFLUX_API int paraflux_interface_version(void);

// The instruction set the CPU kernels run with: "avx512", "avx2" or "baseline". The best one that this CPU has is
// chosen when the first kernel is called; the environment variable PARAFLUX_ISA names a lower one. A name that is
// unknown or that this CPU lacks leaves the choice as it is.
PARAFLUX_API const char* paraflux_isa(void);

// Runs the CPU kernels with the named instruction set from now on; 0, or 1 if it is unknown or this CPU lacks it (the
// choice is then left as it is). For tests and benchmarks: all instruction sets give the same bits. Not thread-safe
// against running kernels.
PARAFLUX_API int paraflux_use_isa(const char* name);

#ifdef __cplusplus
}
#endif
