// What the CUDA twins share. Tables travel inside the launch, as the kernel's parameter: no copy to the device, no
// synchronisation, and the caller's table has been read when the launch returns. Longer tables take several launches.
#pragma once

#include <cuda_runtime.h>
#include <stdint.h>

#include "kernel/address.h"
#include "paraflux/common.h"

namespace paraflux {
namespace {

// Kernel parameters hold 4 KiB; since CUDA 12.1, 32 KiB, of which half keeps launches cheap.
#if CUDART_VERSION >= 12010
constexpr int64_t kTableBytes = 16000;
#else
constexpr int64_t kTableBytes = 4000;
#endif

constexpr int kThreads = 256;

inline unsigned blocks_for(int64_t threads) { return static_cast<unsigned>((threads + kThreads - 1) / kThreads); }

inline bool is_aligned(int64_t address) { return address % static_cast<int64_t>(sizeof(float4)) == 0; }

// Rows `first` and on, as many as one launch takes, of the table that row_update and row_norms share.
struct TermsTable {
  static constexpr int64_t kRows = kTableBytes / (PARAFLUX_MAX_TERMS * 16 + 16);

  int64_t out[kRows];
  int64_t inputs[kRows][PARAFLUX_MAX_TERMS];
  double coefficients[kRows][PARAFLUX_MAX_TERMS];
  int32_t terms[kRows];
};

// Copies the rows' terms into a table that has such members; true if all inputs are aligned for float4.
template <typename Table>
inline bool fill_terms(Table& table, int64_t first, int64_t rows, const int32_t* terms, const int64_t* inputs,
                       const double* coefficients) {
  bool aligned = true;
  for (int64_t r = 0; r < rows; ++r) {
    table.terms[r] = terms[first + r];
    for (int k = 0; k < table.terms[r]; ++k) {
      const int64_t entry = (first + r) * PARAFLUX_MAX_TERMS + k;
      table.inputs[r][k] = inputs[entry];
      table.coefficients[r][k] = coefficients[entry];
      aligned = aligned && is_aligned(inputs[entry]);
    }
  }
  return aligned;
}

// The intrinsics are never fused into a multiply-add, whatever the compiler's flags.
__device__ inline double plus_product(double sum, double coefficient, float value) {
  return __dadd_rn(sum, __dmul_rn(coefficient, static_cast<double>(value)));
}

}  // namespace
}  // namespace paraflux
