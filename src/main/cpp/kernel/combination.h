#pragma once

#include "kernel/address.h"

namespace paraflux {
namespace {

// One row's linear combination, the number of terms known to the compiler. The sum begins with the first product.
template <int kTerms>
struct Combination {
  const float* inputs[kTerms];
  double coefficients[kTerms];

  Combination(const int64_t* addresses, const double* row_coefficients) {
    for (int k = 0; k < kTerms; ++k) {
      inputs[k] = pointer<const float>(addresses[k]);
      coefficients[k] = row_coefficients[k];
    }
  }

  double at(int64_t e) const {
    double sum = coefficients[0] * static_cast<double>(inputs[0][e]);
    for (int k = 1; k < kTerms; ++k) {
      sum += coefficients[k] * static_cast<double>(inputs[k][e]);
    }
    return sum;
  }

  // Asks for elements e .. e + count - 1 ahead of their use. An address past the end of a row does no harm.
  void prefetch(int64_t e, int64_t count) const {
    constexpr int64_t kFloatsInCacheLine = 16;
    for (int k = 0; k < kTerms; ++k) {
      const uintptr_t row = reinterpret_cast<uintptr_t>(inputs[k]);
      for (int64_t i = e; i < e + count; i += kFloatsInCacheLine) {
        __builtin_prefetch(reinterpret_cast<const void*>(row + static_cast<uintptr_t>(i) * sizeof(float)));
      }
    }
  }
};

}  // namespace
}  // namespace paraflux
