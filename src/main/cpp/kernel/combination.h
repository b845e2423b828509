#pragma once

#include "kernel/address.h"
#include "paraflux/common.h"

namespace paraflux {
namespace {

// Asks for elements e .. e + count - 1 ahead of their use. An address past the end of a row does no harm. Inlined by
// force, because GCC drops calls of a function that does nothing but prefetch.
__attribute__((always_inline)) inline void prefetch_row(const float* row, int64_t e, int64_t count) {
  constexpr int64_t kFloatsInCacheLine = 16;
  const uintptr_t begin = reinterpret_cast<uintptr_t>(row);
  for (int64_t i = e; i < e + count; i += kFloatsInCacheLine) {
    __builtin_prefetch(reinterpret_cast<const void*>(begin + static_cast<uintptr_t>(i) * sizeof(float)));
  }
}

// One row's linear combination, the number of terms known to the compiler. The sum begins with the first product.
template <int kTerms>
struct Combination {
  const float* inputs[kTerms];
  double coefficients[kTerms];

  explicit Combination(const ParafluxTerm* terms) {
    for (int k = 0; k < kTerms; ++k) {
      inputs[k] = pointer<const float>(terms[k].input);
      coefficients[k] = terms[k].coefficient;
    }
  }

  double at(int64_t e) const {
    double sum = coefficients[0] * static_cast<double>(inputs[0][e]);
    for (int k = 1; k < kTerms; ++k) {
      sum += coefficients[k] * static_cast<double>(inputs[k][e]);
    }
    return sum;
  }

  __attribute__((always_inline)) void prefetch(int64_t e, int64_t count) const {
    for (int k = 0; k < kTerms; ++k) {
      prefetch_row(inputs[k], e, count);
    }
  }
};

}  // namespace
}  // namespace paraflux
