// Windows of random rows, what the kernel must make of them, bit by bit, and what equation (3) says they mean.
#pragma once

#include <cmath>

#include "paraflux/window_residual.h"
#include "test/cases.h"

// What the model is taken to predict at a row, with places for addresses.
struct Estimate {
  int64_t x = kNoRow;
  int64_t before = kNoRow;
  int64_t after = kNoRow;
  int64_t output = kNoRow;
  double of_state = 0, of_other = 0;
  double share = 0;

  bool is_node() const { return output != kNoRow; }
};

// The tables of window_residual, with places for addresses. The outputs of `terms` are not used; an input that is
// estimate_place(g) is the output of an estimate.
struct Window {
  std::vector<Estimate> estimates;
  Terms terms;
  std::vector<int64_t> x;
  std::vector<int32_t> parents;
  std::vector<double> factors;
  std::vector<int32_t> drops;
  std::vector<double> drop_factors;
  std::vector<int64_t> residuals;
  std::vector<int64_t> maps;
  int32_t history = 0;
  std::vector<int64_t> olds;

  int64_t rows() const { return terms.rows(); }
  double coefficient(size_t i, size_t k) const { return terms.coefficients[i * PARAFLUX_MAX_TERMS + k]; }
  int64_t input(size_t i, size_t k) const { return terms.inputs[i * PARAFLUX_MAX_TERMS + k]; }
};

struct WindowSums {
  std::vector<double> squares;
  std::vector<double> dots;
  std::vector<double> increments;

  explicit WindowSums(int64_t rows, int64_t estimates = 0)
      : squares(static_cast<size_t>(rows), kUntouched),
        dots(static_cast<size_t>(rows) * PARAFLUX_MAX_HISTORY, kUntouched),
        increments(static_cast<size_t>(estimates) * 2, kUntouched) {}

  bool operator==(const WindowSums& other) const {
    return same_bits(squares, other.squares) && same_bits(dots, other.dots) && same_bits(increments, other.increments);
  }
};

struct WindowCase {
  Arena arena;
  Window window;
};

// The window with its rows behind all others of an arena.
inline Window moved(const WindowCase& one, Arena& arena) {
  const int64_t by = arena.append(one.arena);
  Window window = one.window;
  for (std::vector<int64_t>* places :
       {&window.terms.inputs, &window.x, &window.residuals, &window.maps, &window.olds}) {
    for (int64_t& place : *places) {
      place += place < 0 ? 0 : by;
    }
  }
  for (Estimate& estimate : window.estimates) {
    for (int64_t* place : {&estimate.x, &estimate.before, &estimate.after, &estimate.output}) {
      *place += *place < 0 ? 0 : by;
    }
  }
  return window;
}

// How rows hang together.
enum class Kind {
  kChain,   // every row's parent is the row before
  kHeun,    // a stage row and a full row a step: the full row's parent is two rows up
  kMixed,   // now this, now that, and new beginnings
  kPicard,  // a chain with coefficients 1
  kFree     // parents and drops that have nothing to do with each other
};
constexpr Kind kKinds[] = {Kind::kChain, Kind::kHeun, Kind::kMixed, Kind::kPicard, Kind::kFree};

inline int32_t parent_of(Kind kind, int32_t i, std::mt19937_64& random) {
  switch (kind) {
    case Kind::kHeun:
      return i < 2 ? i - 1 : i % 2 == 0 ? i - 1 : i - 2;
    case Kind::kMixed:
    case Kind::kFree:
      return std::max(-1, random() % 6 == 0 ? -1 : i - 1 - static_cast<int32_t>(random() % 3));
    default:
      return i - 1;
  }
}

