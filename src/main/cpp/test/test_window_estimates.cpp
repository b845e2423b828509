#include <limits>

#include "test/check.h"
#include "test/estimates.h"
#include "test/target.h"

namespace {

// Calls body(case, dim) over a grid of sizes and distances of nodes.
template <typename Body>
void for_each_estimated(Body body) {
  int32_t made = 0;
  for (const int64_t dim : {1, 31, 33, 256, 257, 784, 1000}) {
    for (const int64_t rows : {0, 1, 2, 7, 33, 150}) {
      if ((rows > 33 && dim > 257) || (quick() && rows * dim > 3000)) {
        continue;
      }
      for (const int64_t apart : {1, 2, 5, 1000}) {
        const Kind kind = kKinds[made % 5];
        const bool odd = made % 3 == 0;
        body(
            random_estimates(random_window(kind, rows, dim, kMixedTerms, 1 + made % 7, made % 9, odd), dim, apart, odd),
            dim);
        ++made;
      }
    }
  }
}

struct Expected {
  Arena arena;
  WindowSums sums;
};

Expected expected(const WindowCase& given, int64_t dim) {
  Expected made = {given.arena, WindowSums(given.window.rows(), static_cast<int64_t>(given.window.estimates.size()))};
  const WindowCase resolved = expected_estimates(given, dim, made.arena, made.sums);
  expected_window(resolved, dim, made.arena, made.sums);
  return made;
}

}  // namespace

#define CASE                                                                                                      \
  "rows %lld, dim %lld, estimates %zu", static_cast<long long>(given.window.rows()), static_cast<long long>(dim), \
      given.window.estimates.size()

TEST("estimates and what rows make of them have the bits of the plain double loop, and nothing else is touched") {
  for_each_estimated([](WindowCase given, int64_t dim) {
    const Expected all = expected(given, dim);
    const WindowSums sums = target().window(given.arena, dim, given.window);
    CHECK(given.arena == all.arena, CASE);
    CHECK(sums == all.sums, CASE);
  });
}

TEST("every target gives the bits of the host's baseline for estimates") {
  for_each_estimated([](WindowCase given, int64_t dim) {
    Arena baseline = given.arena;
    const WindowSums baseline_sums = make_baseline()->window(baseline, dim, given.window);
    const WindowSums sums = target().window(given.arena, dim, given.window);
    CHECK(given.arena == baseline && sums == baseline_sums, CASE);
  });
}

TEST("windows with and without estimates give in one call the bits that each gives alone") {
  for (const int64_t dim : {37, 300}) {
    WindowCase all;
    std::vector<Window> windows;
    Arena arena;
    std::vector<double> squares, dots, increments;
    int32_t turn = 0;
    for (const int64_t rows : {3, 0, 33, 1, 120, 2}) {
      WindowCase one = random_window(kKinds[turn % 5], rows, dim, kMixedTerms, 1 + turn, 1 + turn % 3, turn % 2 == 0);
      if (turn % 3 != 2) {
        one = random_estimates(one, dim, 1 + turn, turn % 2 == 0);
      }
      ++turn;
      windows.push_back(moved(one, all.arena));
      const WindowSums sums = target().window(one.arena, dim, one.window);
      arena.append(one.arena);
      squares.insert(squares.end(), sums.squares.begin(), sums.squares.end());
      dots.insert(dots.end(), sums.dots.begin(), sums.dots.end());
      increments.insert(increments.end(), sums.increments.begin(), sums.increments.end());
    }
    const WindowSums sums = target().windows(all.arena, dim, windows);
    CHECK(all.arena == arena, "dim %lld", static_cast<long long>(dim));
    CHECK(same_bits(sums.squares, squares) && same_bits(sums.dots, dots) && same_bits(sums.increments, increments),
          "dim %lld", static_cast<long long>(dim));
  }
}

TEST("more estimates than one launch takes, and nodes that lie further apart than that") {
  for (const int64_t apart : {3, 1000000}) {
    WindowCase given = random_estimates(random_window(Kind::kHeun, 1200, 40, 3, 20, 3, true), 40, apart, true);
    const int64_t dim = 40;
    const Expected all = expected(given, dim);
    const WindowSums sums = target().window(given.arena, dim, given.window);
    CHECK(given.arena == all.arena && sums == all.sums, CASE);
  }
}

TEST("where every row is a node, rows have the bits of a window without estimates") {
  const int64_t dim = 300;
  WindowCase given = random_estimates(random_window(Kind::kChain, 12, dim, 3, 3, 2, false), dim, 1, false);
  WindowCase without = given;
  for (int64_t& input : without.window.terms.inputs) {
    input = is_estimate(input) ? without.window.estimates[static_cast<size_t>(estimate_at(input))].output : input;
  }
  without.window.estimates.clear();
  const WindowSums sums = target().window(given.arena, dim, given.window);
  const WindowSums plain = target().window(without.arena, dim, without.window);
  CHECK(same_bits(sums.squares, plain.squares) && same_bits(sums.dots, plain.dots), "12 rows");
}

TEST("an output that is not finite reaches its element between its neighbours, and no other") {
  const float poison = std::numeric_limits<float>::quiet_NaN();
  const int64_t dim = 300;
  for (const int64_t place : {0, 5, 255, 299}) {
    WindowCase given = random_estimates(random_window(Kind::kChain, 9, dim, 2, 1, 1, false), dim, 1000, false);
    std::vector<Estimate>& estimates = given.window.estimates;
    std::mt19937_64 random(1);
    estimates[4].output = given.arena.add_random_row(dim, 0, random);
    estimates[7].output = given.arena.add_random_row(dim, 0, random);
    for (Estimate& estimate : estimates) {
      estimate.share = 0.5;
    }
    given.arena.at(estimates[4].output + place) = poison;
    const WindowSums sums = target().window(given.arena, dim, given.window);
    for (size_t g = 0; g < estimates.size(); ++g) {
      for (int64_t e = 0; e < dim; ++e) {
        const bool is_lost = e == place && g > 0 && g < 7;
        CHECK(std::isfinite(given.arena.at(estimates[g].after + e)) == !is_lost, "estimate %zu", g);
      }
    }
    CHECK(std::isnan(sums.increments[8]) && std::isfinite(sums.increments[14]) && std::isnan(sums.increments[15]),
          "sums");
  }
}
