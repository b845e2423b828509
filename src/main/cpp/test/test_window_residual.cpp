#include <limits>

#include "test/check.h"
#include "test/target.h"

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

const char* name(Kind kind) {
  constexpr const char* kNames[] = {"chain", "Heun", "mixed", "Picard", "free"};
  return kNames[static_cast<size_t>(kind)];
}

}  // namespace

#define CASE                                                                                                  \
  "%s, rows %lld, dim %lld, order %lld, history %d", name(kind), static_cast<long long>(given.window.rows()), \
      static_cast<long long>(dim), static_cast<long long>(order), given.window.history

TEST("a window gives the bits of the plain double loop, its sums in the header's order, and touches nothing else") {
  for_each_window([](WindowCase given, int64_t dim, int64_t order, Kind kind) {
    Arena expected = given.arena;
    WindowSums expected_sums(given.window.rows());
    expected_window(given, dim, expected, expected_sums);
    const WindowSums sums = target().window(given.arena, dim, given.window);
    CHECK(given.arena == expected, CASE);
    CHECK(sums == expected_sums, CASE);
  });
}

TEST("every target gives the bits of the host's baseline") {
  for_each_window([](WindowCase given, int64_t dim, int64_t order, Kind kind) {
    Arena baseline = given.arena;
    const WindowSums baseline_sums = make_baseline()->window(baseline, dim, given.window);
    const WindowSums sums = target().window(given.arena, dim, given.window);
    CHECK(given.arena == baseline && sums == baseline_sums, CASE);
  });
}

TEST("residual and map are equation (3), unrolled along the parents, to one rounding") {
  for_each_window([](WindowCase given, int64_t dim, int64_t order, Kind kind) {
    if (kind == Kind::kFree) {
      return;
    }
    const WindowCase before = given;
    const Window& window = given.window;
    target().window(given.arena, dim, window);
    for (int64_t e = 0; e < dim; e += std::max<int64_t>(1, dim / 5)) {
      std::vector<long double> magnitudes;
      for (size_t i = 0; i < static_cast<size_t>(window.rows()); ++i) {
        const long double map = unrolled_map(before, static_cast<int64_t>(i), order, e);
        const long double residual = map - static_cast<long double>(before.arena.at(window.x[i] + e));
        magnitudes.push_back(32);  // of a right side's terms
        if (window.parents[i] >= 0) {
          magnitudes[i] += magnitudes[static_cast<size_t>(window.parents[i])] * std::fabs(window.coefficient(i, 0));
        }
        const long double allowed = 1e-14L * magnitudes[i];
        const long double error = static_cast<long double>(given.arena.at(window.residuals[i] + e)) - residual;
        CHECK(std::fabs(error) <= 6.0e-8L * std::fabs(residual) + allowed, CASE);
        if (window.maps[i] != kNoRow) {
          const long double map_error = static_cast<long double>(given.arena.at(window.maps[i] + e)) - map;
          CHECK(std::fabs(map_error) <= 6.0e-8L * std::fabs(map) + allowed, CASE);
        }
      }
    }
  });
}

TEST("without parents and drops a map is an update's result to the bit") {
  for (const int64_t dim : {1, 33, 257, 1000}) {
    WindowCase given = random_window(Kind::kChain, 33, dim, kMixedTerms, 1, 0, true);
    std::fill(given.window.parents.begin(), given.window.parents.end(), -1);
    std::fill(given.window.drops.begin(), given.window.drops.end(), -1);
    for (int64_t& map : given.window.maps) {
      map = given.arena.add_row(dim);
    }
    // A map of minus zeros: one term, a zero and a negative coefficient.
    for (int64_t e = 0; e < dim; ++e) {
      given.arena.at(given.window.terms.inputs[0] + e) = -0.0F;
    }
    Arena updated = given.arena;
    Terms terms = given.window.terms;
    terms.out = given.window.maps;
    target().update(updated, dim, terms);
    target().window(given.arena, dim, given.window);
    for (const int64_t map : given.window.maps) {
      CHECK(std::memcmp(&given.arena.at(map), &updated.at(map), static_cast<size_t>(dim) * sizeof(float)) == 0,
            "dim %lld", static_cast<long long>(dim));
    }
    CHECK(std::signbit(given.arena.at(given.window.maps[0])), "minus zero");
  }
}

TEST("a parent dropped at once is as good as none") {
  WindowCase given = random_window(Kind::kChain, 33, 300, kMixedTerms, 1, 8, false);
  WindowCase without = given;
  std::fill(without.window.parents.begin(), without.window.parents.end(), -1);
  std::fill(without.window.drops.begin(), without.window.drops.end(), -1);
  const WindowSums sums = target().window(given.arena, 300, given.window);
  const WindowSums plain = target().window(without.arena, 300, without.window);
  CHECK(given.arena == without.arena && sums == plain, "33 rows");
}

