#pragma once

#include "paraflux/common.h"

#ifdef __cplusplus
extern "C" {
#endif

// What models that are compiled to shared libraries need of the process that loads them. Libraries are named as a
// loader names them ("libm.so.6"), or by the path that they were loaded from.

// Has such models (AOTInductor's) check the shapes and types of their inputs: without it they read what they are given
// as what they were compiled for. It sets an environment variable: to be called before the first of them is loaded.
PARAFLUX_API void paraflux_check_compiled_inputs(void);

// Whether a library, or one that it depends on, has a symbol: 0 if so; 1 if not; 2 if the library cannot be loaded. A
// library that is not loaded yet is, and stays so.
PARAFLUX_API int paraflux_find_symbol(const char* library, const char* symbol);

// Whether libstdc++'s std::cerr takes what is written to it (1, as it begins), or not (0). Compiled models write the
// reason of every refusal there, also where somebody only asks. For the whole process; 0, or 1 where no libstdc++ is
// loaded.
PARAFLUX_API int paraflux_set_cerr(int takes);

// What a loaded model said when it refused this thread's last call; null if it keeps no such words. Theirs, until this
// thread's next call of it.
PARAFLUX_API const char* paraflux_compiled_error(const char* library);

#ifdef __cplusplus
}
#endif