// A window of a true system: a row's first term is its parent's value, whose coefficient is the factor handed on, and
// the drop is the row `order` steps up. Missing maps and olds are sprinkled in.
inline WindowCase random_window(Kind kind, int64_t rows, int64_t dim, int64_t term_count, int64_t order,
                                int32_t history, bool odd) {
  WindowCase made;
  Window& window = made.window;
  std::mt19937_64 random(static_cast<uint64_t>(rows * 1000003 + dim * 31 + term_count * 7 + order * 100 + history) * 2 +
                         (odd ? 1 : 0));
  std::uniform_real_distribution<double> near_one(0.9, 1.1), coefficient(-1, 1);
  const auto shift = [&] { return odd ? static_cast<int64_t>(random() % 8) : 0; };
  std::vector<int64_t> pool;
  for (int64_t i = 0; i < PARAFLUX_MAX_TERMS + 3; ++i) {
    pool.push_back(made.arena.add_random_row(dim, shift(), random));
  }
  const auto any = [&] { return pool[random() % pool.size()]; };
  window.history = history;
  for (int32_t i = 0; i < rows; ++i) {
    const size_t row = static_cast<size_t>(i);
    window.x.push_back(made.arena.add_random_row(dim, shift(), random));
    window.residuals.push_back(made.arena.add_row(dim, shift()));
    window.maps.push_back(random() % 5 == 0 ? kNoRow : made.arena.add_row(dim, shift()));
    const int32_t parent = parent_of(kind, i, random);
    window.parents.push_back(parent);
    std::vector<int64_t> inputs = {parent < 0 ? any() : window.x[static_cast<size_t>(parent)]};
    std::vector<double> coefficients = {kind == Kind::kPicard ? 1 : near_one(random)};
    const int64_t count = term_count == kMixedTerms ? i % PARAFLUX_MAX_TERMS + 1 : term_count;
    while (static_cast<int64_t>(inputs.size()) < count) {
      inputs.push_back(any());
      coefficients.push_back(coefficient(random));
    }
    window.terms.add(-1, inputs, coefficients);
    // Without a parent or drop, the factor is poison.
    window.factors.push_back(parent < 0 ? 1e300 : coefficients[0]);
    int32_t drop = i;
    double product = 1;
    for (int64_t step = 0; step < order && drop >= 0; ++step) {
      product *= window.coefficient(static_cast<size_t>(drop), 0);
      drop = window.parents[static_cast<size_t>(drop)];
    }
    if (kind == Kind::kFree) {
      drop = static_cast<int32_t>(random() % (row + 1)) - 1;
    }
    window.drops.push_back(drop);
    window.drop_factors.push_back(drop < 0 ? 1e300 : product);
    for (int32_t c = 0; c < PARAFLUX_MAX_HISTORY; ++c) {
      window.olds.push_back(c == 0 || c >= history ? -1 : random() % 4 == 0 ? kNoRow : any());
    }
  }
  return made;
}

// Calls body(case, dim, order, kind) over the grid of sizes; the many rows only at small dims.
template <typename Body>
void for_each_window(Body body) {
  size_t made = 0;
  for (const int64_t dim : {1, 2, 3, 31, 32, 33, 255, 256, 257, 784, 1000}) {
    for (const int64_t rows : {0, 1, 2, 7, 33, 100}) {
      if (rows > 33 && dim > 33 && dim != 257) {
        continue;
      }
      if (quick() && (dim == 2 || dim == 32 || dim == 255 || dim == 784 || (rows > 7 && dim > 33))) {
        continue;
      }
      for (const Kind kind : kKinds) {
        for (const int64_t order : {int64_t{1}, int64_t{2}, int64_t{4}, int64_t{20}, std::max<int64_t>(rows, 1)}) {
          constexpr int32_t kHistories[] = {0, 1, 2, 3, 8};
          const int64_t terms = rows > 2 ? kMixedTerms : static_cast<int64_t>(made % PARAFLUX_MAX_TERMS + 1);
          const WindowCase given =
              random_window(kind, rows, dim, terms, order, kHistories[made % 5], made / 5 % 2 == 0);
          body(given, dim, order, kind);
          made += made % 13 == 0 ? 2 : 1;  // so that no loop keeps step with the histories
        }
      }
    }
  }
}