TEST("windows of one call give the bits that each gives alone, whatever their sizes and histories") {
  for (const int64_t dim : {1, 37, 256, 784}) {
    for (const bool odd : {false, true}) {
      WindowCase all;
      std::vector<Window> windows;
      std::vector<WindowCase> alone;
      int32_t turn = 0;
      for (const int64_t rows : {3, 0, 33, 1, 0, 120, 2}) {
        const Kind kind = kKinds[turn % 5];
        const WindowCase one = random_window(kind, rows, dim, kMixedTerms, 1 + turn * 3, turn % 9, odd);
        ++turn;
        alone.push_back(one);
        windows.push_back(moved(one, all.arena));
      }
      const WindowSums sums = target().windows(all.arena, dim, windows);
      size_t first = 0, place = 16;
      for (WindowCase& one : alone) {
        const WindowSums expected = target().window(one.arena, dim, one.window);
        const size_t rows = one.window.x.size(), history = PARAFLUX_MAX_HISTORY;
        CHECK(rows == 0 || (std::memcmp(&sums.squares[first], expected.squares.data(), rows * sizeof(double)) == 0 &&
                            std::memcmp(&sums.dots[first * history], expected.dots.data(),
                                        rows * history * sizeof(double)) == 0),
              "dim %lld, window from row %zu", static_cast<long long>(dim), first);
        CHECK(std::memcmp(&all.arena.at(static_cast<int64_t>(place)), one.arena.data() + 16,
                          static_cast<size_t>(one.arena.size() - 16) * sizeof(float)) == 0,
              "dim %lld, window from row %zu", static_cast<long long>(dim), first);
        first += rows;
        place += static_cast<size_t>(one.arena.size() - 16);
      }
    }
  }
}

TEST("a chain longer than one launch takes goes on where it was") {
  WindowCase given = random_window(Kind::kHeun, 300, 40, kMixedTerms, 90, 8, true);
  Arena expected = given.arena;
  WindowSums expected_sums(300);
  expected_window(given, 40, expected, expected_sums);
  const WindowSums sums = target().window(given.arena, 40, given.window);
  CHECK(given.arena == expected && sums == expected_sums, "300 rows");
}

TEST("windows that a device takes more or fewer rows of at once give the bits of the host's baseline") {
  // Tiles of a row, by which a block is tall, upright or flat; rows that fill its batches, and some more.
  for (const int64_t tiles : {1, 16, 17, 66, 67}) {
    const int64_t dim = tiles * 256 - (tiles % 2 == 0 ? 0 : 37), rows = tiles < 17 ? 140 : 37;
    for (const Kind kind : {Kind::kMixed, Kind::kFree}) {
      WindowCase given =
          random_window(kind, quick() && tiles > 1 ? rows / 2 + 20 : rows, dim, 2, 11, 3, tiles % 2 == 0);
      Arena baseline = given.arena;
      const WindowSums expected = make_baseline()->window(baseline, dim, given.window);
      const WindowSums sums = target().window(given.arena, dim, given.window);
      CHECK(given.arena == baseline && sums == expected, "%s, dim %lld", name(kind), static_cast<long long>(dim));
    }
  }
}

TEST("windows of many tiles, which a device sums in another way, give the bits of the host's baseline") {
  for (const int64_t dim : {131072 + 5, 100000}) {
    WindowCase given = random_window(Kind::kMixed, quick() ? 7 : 40, dim, 2, 4, 3, true);
    WindowCase other = random_window(Kind::kChain, 3, dim, 1, 1, 8, false);
    const std::vector<Window> windows = {given.window, moved(other, given.arena)};
    Arena baseline = given.arena;
    const WindowSums expected = make_baseline()->windows(baseline, dim, windows);
    const WindowSums sums = target().windows(given.arena, dim, windows);
    CHECK(given.arena == baseline && sums == expected, "dim %lld", static_cast<long long>(dim));
  }
}

TEST("every number of terms meets every kind of link") {
  for (int64_t terms = 1; terms <= PARAFLUX_MAX_TERMS; ++terms) {
    for (const Kind kind : kKinds) {
      WindowCase given = random_window(kind, 12, 600, terms, 3, 3, false);
      Arena expected = given.arena;
      WindowSums expected_sums(12);
      expected_window(given, 600, expected, expected_sums);
      const WindowSums sums = target().window(given.arena, 600, given.window);
      CHECK(given.arena == expected && sums == expected_sums, "%s, %lld terms", name(kind),
            static_cast<long long>(terms));
    }
  }
}

TEST("a value that is not finite reaches its element in its own row and the rows after it, and no other") {
  for (const float poison : {kInfinity, -kInfinity, std::numeric_limits<float>::quiet_NaN()}) {
    for (const int64_t place : {0, 5, 255, 299}) {
      WindowCase given = random_window(Kind::kChain, 6, 300, 1, 6, 1, false);
      const Window& window = given.window;
      given.arena.at(window.x[2] + place) = poison;
      const WindowSums sums = target().window(given.arena, 300, window);
      for (size_t i = 0; i < 6; ++i) {
        for (int64_t e = 0; e < 300; ++e) {
          CHECK(std::isfinite(given.arena.at(window.residuals[i] + e)) == (i < 2 || e != place),
                "row %zu, element %lld", i, static_cast<long long>(e));
        }
        CHECK(std::isfinite(sums.dots[i * PARAFLUX_MAX_HISTORY]) == (i < 2), "row %zu", i);
        CHECK(std::isfinite(sums.squares[i]) == (i != 2 && i != 3), "row %zu", i);
      }
    }
  }
}
