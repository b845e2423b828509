// The sizes that every kernel is tested with, and tables of random rows.
#pragma once

#include <algorithm>

#include "test/arena.h"

// Around every width that a vector, a lane group or a chunk has.
constexpr int64_t kDims[] = {1, 2, 3, 7, 15, 16, 17, 255, 256, 257, 784, 4095, 4096, 4097, 8191, 16384, 65537};
constexpr int64_t kQuickDims[] = {1, 3, 17, 257, 4097};
constexpr int64_t kRows[] = {0, 1, 2, 7, 33, 200};
constexpr int64_t kMixedTerms = 0;  // row r has r % 8 + 1 terms

// Whether few sizes are enough, because each takes long: where a fiber is a thread, or a tool watches the device.
bool quick();

inline std::vector<int64_t> dims() {
  return quick() ? std::vector<int64_t>(std::begin(kQuickDims), std::end(kQuickDims))
                 : std::vector<int64_t>(std::begin(kDims), std::end(kDims));
}

struct Case {
  Arena arena;
  Terms terms;
};

// Rows of random combinations of a pool of rows. With `odd`, rows begin at odd float offsets.
inline Case random_case(int64_t rows, int64_t dim, int64_t term_count, bool odd) {
  Case made;
  std::mt19937_64 random(static_cast<uint64_t>(rows * 1000003 + dim * 31 + term_count * 2 + (odd ? 1 : 0)));
  std::vector<int64_t> pool;
  for (int64_t i = 0; i < PARAFLUX_MAX_TERMS + 3; ++i) {
    pool.push_back(made.arena.add_random_row(dim, odd ? 1 + i % 3 * 2 : 0, random));
  }
  std::uniform_real_distribution<double> coefficient(-2, 2);
  for (int64_t r = 0; r < rows; ++r) {
    const int64_t count = term_count == kMixedTerms ? r % PARAFLUX_MAX_TERMS + 1 : term_count;
    std::vector<double> coefficients;
    for (int64_t k = 0; k < count; ++k) {
      coefficients.push_back(coefficient(random));
    }
    std::shuffle(pool.begin(), pool.end(), random);
    made.terms.add(made.arena.add_row(dim, odd ? 3 : 0), {pool.begin(), pool.begin() + count}, coefficients);
  }
  return made;
}

// Calls body(case, dim) over the grid of sizes; the many rows only at small dims, so that the grid stays quick.
template <typename Body>
void for_each_case(Body body) {
  for (const int64_t dim : dims()) {
    for (const int64_t rows : kRows) {
      if (rows > 33 && dim > 300) {
        continue;
      }
      if (quick() && rows > 7 && dim > 17) {
        continue;
      }
      const int64_t last = rows <= 2 ? PARAFLUX_MAX_TERMS : kMixedTerms;
      for (int64_t term_count = kMixedTerms; term_count <= last; ++term_count) {
        for (const bool odd : {false, true}) {
          body(random_case(rows, dim, term_count, odd), dim);
        }
      }
    }
  }
}

// Literally common.h: the combination of table row r at element e.
inline double combination(const Case& from, int64_t r, int64_t e) {
  double sum = 0;
  for (int64_t k = 0; k < from.terms.counts[static_cast<size_t>(r)]; ++k) {
    const size_t entry = static_cast<size_t>(r * PARAFLUX_MAX_TERMS + k);
    const double product =
        from.terms.coefficients[entry] * static_cast<double>(from.arena.at(from.terms.inputs[entry] + e));
    sum = k == 0 ? product : sum + product;
  }
  return sum;
}

// Literally the order of row_program.h: the sum of summand(e) over a row.
template <typename Summand>
double sum_in_order(int64_t dim, Summand summand) {
  double sum = 0;
  for (int64_t chunk = 0; chunk < dim; chunk += 4096) {
    double lanes[256] = {};
    for (int64_t l = 0; l < 256; ++l) {
      for (int64_t e = chunk + l; e < std::min(dim, chunk + 4096); e += 256) {
        lanes[l] += summand(e);
      }
    }
    for (int64_t half = 128; half >= 1; half /= 2) {
      for (int64_t l = 0; l < half; ++l) {
        lanes[l] += lanes[l + half];
      }
    }
    sum += lanes[0];
  }
  return sum;
}
