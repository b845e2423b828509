#include "paraflux/blas_threads.h"

#include <dlfcn.h>
#include <stdlib.h>

namespace {

// A function of the OpenBLAS that is loaded already; none is loaded for the question's sake.
void* openblas_function(const char* name) {
  void* library = dlopen("libopenblas.so.0", RTLD_LAZY | RTLD_NOLOAD);
  if (library == nullptr) {
    return nullptr;
  }
  void* function = dlsym(library, name);
  dlclose(library);  // gives back this question's reference; libtorch keeps its own
  return function;
}

}  // namespace

extern "C" int paraflux_set_openblas_threads(int threads) {
  void* function = openblas_function("openblas_set_num_threads");
  if (function == nullptr) {
    return 1;
  }
  reinterpret_cast<void (*)(int)>(function)(threads);
  return 0;
}

extern "C" int paraflux_openblas_threads(void) {
  void* function = openblas_function("openblas_get_num_threads");
  return function == nullptr ? 0 : reinterpret_cast<int (*)()>(function)();
}

extern "C" void paraflux_wait_passively(void) {
  if (getenv("OMP_WAIT_POLICY") == nullptr && getenv("GOMP_SPINCOUNT") == nullptr) {
    setenv("OMP_WAIT_POLICY", "passive", 0);
    setenv("GOMP_SPINCOUNT", "1000", 0);
  }
}