// Literally the order of window_residual.h.
template <typename Product>
double sum_of_tiles(int64_t dim, Product product) {
  double sum = 0;
  for (int64_t tile = 0; tile < dim; tile += 256) {
    double lanes[32] = {};
    for (int64_t l = 0; l < 32; ++l) {
      for (int64_t e = tile + l; e < std::min(dim, tile + 256); e += 32) {
        lanes[l] += product(e);
      }
    }
    for (int64_t half = 16; half >= 1; half /= 2) {
      for (int64_t l = 0; l < half; ++l) {
        lanes[l] += lanes[l + half];
      }
    }
    sum += lanes[0];
  }
  return sum;
}

// Row i's right side at element e, `Real` being double for the kernel's bits.
template <typename Real>
Real right_side(const WindowCase& given, size_t i, int64_t e) {
  const Window& window = given.window;
  Real sum = 0;
  for (size_t k = 0; k < static_cast<size_t>(window.terms.counts[i]); ++k) {
    const Real product =
        static_cast<Real>(window.coefficient(i, k)) * static_cast<Real>(given.arena.at(window.input(i, k) + e));
    sum = k == 0 ? product : sum + product;
  }
  return sum;
}

// Literally window_residual.h.
inline void expected_window(const WindowCase& given, int64_t dim, Arena& arena, WindowSums& sums) {
  const Window& window = given.window;
  std::vector<std::vector<double>> first_order, unrolled;
  for (size_t i = 0; i < static_cast<size_t>(window.rows()); ++i) {
    first_order.emplace_back(static_cast<size_t>(dim));
    unrolled.emplace_back(static_cast<size_t>(dim));
    for (int64_t e = 0; e < dim; ++e) {
      const size_t at = static_cast<size_t>(e);
      const double right = right_side<double>(given, i, e);
      const double r = right - static_cast<double>(given.arena.at(window.x[i] + e));
      double brought = -0.0;
      if (window.parents[i] >= 0) {
        brought = window.factors[i] * unrolled[static_cast<size_t>(window.parents[i])][at];
      }
      if (window.drops[i] >= 0) {
        brought -= window.drop_factors[i] * first_order[static_cast<size_t>(window.drops[i])][at];
      }
      first_order[i][at] = r;
      unrolled[i][at] = r + brought;
      arena.at(window.residuals[i] + e) = static_cast<float>(r + brought);
      if (window.maps[i] != kNoRow) {
        arena.at(window.maps[i] + e) = static_cast<float>(right + brought);
      }
    }
    const auto residual = [&](int64_t e) { return static_cast<double>(arena.at(window.residuals[i] + e)); };
    sums.squares[i] = sum_of_tiles(dim, [&](int64_t e) {
      return first_order[i][static_cast<size_t>(e)] * first_order[i][static_cast<size_t>(e)];
    });
    for (size_t c = 0; c < static_cast<size_t>(window.history); ++c) {
      const size_t entry = i * PARAFLUX_MAX_HISTORY + c;
      const int64_t old = c == 0 ? window.residuals[i] : window.olds[entry];
      sums.dots[entry] = old == kNoRow ? 0 : sum_of_tiles(dim, [&](int64_t e) {
        return residual(e) * static_cast<double>(arena.at(old + e));
      });
    }
  }
}

// Literally equation (3): from `order` rows up, or from the last that the window has, down to row i, every row's right
// side with its parent's new value in the place of the old one.
inline long double unrolled_map(const WindowCase& given, int64_t i, int64_t order, int64_t e) {
  const Window& window = given.window;
  std::vector<size_t> path = {static_cast<size_t>(i)};
  while (static_cast<int64_t>(path.size()) < order && window.parents[path.back()] >= 0) {
    path.push_back(static_cast<size_t>(window.parents[path.back()]));
  }
  long double value = right_side<long double>(given, path.back(), e);
  for (size_t step = path.size() - 1; step-- > 0;) {
    const size_t row = path[step];
    const long double old = static_cast<long double>(given.arena.at(window.input(row, 0) + e));
    value =
        right_side<long double>(given, row, e) + static_cast<long double>(window.coefficient(row, 0)) * (value - old);
  }
  return value;
}
