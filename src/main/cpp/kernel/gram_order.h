// The fixed order of row_gram.h, for both twins.
#pragma once

#include "kernel/address.h"
#include "kernel/parts.h"

namespace paraflux {
namespace {

constexpr int64_t kGramChunk = 1024;
constexpr int kGramLanes = 8;

constexpr int64_t gram_chunks(int64_t dim) { return parts_of(dim, kGramChunk); }

PARAFLUX_HOST_DEVICE constexpr int gram_pairs(int size) { return size * (size + 1) / 2; }

}  // namespace
}  // namespace paraflux
