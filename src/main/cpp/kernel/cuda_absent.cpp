// The twins of a library that was built without CUDA.
#include "paraflux/library.h"
#include "paraflux/row_change.h"
#include "paraflux/row_copy.h"
#include "paraflux/row_gram.h"
#include "paraflux/row_norms.h"
#include "paraflux/row_update.h"
#include "paraflux/window_residual.h"

extern "C" int paraflux_cuda_device_count(void) { return 0; }

extern "C" const char* paraflux_cuda_message(void) { return "built without CUDA"; }

extern "C" int paraflux_row_update_cuda(int64_t, int64_t, const int64_t*, const int32_t*, const int64_t*, const double*,
                                        void*) {
  return PARAFLUX_CUDA_NOT_BUILT;
}

extern "C" int paraflux_row_norms_cuda(int64_t, int64_t, const int32_t*, const int64_t*, const double*, double*,
                                       double*, void*) {
  return PARAFLUX_CUDA_NOT_BUILT;
}

extern "C" int paraflux_row_change_cuda(int64_t, int64_t, const int64_t*, const int32_t*, const int64_t*, const double*,
                                        const int64_t*, float, float, double*, double*, void*) {
  return PARAFLUX_CUDA_NOT_BUILT;
}

extern "C" int paraflux_row_gram_cuda(int64_t, int32_t, int64_t, const int32_t*, const int64_t*, const double*, double*,
                                      double*, void*) {
  return PARAFLUX_CUDA_NOT_BUILT;
}

extern "C" int paraflux_row_copy_cuda(int64_t, int64_t, const int64_t*, const int64_t*, void*) {
  return PARAFLUX_CUDA_NOT_BUILT;
}

extern "C" int paraflux_window_residual_cuda(int64_t, int64_t, const int32_t*, const int64_t*, const double*,
                                             const int64_t*, const int32_t*, const double*, const int32_t*,
                                             const double*, const int64_t*, const int64_t*, int32_t, const int64_t*,
                                             double*, double*, double*, void*) {
  return PARAFLUX_CUDA_NOT_BUILT;
}

extern "C" int64_t paraflux_window_scratch_cuda(int64_t, int64_t) { return 0; }
