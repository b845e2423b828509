#pragma once

#include "paraflux/common.h"

#ifdef __cplusplus
extern "C" {
#endif

// The thread pool of the OpenBLAS that libtorch calls. libtorch's own thread count does not reach it, and the Java
// binding of OpenBLAS may find another copy of the library; this asks for the loaded one by its name, libopenblas.so.0.

// Sets the number of threads, >= 1; 0, or 1 where no such OpenBLAS is loaded.
PARAFLUX_API int paraflux_set_openblas_threads(int threads);

// The number of threads; 0 where no such OpenBLAS is loaded.
PARAFLUX_API int paraflux_openblas_threads(void);

// Asks OpenMP runtimes that are loaded from now on to let their threads spin for microseconds only while they wait,
// then sleep, unless the environment has a wish of its own (OMP_WAIT_POLICY, GOMP_SPINCOUNT). Threads that spin for
// long make a model call many times slower where they share their cores; threads that sleep at once make it slower
// where they do not. It sets environment variables: to be called before other threads read the environment.
PARAFLUX_API void paraflux_wait_passively(void);

#ifdef __cplusplus
}
#endif
