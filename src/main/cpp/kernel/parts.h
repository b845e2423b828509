// How many parts of a size hold a row: its chunks, tiles or blocks.
#pragma once

#include <stdint.h>

namespace paraflux {
namespace {

constexpr int64_t parts_of(int64_t dim, int64_t size) { return dim / size + (dim % size != 0); }

}  // namespace
}  // namespace paraflux
