// The fixed order of row_program.h, for both twins.
#pragma once

#include "kernel/parts.h"

namespace paraflux {
namespace {

constexpr int64_t kChunk = 4096;
constexpr int kLanes = 256;

constexpr int64_t chunks_of(int64_t dim) { return parts_of(dim, kChunk); }

}  // namespace
}  // namespace paraflux
