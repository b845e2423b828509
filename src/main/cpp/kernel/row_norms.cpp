// Sums of squares on the CPU; compiled once per instruction set (isa.h).
#include "paraflux/row_norms.h"

#include "kernel/combination.h"
#include "kernel/isa.h"
#include "kernel/norms_order.h"

namespace paraflux::PARAFLUX_ISA_NAMESPACE {
namespace {

// The lanes' loads and stores fill the CPU's queues, so that by itself it sees too few cache lines ahead. On rows that
// come from memory this prefetch doubled the speed; it measured best 2 KiB ahead and spread over tiles of 64 lanes.
constexpr int64_t kAhead = 512;
constexpr int64_t kTile = 64;

// Adds `count` neighbouring lanes' next elements, beginning with element e.
template <int kTerms>
inline void add_squares(const Combination<kTerms>& combination, int64_t e, int64_t count, double* lanes) {
  for (int64_t l = 0; l < count; ++l) {
    const double value = combination.at(e + l);
    lanes[l] += value * value;
  }
}

double fold(double* lanes) {
  for (int half = kLanes / 2; half > 0; half /= 2) {
#pragma GCC ivdep
    for (int l = 0; l < half; ++l) {
      lanes[l] += lanes[l + half];
    }
  }
  return lanes[0];
}

template <int kTerms>
double chunk_sum(const Combination<kTerms>& combination, int64_t begin, int64_t end) {
  double lanes[kLanes] = {};
  int64_t e = begin;
  for (; e + kTile <= end; e += kTile) {
    combination.prefetch(e + kAhead, kTile);
    add_squares(combination, e, kTile, lanes + (e - begin) % kLanes);
  }
  add_squares(combination, e, end - e, lanes + (e - begin) % kLanes);
  return fold(lanes);
}

template <int kTerms>
double row_sum(int64_t dim, const int64_t* inputs, const double* coefficients) {
  const Combination<kTerms> combination(inputs, coefficients);
  double sum = 0;
  for (int64_t begin = 0; begin < dim; begin += kChunk) {
    sum += chunk_sum(combination, begin, dim - begin < kChunk ? dim : begin + kChunk);
  }
  return sum;
}

constexpr decltype(&row_sum<1>) kRowSum[PARAFLUX_MAX_TERMS] = {row_sum<1>, row_sum<2>, row_sum<3>, row_sum<4>,
                                                               row_sum<5>, row_sum<6>, row_sum<7>, row_sum<8>};

}  // namespace

int row_norms(int64_t rows, int64_t dim, const int32_t* terms, const int64_t* inputs, const double* coefficients,
              double* sums) {
  for (int64_t r = 0; r < rows; ++r) {
    const int64_t first = r * PARAFLUX_MAX_TERMS;
    sums[r] = kRowSum[terms[r] - 1](dim, inputs + first, coefficients + first);
  }
  return 0;
}

}  // namespace paraflux::PARAFLUX_ISA_NAMESPACE
