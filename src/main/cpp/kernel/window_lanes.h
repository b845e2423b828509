// The lanes of window_order.h in vectors. For files compiled once per instruction set (isa.h).
#pragma once

#include "kernel/vectors.h"
#include "kernel/window_order.h"

namespace paraflux {
namespace {

constexpr int kVectors = kWindowLanes / kWidth;  // that hold all lanes
constexpr int kSteps = kWindowTile / kWindowLanes;

inline double fold(const Doubles* lanes) {
  Doubles halves[kVectors / 2];
  for (int i = 0; i < kVectors / 2; ++i) {
    halves[i] = lanes[i] + lanes[i + kVectors / 2];
  }
  for (int half = kVectors / 4; half > 0; half /= 2) {
    for (int i = 0; i < half; ++i) {
      halves[i] += halves[i + half];
    }
  }
  return folded(halves[0]);
}

}  // namespace
}  // namespace paraflux
