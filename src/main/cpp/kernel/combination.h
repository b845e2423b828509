#pragma once

#include "kernel/address.h"
#include "kernel/prefetch.h"
#include "paraflux/common.h"

namespace paraflux {
namespace {

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
      paraflux::prefetch(address(inputs[k]), e, count);
    }
  }
};

}  // namespace
}  // namespace paraflux
