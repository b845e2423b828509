// The fixed order of window_residual.h, for both twins.
#pragma once

#include "kernel/parts.h"
#include "paraflux/window_residual.h"

namespace paraflux {
namespace {

constexpr int64_t kWindowTile = PARAFLUX_WINDOW_TILE;
constexpr int64_t kWindowLanes = PARAFLUX_WINDOW_LANES;
static_assert(kWindowTile == 8 * kWindowLanes, "both twins add eight elements a lane");

constexpr int64_t window_tiles(int64_t dim) { return parts_of(dim, kWindowTile); }

}  // namespace
}  // namespace paraflux
