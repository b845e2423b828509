// Sums over a row in the order of row_program.h, on the CPU; for files compiled once per instruction set (isa.h).
#pragma once

#include "kernel/sums_order.h"

namespace paraflux {
namespace {

// The lanes' loads and stores fill the CPU's queues, so that by itself it sees too few cache lines ahead. On rows that
// come from memory this prefetch doubled the speed of the norms, where it measured best 2 KiB ahead and spread over
// tiles of 64 lanes; of row_change it took a tenth off on rows that the last cache holds.
constexpr int64_t kAhead = 512;
constexpr int64_t kTile = 64;

inline double fold(double* lanes) {
  for (int half = kLanes / 2; half > 0; half /= 2) {
#pragma GCC ivdep
    for (int l = 0; l < half; ++l) {
      lanes[l] += lanes[l + half];
    }
  }
  return lanes[0];
}

// Summands have two functions: add(e, count, lanes) adds elements e .. e + count - 1 to as many neighbouring lanes, and
// prefetch(e, count) asks for what that will read.
template <typename Summands>
inline double chunk_sum(const Summands& summands, int64_t begin, int64_t end) {
  double lanes[kLanes] = {};
  int64_t e = begin;
  for (; e + kTile <= end; e += kTile) {
    summands.prefetch(e + kAhead, kTile);
    summands.add(e, kTile, lanes + (e - begin) % kLanes);
  }
  summands.add(e, end - e, lanes + (e - begin) % kLanes);
  return fold(lanes);
}

template <typename Summands>
inline double row_sum(const Summands& summands, int64_t dim) {
  double sum = 0;
  for (int64_t begin = 0; begin < dim; begin += kChunk) {
    sum += chunk_sum(summands, begin, dim - begin < kChunk ? dim : begin + kChunk);
  }
  return sum;
}

}  // namespace
}  // namespace paraflux
