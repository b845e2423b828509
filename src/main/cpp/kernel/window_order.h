// The fixed order of window_residual.h, for both twins.
#pragma once

#include "kernel/address.h"
#include "kernel/parts.h"
#include "paraflux/window_residual.h"

namespace paraflux {
namespace {

constexpr int64_t kWindowTile = PARAFLUX_WINDOW_TILE;
constexpr int64_t kWindowLanes = PARAFLUX_WINDOW_LANES;
static_assert(kWindowTile == 8 * kWindowLanes, "both twins add eight elements a lane");

constexpr int64_t kAlignDoubles = 8;  // a cache line

// The next cache line that begins in memory of the CPU.
inline double* at_line(double* memory) {
  constexpr uintptr_t kLine = kAlignDoubles * sizeof(double);
  return reinterpret_cast<double*>((reinterpret_cast<uintptr_t>(memory) + kLine - 1) / kLine * kLine);
}

constexpr int64_t window_tiles(int64_t dim) { return parts_of(dim, kWindowTile); }

}  // namespace
}  // namespace paraflux
