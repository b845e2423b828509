// What debug assertions ask of a call (common.h: nothing else checks it).
#pragma once

#include "kernel/program_rows.h"
#include "paraflux/kernels.h"

namespace paraflux {
namespace {

[[maybe_unused]] inline bool is_legal(const ParafluxCombination& combination) {
  return combination.terms >= 1 && combination.terms <= PARAFLUX_MAX_TERMS;
}

[[maybe_unused]] inline bool is_legal(const ParafluxRow& row) {
  const int sums = asks(row, PARAFLUX_ROW_SQUARES) + asks(row, PARAFLUX_ROW_TOTAL) + asks(row, PARAFLUX_ROW_COMPARE);
  const int64_t for_stored = PARAFLUX_ROW_COMPARE | PARAFLUX_ROW_BLEND | PARAFLUX_ROW_CLAMP | PARAFLUX_ROW_COPY;
  return terms_of(row) >= 1 && terms_of(row) <= PARAFLUX_MAX_TERMS && sums <= 1 &&
         (asks(row, PARAFLUX_ROW_STORE) || (sums == 1 && !asks(row, for_stored))) &&
         !(asks(row, PARAFLUX_ROW_BLEND) && asks(row, PARAFLUX_ROW_CLAMP)) &&
         (!asks(row, PARAFLUX_ROW_COPY) || row.kind == (PARAFLUX_ROW_COPY | PARAFLUX_ROW_STORE | 1)) &&
         (!asks(row, PARAFLUX_ROW_COMPARE) || row.seen_low <= row.seen_high) &&
         (!asks(row, PARAFLUX_ROW_CLAMP) || (row.low <= row.high && row.divisor > 0));
}

[[maybe_unused]] inline bool is_legal(const ParafluxRowProgram& call) {
  const ParafluxRow* row = first_row(call);
  for (int64_t r = 0; r < call.rows; ++r, row = next_row(row)) {
    if (!is_legal(*row)) {
      return false;
    }
  }
  return call.rows >= 0 && call.dim >= 1;
}

[[maybe_unused]] inline bool is_legal(const ParafluxRowGram& call) {
  if (call.groups < 0 || call.size < 1 || call.size > PARAFLUX_MAX_GRAM || call.dim < 1) {
    return false;
  }
  for (int64_t r = 0; r < call.groups * call.size; ++r) {
    if (!is_legal(call.rows[r])) {
      return false;
    }
  }
  return true;
}

[[maybe_unused]] inline bool is_legal(const ParafluxRowQuantile& call) {
  for (int64_t q = 0; q < call.count; ++q) {
    if (!(call.quantiles[q].share >= 0 && call.quantiles[q].share <= 1)) {
      return false;
    }
  }
  return call.count >= 0 && call.dim >= 1;
}

// Of a window: the first and the last are nodes.
[[maybe_unused]] inline bool is_legal(const ParafluxEstimate* estimates, int64_t count) {
  return count == 0 || (count > 0 && estimates[0].output != 0 && estimates[count - 1].output != 0);
}

[[maybe_unused]] inline bool names_estimates(const ParafluxCombination& combination, int64_t count) {
  for (int64_t k = 0; k < combination.terms; ++k) {
    if (combination.term[k].input < -count) {
      return false;
    }
  }
  return true;
}

// Rows name rows of their window before them only.
[[maybe_unused]] inline bool is_legal(const ParafluxWindows& call) {
  const ParafluxWindowRow* row = call.rows;
  const ParafluxEstimate* estimates = call.estimates;
  for (int64_t w = 0; w < call.count; ++w) {
    if (call.windows[w].rows < 0 || call.windows[w].history < 0 || call.windows[w].history > PARAFLUX_MAX_HISTORY) {
      return false;
    }
    const int64_t count = call.windows[w].estimates;
    if (!is_legal(estimates, count) || (count > 0 && call.windows[w].rows == 0)) {
      return false;
    }
    estimates += count;
    for (int64_t i = 0; i < call.windows[w].rows; ++i, ++row) {
      if (!is_legal(row->right) || !names_estimates(row->right, count) || row->parent < -1 || row->parent >= i ||
          row->drop < -1 || row->drop >= i) {
        return false;
      }
    }
  }
  return call.count >= 0 && call.dim >= 1;
}

}  // namespace
}  // namespace paraflux
