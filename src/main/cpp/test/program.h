// Programs of rows as tests write them, with places for addresses (arena.h).
#pragma once

#include "paraflux/row_program.h"
#include "test/arena.h"

struct ProgramRow {
  int64_t kind = 0;  // but for the number of terms
  int64_t out = -1;
  std::vector<int64_t> inputs;
  std::vector<double> coefficients;
  int64_t before = -1;
  double seen_low = 1, seen_high = 0;  // poison where nothing is compared
  int64_t mask = -1;
  int64_t known = -1;
  double low = 1, high = 0, divisor = 0;  // poison where nothing is clamped
};

using Program = std::vector<ProgramRow>;

// A row for every row of a table, each of a kind.
inline Program program_of(const Terms& terms, int64_t kind) {
  Program program;
  for (size_t r = 0; r < terms.counts.size(); ++r) {
    const auto first = static_cast<std::ptrdiff_t>(r * PARAFLUX_MAX_TERMS), last = first + terms.counts[r];
    ProgramRow row;
    row.kind = kind;
    row.out = (kind & PARAFLUX_ROW_STORE) != 0 ? terms.out[r] : -1;
    row.inputs.assign(terms.inputs.begin() + first, terms.inputs.begin() + last);
    row.coefficients.assign(terms.coefficients.begin() + first, terms.coefficients.begin() + last);
    program.push_back(row);
  }
  return program;
}

inline bool has_sum(const ProgramRow& row) {
  return (row.kind & (PARAFLUX_ROW_SQUARES | PARAFLUX_ROW_TOTAL | PARAFLUX_ROW_COMPARE)) != 0;
}
