// The bits of a magnitude and the steps that find a value by them, for both twins of row_quantile.h.
#pragma once

#include <stdint.h>

#include "kernel/address.h"

namespace paraflux {
namespace {

constexpr uint32_t kMagnitude = 0x7FFFFFFF;
constexpr uint32_t kInfinity = 0x7F800000;  // NaNs are above
constexpr int kMostBits = 11;

// Bits of a magnitude that a step looks at, those above them known.
struct MagnitudeBits {
  int shift;
  int width;

  PARAFLUX_HOST_DEVICE constexpr uint32_t prefix(uint32_t magnitude) const { return magnitude >> (shift + width); }
  PARAFLUX_HOST_DEVICE constexpr uint32_t next(uint32_t magnitude) const {
    return magnitude >> shift & ((1U << width) - 1);
  }
};

constexpr int kSteps = 3;

PARAFLUX_HOST_DEVICE constexpr MagnitudeBits step(int s) { return {20 - 10 * s, s == 0 ? 11 : 10}; }

PARAFLUX_HOST_DEVICE inline float float_of(uint32_t bits) {
  union {
    uint32_t bits;
    float value;
  } both = {bits};
  return both.value;
}

}  // namespace
}  // namespace paraflux
