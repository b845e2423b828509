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

#ifdef __cplusplus
}
#endif
