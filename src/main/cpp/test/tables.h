// The kernels' tables, made of what tests write: places become addresses in a block that begins at `base`.
#pragma once

#include "paraflux/kernels.h"
#include "test/program.h"
#include "test/windows.h"

// A place that nobody may use gets an address that nobody may read.
inline int64_t address_of(int64_t place, int64_t base) {
  return is_estimate(place) ? -1 - estimate_at(place)
         : place == kNoRow  ? 0
         : place < 0        ? 4
                            : base + place * static_cast<int64_t>(sizeof(float));
}

inline std::vector<int64_t> words_of(const Program& program, int64_t base) {
  std::vector<int64_t> words;
  for (const ProgramRow& row : program) {
    ParafluxRow made;
    made.kind = row.kind | static_cast<int64_t>(row.inputs.size());
    made.out = address_of(row.out, base);
    made.before = address_of(row.before, base);
    made.seen_low = row.seen_low;
    made.seen_high = row.seen_high;
    made.mask = address_of(row.mask, base);
    made.known = address_of(row.known, base);
    made.low = row.low;
    made.high = row.high;
    made.divisor = row.divisor;
    const size_t at = words.size();
    words.resize(at + PARAFLUX_ROW_WORDS + row.inputs.size() * PARAFLUX_TERM_WORDS);
    std::memcpy(&words[at], &made, sizeof made);
    for (size_t k = 0; k < row.inputs.size(); ++k) {
      const ParafluxTerm term = {address_of(row.inputs[k], base), row.coefficients[k]};
      std::memcpy(&words[at + PARAFLUX_ROW_WORDS + k * PARAFLUX_TERM_WORDS], &term, sizeof term);
    }
  }
  return words;
}

// Entries past the terms are poisoned.
inline ParafluxCombination combination_of(const Terms& terms, size_t row, int64_t base) {
  ParafluxCombination made;
  made.terms = terms.counts[row];
  for (size_t k = 0; k < PARAFLUX_MAX_TERMS; ++k) {
    const size_t entry = row * PARAFLUX_MAX_TERMS + k;
    made.term[k] = {address_of(terms.inputs[entry], base), terms.coefficients[entry]};
  }
  return made;
}

inline std::vector<ParafluxCombination> combinations_of(const Terms& terms, int64_t base) {
  std::vector<ParafluxCombination> made;
  for (size_t r = 0; r < terms.counts.size(); ++r) {
    made.push_back(combination_of(terms, r, base));
  }
  return made;
}

struct WindowTables {
  std::vector<ParafluxWindow> windows;
  std::vector<ParafluxWindowRow> rows;
  std::vector<ParafluxEstimate> estimates;
  int64_t longest = 0, most_estimates = 0;

  WindowSums sums() const {
    return WindowSums(static_cast<int64_t>(rows.size()), static_cast<int64_t>(estimates.size()));
  }
};

inline WindowTables tables_of(const std::vector<Window>& windows, int64_t base) {
  WindowTables made;
  for (const Window& window : windows) {
    const int64_t estimates = static_cast<int64_t>(window.estimates.size());
    made.windows.push_back({window.rows(), window.history, 0, 0, estimates});
    made.longest = std::max(made.longest, window.rows());
    made.most_estimates = std::max(made.most_estimates, estimates);
    for (const Estimate& estimate : window.estimates) {
      made.estimates.push_back({address_of(estimate.x, base), address_of(estimate.before, base),
                                address_of(estimate.after, base), address_of(estimate.output, base), estimate.of_state,
                                estimate.of_other, estimate.share});
    }
    for (size_t i = 0; i < window.x.size(); ++i) {
      ParafluxWindowRow row;
      row.x = address_of(window.x[i], base);
      row.residual = address_of(window.residuals[i], base);
      row.map = address_of(window.maps[i], base);
      row.parent = window.parents[i];
      row.factor = window.factors[i];
      row.drop = window.drops[i];
      row.drop_factor = window.drop_factors[i];
      for (size_t c = 0; c < PARAFLUX_MAX_HISTORY; ++c) {
        row.olds[c] = address_of(window.olds[i * PARAFLUX_MAX_HISTORY + c], base);
      }
      row.right = combination_of(window.terms, i, base);
      made.rows.push_back(row);
    }
  }
  return made;
}

struct Quantile {
  int64_t row;
  double share;
};

inline std::vector<ParafluxQuantile> quantiles_of(const std::vector<Quantile>& quantiles, int64_t base) {
  std::vector<ParafluxQuantile> made;
  for (const Quantile& quantile : quantiles) {
    made.push_back({address_of(quantile.row, base), quantile.share});
  }
  return made;
}
