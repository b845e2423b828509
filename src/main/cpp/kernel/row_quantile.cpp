// Quantiles of magnitudes on the CPU; compiled once per instruction set (isa.h). The bits of magnitudes, read as whole
// numbers, rise as they do, so that the value of a rank is found bit by bit: three counts of the row, no memory.
#include "paraflux/row_quantile.h"

#include <string.h>

#include "kernel/address.h"
#include "kernel/isa.h"
#include "kernel/quantile_bits.h"

namespace paraflux::PARAFLUX_ISA_NAMESPACE {
namespace {

// Counts, by their next bits, the magnitudes whose bits above these are the prefix's.
void count(const uint32_t* row, int64_t dim, const MagnitudeBits& bits, uint32_t prefix, int64_t* counts) {
  memset(counts, 0, sizeof(int64_t) << kMostBits);
  for (int64_t e = 0; e < dim; ++e) {
    const uint32_t magnitude = row[e] & kMagnitude;
    if (bits.prefix(magnitude) == prefix) {
      ++counts[bits.next(magnitude)];
    }
  }
}

double quantile(const uint32_t* row, int64_t dim, double share) {
  const double rank = share * static_cast<double>(dim - 1);
  const int64_t below = static_cast<int64_t>(rank);
  int64_t counts[1 << kMostBits];
  uint32_t largest = 0;
  for (int64_t e = 0; e < dim; ++e) {
    const uint32_t magnitude = row[e] & kMagnitude;
    largest = magnitude > largest ? magnitude : largest;
  }
  if (largest > kInfinity) {
    return __builtin_nan("");
  }
  uint32_t value = 0;
  int64_t rank_left = below, equal = 0;
  for (int s = 0; s < kSteps; ++s) {
    const MagnitudeBits bits = step(s);
    count(row, dim, bits, value, counts);
    uint32_t next = 0;
    while (rank_left >= counts[next]) {
      rank_left -= counts[next++];
    }
    value = value << bits.width | next;
    equal = counts[next];
  }
  const double found = static_cast<double>(float_of(value));
  if (static_cast<double>(below) == rank) {
    return found;
  }
  uint32_t above = value;
  if (rank_left + 1 >= equal) {  // the next one in order is larger
    above = kMagnitude;
    for (int64_t e = 0; e < dim; ++e) {
      const uint32_t magnitude = row[e] & kMagnitude;
      above = magnitude > value && magnitude < above ? magnitude : above;
    }
  }
  return found + (rank - static_cast<double>(below)) * (static_cast<double>(float_of(above)) - found);
}

}  // namespace

int row_quantile(const ParafluxRowQuantile* call) {
  for (int64_t q = 0; q < call->count; ++q) {
    const ParafluxQuantile& asked = call->quantiles[q];
    call->values[q] = quantile(pointer<const uint32_t>(asked.row), call->dim, asked.share);
  }
  return 0;
}

}  // namespace paraflux::PARAFLUX_ISA_NAMESPACE
